import { createServer, type Server, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createHttp } from '../../src/network/http.ts'
import type { HttpRequest } from '../../src/network/messages.ts'
import { sendOnce } from '../../src/network/transport.ts'
import { SILENT_LOG } from '../fakes.ts'
import { closeServer, listen } from '../loopback.ts'

// A real server on loopback, because only a socket shows how much of a body is read.

const MEGABYTE = Buffer.alloc(1_000_000, 'x')

let server: Server
let requests = 0

/** Starts a server that counts its requests. Returns its URL. */
const serve = async (respond: (response: ServerResponse) => void): Promise<string> => {
  requests = 0
  server = createServer((_, response) => {
    requests++
    respond(response)
  })
  return `${await listen(server)}/`
}

const get = (url: string) =>
  createHttp(startDeadline(20, new AbortController().signal), SILENT_LOG).retrying({
    method: 'GET',
    path: '/branches',
    url,
  })

afterEach(() => closeServer(server))

describe('the size limit of a response', () => {
  it('aborts an endless response and does not retry the request', async () => {
    let sent = 0
    const url = await serve((response) => {
      const sendMore = (): void => {
        while (!response.destroyed && response.write(MEGABYTE)) sent++
        sent++
      }
      response.on('drain', sendMore)
      sendMore()
    })
    const failure = await get(url).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LostResponseError)
    expect(String(failure)).toContain(
      'the response is larger than 32 MB, the most that this action reads',
    )
    expect(requests).toBe(1)
    expect(sent).toBeLessThan(60)
  })

  it('applies to the bytes that were sent: compressed responses are not decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const url = await serve((response) => {
      response.setHeader('content-encoding', 'gzip').end(bomb)
    })
    const { text } = await get(url)
    expect(text.length).toBeLessThanOrEqual(bomb.length)
  })

  it('is explained with the host that answered, which need not be the Neon API', async () => {
    const url = await serve((response) => void response.end(MEGABYTE))
    const http = createHttp(startDeadline(20, new AbortController().signal), SILENT_LOG)
    const request = { method: 'GET', path: url, url, maxBytes: 999_999 } as const
    const failure: unknown = await http.once(request).catch((error: unknown) => error)
    const { why } = (failure as LostResponseError).fault ?? {}
    expect(why).toContain(`answered at ${new URL(url).host}`)
    expect(why).not.toContain('Neon API')
  })

  it('can be set for each request', async () => {
    const url = await serve((response) => void response.end(MEGABYTE))
    const http = createHttp(startDeadline(20, new AbortController().signal), SILENT_LOG)
    const request = { method: 'GET', path: '/', url, maxBytes: 1_000_000 } as const
    expect((await http.once(request)).text.length).toBe(1_000_000)
    await expect(http.once({ ...request, maxBytes: 999_999 })).rejects.toThrow(/larger than/)
  })

  it('leaves room for 15 MB, a page of 10,000 branches', async () => {
    const url = await serve((response) => {
      for (let sent = 0; sent < 15; sent++) response.write(MEGABYTE)
      response.end()
    })
    expect((await get(url)).text.length).toBe(15_000_000)
  })
})

describe('the first request', () => {
  it('is reported when it is sent, before its response', async () => {
    const url = await serve((response) => void responses.push(response))
    const responses: ServerResponse[] = []
    const http = createHttp(startDeadline(20, new AbortController().signal), SILENT_LOG)
    const request = http.once({ method: 'GET', path: '/branches', url })
    await http.firstSent
    await vi.waitUntil(() => responses[0]?.end('text'))
    expect((await request).text).toBe('text')
  })
})

describe('the time limit of one attempt', () => {
  afterEach(() => void vi.restoreAllMocks())

  it.each<[number, Partial<HttpRequest>, number]>([
    [180_000, {}, 30_000],
    [40_000, {}, 10_000],
    [12_000, {}, 5_000],
    [6_000, {}, 3_000],
    [500, {}, 1_000],
    [180_000, { maxAttemptMs: 2_000 }, 2_000],
    [180_000, { isLongRunning: true }, 135_000],
    [500, { isLongRunning: true }, 1_000],
  ])('with %i ms left, for %j, is %i ms', async (left, change, expected) => {
    const url = await serve((response) => void response.end())
    const deadline = { ...startDeadline(20, new AbortController().signal), remaining: () => left }
    const limit = vi.spyOn(AbortSignal, 'timeout')
    await createHttp(deadline, SILENT_LOG).once({ method: 'GET', path: '/', url, ...change })
    expect(limit.mock.calls).toEqual([[expected]])
  })
})

describe('a response', () => {
  it('is read whole before it is decoded, because a character may be in two parts', async () => {
    // Too large for one part. Each character has three bytes, so a part rarely ends between two.
    const text = '€'.repeat(1_000_000)
    const url = await serve((response) => response.end(text))
    expect((await get(url)).text === text).toBe(true)
  })

  it('is recorded with how long it took, in ms', async () => {
    const recordResponse = vi.fn()
    const url = await serve((response) => void response.end())
    const deadline = { ...startDeadline(20, new AbortController().signal), recordResponse }
    await createHttp(deadline, SILENT_LOG).once({ method: 'GET', path: '/', url })
    expect(recordResponse.mock.calls).toEqual([[expect.toSatisfy((ms) => ms >= 0 && ms < 5_000)]])
  })

  it.each([[[]], [['a=1']], [['a=1', 'b=2']]])(
    'exposes its Set-Cookie headers: %j',
    async (set) => {
      const url = await serve((response) => void response.setHeader('set-cookie', set).end())
      const { setCookie } = await get(url)
      expect(setCookie).toEqual(set.length === 0 ? undefined : set)
    },
  )

  it('counts as lost if the request fails, and the message has the reason and its code', async () => {
    const url = await serve(() => {})
    const send = (error: Error) =>
      sendOnce({ method: 'GET', path: '/', url }, startDeadline(20, new AbortController().signal), {
        dispatch: () => {
          throw error
        },
      } as never)
    await expect(send(new Error('closed'))).rejects.toBeInstanceOf(LostResponseError)
    await expect(send(new Error('closed'))).rejects.toThrow(/^closed$/)
    const coded = Object.assign(new Error('closed'), { code: 'UND_ERR_CLOSED' })
    await expect(send(coded)).rejects.toThrow(/^closed, UND_ERR_CLOSED$/)
  })
})

describe('a response that is not from the API', () => {
  it('counts as lost, and the request is retried', async () => {
    const url = await serve((response) => {
      response.statusCode = requests === 1 ? 404 : 200
      response.end('text')
    })
    const fault = { why: 'a proxy', fix: 'check it', isPermanent: false }
    const http = createHttp(startDeadline(20, new AbortController().signal), SILENT_LOG)
    const call = {
      method: 'GET',
      path: '/auth',
      url,
      foreignFault: ({ status }: { status: number }) => (status === 404 ? fault : undefined),
    } as const
    await expect(http.once(call)).rejects.toMatchObject({
      fault,
      message: 'the response was 404: text',
    })
    requests = 0
    expect(await http.retrying(call)).toMatchObject({ status: 200 })
    expect(requests).toBe(2)
  })
})
