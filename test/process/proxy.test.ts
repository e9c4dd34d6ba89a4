import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request as forward } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../loopback.ts'
import { useServices } from '../services.ts'

const services = useServices()
const HOST = 'neon.example'

/** Starts a TLS server for `neon.example` that forwards everything to Local Neon. */
const startTlsFront = async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: HOST }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
  })
  const ca = join(mkdtempSync(join(tmpdir(), 'ca-')), 'ca.pem')
  writeFileSync(ca, cert)
  const server = createTlsServer({ key, cert }, (request, response) => {
    const { method, headers, url } = request
    const onward = forward(`${services.neon.origin}${url}`, { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(response)
    })
    request.pipe(onward)
  })
  return { server, origin: await listen(server), ca }
}

/** Starts a corporate forward proxy, which opens CONNECT tunnels and records what clients send. */
const startProxy = async (tlsOrigin: string) => {
  const requests: string[] = []
  const traffic: Buffer[] = []
  let refusal: number | undefined
  const server = createHttpServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  server.on('connect', (request, client) => {
    requests.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    if (refusal) return void client.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`)
    const tunnel = connect(Number(new URL(tlsOrigin).port), '127.0.0.1', () =>
      client.write('HTTP/1.1 200 OK\r\n\r\n'),
    )
    client.on('data', (chunk: Buffer) => void traffic.push(chunk))
    client.pipe(tunnel).pipe(client)
    for (const socket of [client, tunnel]) socket.on('error', () => tunnel.destroy())
  })
  const refuse = (status: number | undefined): void => {
    refusal = status
  }
  return { server, origin: await listen(server), requests, traffic, refuse }
}

let front: Awaited<ReturnType<typeof startTlsFront>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  front = await startTlsFront()
  proxy = await startProxy(front.origin)
})
afterAll(() => {
  for (const { server } of [front, proxy]) server.close()
  rmSync(dirname(front.ca), { recursive: true })
})

describe('a runner behind a proxy', () => {
  const run = (env: Record<string, string>, inputs = {}) => {
    proxy.requests.length = 0
    proxy.traffic.length = 0
    return services.run(
      'opened',
      { api_host: `https://${HOST}/api/v2`, timeout: '10', github_token: '', ...inputs },
      { env: { NODE_EXTRA_CA_CERTS: front.ca, ...env } },
    )
  }

  it('reaches the API through HTTPS_PROXY, and the proxy never sees the key', async () => {
    const { exitCode, log } = await run({ HTTPS_PROXY: proxy.origin })
    expect(exitCode, log).toBe(0)
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${HOST}:443`]))
    const traffic = Buffer.concat(proxy.traffic)
    expect(traffic.length).toBeGreaterThan(500)
    expect(traffic.includes(services.neon.apiKey)).toBe(false)
  })

  it('accepts a proxy without a scheme, as curl does', async () => {
    const { exitCode, log } = await run({ HTTPS_PROXY: new URL(proxy.origin).host })
    expect(exitCode, log).toBe(0)
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${HOST}:443`]))
  })

  it('names the variable for the certificate if the proxy inspects TLS, and does not retry', async () => {
    const { exitCode, annotations } = await run({
      HTTPS_PROXY: proxy.origin,
      NODE_EXTRA_CA_CERTS: '',
    })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/SELF_SIGNED_CERT[\s\S]*NODE_EXTRA_CA_CERTS/)
    expect(proxy.requests).toHaveLength(1)
  })

  it.each([
    [407, /user name and password[\s\S]*HTTPS_PROXY/],
    [403, /does not let this runner connect/],
  ])('explains a proxy that answers %i, and does not retry', async (status, message) => {
    proxy.refuse(status)
    const { exitCode, annotations } = await run({ HTTPS_PROXY: proxy.origin })
    proxy.refuse(undefined)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(message)
    expect(proxy.requests).toHaveLength(1)
  })

  it('explains that a SOCKS proxy is not supported', async () => {
    const { exitCode, annotations } = await run({ HTTPS_PROXY: 'socks5://127.0.0.1:1080' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/HTTPS_PROXY.*socks5[\s\S]*http:\/\/host:port/)
  })

  it('sends the proxy its own credentials', async () => {
    await run({ HTTPS_PROXY: proxy.origin.replace('//', '//ada:l%40ve@') })
    const token = Buffer.from('ada:l@ve').toString('base64')
    expect(proxy.requests[0]).toBe(`CONNECT ${HOST}:443 Basic ${token}`)
  })

  it('bypasses the proxy for a host in NO_PROXY, and names the variables if it cannot reach the host', async () => {
    const env = { HTTPS_PROXY: proxy.origin, NO_PROXY: HOST }
    const { exitCode, annotations } = await run(env, { timeout: '3' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/GET \/\S+ failed: [\s\S]*HTTPS_PROXY, NO_PROXY/)
    expect(proxy.requests).toEqual([])
  })

  it('never sends loopback requests, with their unencrypted key, through the proxy', async () => {
    const env = { HTTP_PROXY: proxy.origin }
    const { exitCode } = await run(env, { api_host: services.neon.apiHost })
    expect(exitCode).toBe(0)
    expect(proxy.requests).toEqual([])
  })
})
