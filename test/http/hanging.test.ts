import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunAborted, startDeadline } from '../../src/core/deadline.ts'
import type { Log } from '../../src/core/log.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createHttp } from '../../src/network/http.ts'

// A real server on loopback that never responds, because nock cannot leave a connection hanging.

const silent = (): void => {}
const log: Log = { debug: silent, info: silent, notice: silent, warning: silent }

const NEVER = new AbortController().signal

let server: Server
let asked = 0
const call = () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hang`
  return { method: 'GET', path: '/hang', url } as const
}

beforeEach(async () => {
  asked = 0
  server = createServer(() => {
    asked++
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

describe('one deadline covers everything: a connection that hangs', () => {
  it('counts as a lost response early enough to retry', async () => {
    const deadline = startDeadline(30, NEVER)
    const hanging = createHttp({ ...deadline, remaining: () => 2000 }, log).once(call())
    await expect(hanging).rejects.toBeInstanceOf(LostResponseError)
    await expect(hanging).rejects.toThrow('no response within 1 s')
    expect(deadline.signal.aborted).toBe(false)
    expect(asked).toBe(1)
    deadline.cancelPending()
  })

  it('has most of the time left if its work takes long', async () => {
    const deadline = startDeadline(30, NEVER)
    const http = createHttp({ ...deadline, remaining: () => 4000 }, log)
    await expect(http.once({ ...call(), takesLong: true })).rejects.toThrow(
      'no response within 3 s',
    )
    deadline.cancelPending()
  })

  it('ends at the deadline, and the error names the request', async () => {
    const hanging = createHttp(startDeadline(0.3, NEVER), log).retrying(call())
    await expect(hanging).rejects.toBeInstanceOf(RunAborted)
    await expect(hanging).rejects.toThrow(
      /timed out after 0\.3 seconds while waiting for GET \/hang/,
    )
  })

  it('ends at once if the run is canceled, and the error says so', async () => {
    const stop = new AbortController()
    const hanging = createHttp(startDeadline(30, stop.signal), log).retrying(call())
    stop.abort('SIGINT')
    await expect(hanging).rejects.toThrow(/canceled \(SIGINT\) while waiting for GET \/hang/)
  })

  it('ends with the run, even if time is left', async () => {
    const deadline = startDeadline(30, NEVER)
    const hanging = createHttp(deadline, log).once(call())
    deadline.cancelPending()
    await expect(hanging).rejects.toBeInstanceOf(RunAborted)
  })
})
