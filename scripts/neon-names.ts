import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request as forward } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { LocalNeon } from '../test/local-neon/local-neon.ts'

const API = 'console.neon.tech'
/** Neon gives each branch's auth service its own host, named after the branch's compute. */
const AUTH = 'neonauth.us-east-2.aws.neon.tech'

/** Neon's own host names, which lead to Local Neon in processes with this environment. */
interface NeonNames {
  /** The environment of the process: a proxy, and the certificate authority to trust. */
  readonly env: Record<string, string>
  close(): Promise<void>
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })

/** Replaces the auth service URLs in a response of Local Neon with Neon's. */
const withNeonUrls = (body: string, origin: string): string =>
  body.replaceAll(new RegExp(`${origin}/(ep-[a-z0-9-]+)/`, 'g'), `https://$1.${AUTH}/`)

/** Returns the path at Local Neon for a URL under Neon's names. */
const localPath = (host: string, url: string): string =>
  host.endsWith(`.${AUTH}`) ? `/${host.slice(0, -AUTH.length - 1)}${url}` : url

/** Starts the TLS server that forwards requests to Local Neon. */
const startTlsServer = async (
  neon: LocalNeon,
): Promise<{ server: Server; port: number; ca: string }> => {
  const names = [API, `*.${AUTH}`]
  const pems = await generate([{ name: 'commonName', value: API }], {
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
  })
  const server = createTlsServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    const { method, headers, url = '/' } = request
    const target = `${neon.origin}${localPath(headers.host ?? '', url)}`
    const upstream = forward(target, { method, headers }, async (upstreamResponse) => {
      const chunks: Buffer[] = []
      for await (const chunk of upstreamResponse) chunks.push(chunk)
      const body = Buffer.from(withNeonUrls(Buffer.concat(chunks).toString(), neon.origin))
      const { statusCode = 502, headers: upstreamHeaders } = upstreamResponse
      const { 'transfer-encoding': _, ...kept } = upstreamHeaders
      response.writeHead(statusCode, { ...kept, 'content-length': body.length })
      response.end(body)
    })
    upstream.on('error', () => response.destroy())
    request.pipe(upstream)
  })
  return { server, port: await listen(server), ca: pems.cert }
}

/** Starts a proxy that accepts only Neon's names and sends nothing outside this machine. */
const startProxy = async (tlsPort: number): Promise<{ server: Server; port: number }> => {
  const server = createHttpServer((_, response) => void response.writeHead(502).end())
  server.on('connect', (request, client) => {
    const host = request.url?.replace(/:443$/, '') ?? ''
    if (host !== API && !host.endsWith(`.${AUTH}`)) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const tunnel = connect(tlsPort, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    client.pipe(tunnel).pipe(client)
    const sockets = [client, tunnel]
    for (const socket of sockets)
      socket.on('error', () => {
        for (const either of sockets) either.destroy()
      })
  })
  return { server, port: await listen(server) }
}

/**
 * Serves Local Neon under Neon's own host names: `console.neon.tech` for the API, and
 * `ep-….neonauth.….aws.neon.tech` for each branch's auth service, over TLS with a temporary
 * certificate. Needs no DNS, because a proxy on loopback resolves these names.
 */
export const startNeonNames = async (neon: LocalNeon): Promise<NeonNames> => {
  const tls = await startTlsServer(neon)
  const proxy = await startProxy(tls.port)
  const folder = mkdtempSync(join(tmpdir(), 'neon-names-'))
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, tls.ca)
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: ca },
    close: async () => {
      await Promise.all([proxy.server, tls.server].map(stop))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
