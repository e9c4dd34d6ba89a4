import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunAborted, startDeadline } from '../../src/core/deadline.ts'
import { registerSecret } from '../../src/core/secrets.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createHttp } from '../../src/network/http.ts'
import { SILENT_LOG } from '../fakes.ts'
import { closeServer, listen } from '../loopback.ts'

// Uses a real server on loopback, because nock cannot leave a connection hanging.

const NEVER = new AbortController().signal

let server: Server
let origin = ''
let received = 0
/** The statuses of the first responses. Later requests hang. */
let statuses: number[] = []
let onHang = (): void => {}
const requestToHang = () => ({ method: 'GET', path: '/hang', url: `${origin}/hang` }) as const

beforeEach(async () => {
  received = 0
  statuses = []
  onHang = () => {}
  server = createServer((_, response) => {
    const status = statuses[received]
    received++
    if (status) response.writeHead(status).end('{"message":"not with key-of-the-user"}')
    else onHang()
  })
  origin = await listen(server)
})

afterEach(() => closeServer(server))

describe('one deadline covers everything: a connection that hangs', () => {
  it('counts as a lost response while there is still time to retry', async () => {
    const deadline = startDeadline(30, NEVER)
    const hanging = createHttp({ ...deadline, remaining: () => 2000 }, SILENT_LOG).once(
      requestToHang(),
    )
    await expect(hanging).rejects.toBeInstanceOf(LostResponseError)
    await expect(hanging).rejects.toThrow('no response within 1 s')
    expect(deadline.signal.aborted).toBe(false)
    expect(received).toBe(1)
    deadline.cancelPending()
  })

  it('gets most of the remaining time if the request is marked as long-running', async () => {
    const deadline = startDeadline(30, NEVER)
    const http = createHttp({ ...deadline, remaining: () => 4000 }, SILENT_LOG)
    await expect(http.once({ ...requestToHang(), isLongRunning: true })).rejects.toThrow(
      'no response within 3 s',
    )
    deadline.cancelPending()
  })

  it('ends at the deadline, and the error names the request', async () => {
    const hanging = createHttp(startDeadline(0.3, NEVER), SILENT_LOG).retrying(requestToHang())
    await expect(hanging).rejects.toBeInstanceOf(RunAborted)
    await expect(hanging).rejects.toThrow(
      /timed out after 0\.3 seconds while waiting for GET \/hang/,
    )
  })

  it('ends at once if the run is canceled, and the error says so', async () => {
    const stop = new AbortController()
    const hanging = createHttp(startDeadline(30, stop.signal), SILENT_LOG).retrying(requestToHang())
    stop.abort('SIGINT')
    await expect(hanging).rejects.toThrow(/canceled \(SIGINT\) while waiting for GET \/hang/)
  })

  it('ends when the run is over, even before the deadline', async () => {
    const deadline = startDeadline(30, NEVER)
    const hanging = createHttp(deadline, SILENT_LOG).once(requestToHang())
    deadline.cancelPending()
    await expect(hanging).rejects.toBeInstanceOf(RunAborted)
  })
})

describe('one deadline covers everything: a run that ends while a request is repeated', () => {
  it.each([423, 429, 500, 503])('quotes the last response: %i', async (status) => {
    registerSecret('key-of-the-user')
    statuses = [502, status]
    const deadline = startDeadline(30, NEVER)
    onHang = deadline.cancelPending
    const request = createHttp(deadline, SILENT_LOG).retrying(requestToHang())
    const error: unknown = await request.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunAborted)
    expect((error as Error).message).toBe(
      `The run timed out after 30 seconds while waiting for GET /hang.
Last failure: GET /hang: the response was ${status}: {"message":"not with ***"}
Fix: run the job again, or increase \`timeout\` (seconds)`,
    )
    expect(received).toBe(3)
  })

  it('quotes the last response if it is canceled during the wait', async () => {
    statuses = [503]
    const stop = new AbortController()
    const request = createHttp(startDeadline(30, stop.signal), {
      ...SILENT_LOG,
      info: () => void setImmediate(() => stop.abort('SIGINT')),
    }).retrying(requestToHang())
    await expect(request).rejects.toThrow(
      /canceled \(SIGINT\) while waiting to retry GET \/hang\.\nLast failure: GET \/hang: the response was 503: /,
    )
  })

  it('quotes the last response if it ends while it checks whether to repeat the request', async () => {
    statuses = [503]
    const deadline = startDeadline(30, NEVER)
    const beforeAttempt = async (): Promise<void> => {
      if (received > 0) throw deadline.abortError('waiting for GET /branch')
    }
    const request = createHttp(deadline, SILENT_LOG).retrying({ ...requestToHang(), beforeAttempt })
    await expect(request).rejects.toThrow(
      /waiting for GET \/branch\.\nLast failure: GET \/hang: the response was 503: /,
    )
    deadline.cancelPending()
  })

  it('quotes no failure of an earlier request', async () => {
    statuses = [503, 200]
    const deadline = startDeadline(30, NEVER)
    onHang = deadline.cancelPending
    const http = createHttp(deadline, SILENT_LOG)
    expect(await http.retrying(requestToHang())).toMatchObject({ status: 200 })
    await expect(http.retrying(requestToHang())).rejects.toThrow(/waiting for GET \/hang\.\nFix: /)
  })
})
