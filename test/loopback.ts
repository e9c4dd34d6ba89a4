import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'

/** Starts a server on a free port of 127.0.0.1. Returns its origin. */
export const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Closes a server and all its connections. */
export const closeServer = async (server: HttpServer): Promise<void> => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}
