import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'

/** An HTTPS server on one loopback port that serves several hosts. */
export interface HttpsServer {
  /** Returns the origin of one of its hosts. */
  origin(host: string): string
  close(): Promise<void>
}

/** Serves these hosts with a self-signed certificate. */
export const startHttpsServer = async (
  hosts: readonly string[],
  listener: RequestListener,
): Promise<HttpsServer> => {
  const altNames = hosts.map((value) => ({ type: 2 as const, value }))
  const pems = await generate([{ name: 'commonName', value: hosts[0] ?? '' }], {
    extensions: [{ name: 'subjectAltName', altNames }],
  })
  const server = createServer({ key: pems.private, cert: pems.cert }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: (host) => `https://${host}:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
