import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import request from 'undici/lib/api/api-request.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProxyAgent } from '../../src/network/proxy-agent.ts'
import { closeServer, listen } from '../loopback.ts'
import { read } from './project.ts'

// network/ imports internal modules of undici. These tests check the behavior that it relies on.

const server = createServer(async (received: IncomingMessage, response) => {
  response
    .writeHead(201, { 'x-method': received.method })
    .end(`${received.url} ${await text(received)}`)
})
const tunnels: (string | undefined)[][] = []
// A proxy that opens no tunnel, and records its target and the credentials.
server.on('connect', ({ url, headers }: IncomingMessage, socket) => {
  tunnels.push([url, headers['proxy-authorization']])
  socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
})
let origin = ''

beforeAll(async () => {
  origin = await listen(server)
})
afterAll(() => closeServer(server))

describe("undici's internal modules", () => {
  test('are pinned to one exact version', () => {
    const { devDependencies } = JSON.parse(read('package.json'))
    expect(devDependencies.undici).toBe(
      JSON.parse(read('node_modules/undici/package.json')).version,
    )
  })

  test('send a request and return its status, headers, and body', async () => {
    const options = { origin, path: '/a?b=c', method: 'POST', body: 'text' } as const
    const { statusCode, headers, body } = await request.call(new Agent(), options)
    expect([statusCode, headers['x-method']]).toEqual([201, 'POST'])
    expect(await body.text()).toBe('/a?b=c text')
  })

  test('reject a request whose signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('over'))
    const response = request.call(new Agent(), { origin, path: '/', method: 'GET', signal })
    await expect(response).rejects.toThrow('over')
  })

  test('request a tunnel from a proxy, with credentials', async () => {
    const proxy = new URL(origin.replace('//', '//me:secret@'))
    const response = request.call(createProxyAgent(proxy), {
      origin: 'https://neon.test',
      path: '/',
      method: 'GET',
    })
    await expect(response).rejects.toThrow('Proxy response (407)')
    expect(tunnels).toEqual([['neon.test:443', `Basic ${btoa('me:secret')}`]])
  })
})
