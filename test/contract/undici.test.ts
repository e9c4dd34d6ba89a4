import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import request from 'undici/lib/api/api-request.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProxyAgent } from '../../src/network/proxy-agent.ts'
import { read } from './project.ts'

// network/ imports modules of undici that are not public. These tests check what it relies on.

const server = createServer(async (call: IncomingMessage, response) => {
  response.writeHead(201, { 'x-method': call.method }).end(`${call.url} ${await text(call)}`)
})
// A proxy that opens no tunnel and records the credentials.
server.on('connect', (call: IncomingMessage, socket) => {
  const login = call.headers['proxy-authorization']
  socket.end(`HTTP/1.1 407 ${call.url} ${login}\r\n\r\n`)
})
let origin = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe("undici's inner modules", () => {
  test('are those of one exact version', () => {
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

  test('end a request that is aborted', async () => {
    const signal = AbortSignal.abort(new Error('over'))
    const sent = request.call(new Agent(), { origin, path: '/', method: 'GET', signal })
    await expect(sent).rejects.toThrow('over')
  })

  test('request a tunnel from a proxy, with credentials', async () => {
    const proxy = new URL(origin.replace('//', '//me:secret@'))
    const sent = request.call(createProxyAgent(proxy), {
      origin: 'https://neon.test',
      path: '/',
      method: 'GET',
    })
    await expect(sent).rejects.toThrow('Proxy response (407)')
  })
})
