import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createHttp } from '../../src/network/http.ts'

const tunnels: string[] = []
// This proxy opens no tunnel, so nothing reaches the network.
const proxy = createServer().on('connect', ({ url }, socket) => {
  tunnels.push(url ?? '')
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
})

beforeAll(() => new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done)))
beforeEach(() => {
  tunnels.length = 0
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  vi.stubEnv('NO_PROXY', '')
})
afterAll(() => proxy.close())

const silent = (): void => {}
const log = { debug: silent, info: silent, notice: silent, warning: silent }

describe('with a proxy', () => {
  it('sends every request through the proxy, and reports it as lost if the proxy opens no tunnel', async () => {
    const http = createHttp(startDeadline(10, new AbortController().signal), log)
    for (const host of ['console.example', 'auth.example']) {
      const request = { method: 'GET', url: `https://${host}/x`, path: '/x' } as const
      await expect(http.once(request)).rejects.toBeInstanceOf(LostResponseError)
    }
    expect(tunnels).toEqual(['console.example:443', 'auth.example:443'])
  })
})
