import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Deadline, RunAborted, RunCanceled, startDeadline } from '../../src/core/deadline.ts'
import { probeOrigins } from '../../src/doctor/probe-service.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { reconcileLostWrite, repeatLostWrite } from '../../src/network/lost-writes.ts'
import type { CheckedRequest, HttpResponse, Send, SendChecked } from '../../src/network/messages.ts'
import { pollUntil } from '../../src/network/poll.ts'
import { backoffMs, retryAfterMs, sendRetrying } from '../../src/network/retry.ts'
import { waitForBranch } from '../../src/preview/find-branch.ts'
import { collectingLog, fakeDeadline, SILENT_LOG } from '../fakes.ts'

describe('one deadline covers everything: the wait before the next attempt', () => {
  it('has a minimum, and a maximum that doubles with each attempt up to 10 seconds', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, luck) => {
        const random = vi.spyOn(Math, 'random').mockReturnValue(luck)
        const wait = backoffMs(attempt)
        random.mockRestore()
        expect(wait).toBeGreaterThanOrEqual(100)
        expect(wait).toBeLessThanOrEqual(100 + Math.min(10_000, 300 * 2 ** attempt))
      }),
    )
  })

  it('varies over the whole range, so parallel runs do not retry at the same time', () => {
    const random = vi.spyOn(Math, 'random')
    const at = (attempt: number, luck: number) => {
      random.mockReturnValue(luck)
      return backoffMs(attempt)
    }
    expect([at(0, 0), at(0, 1), at(1, 1), at(2, 0.5), at(9, 1)]).toEqual([
      100, 400, 700, 700, 10_100,
    ])
  })

  it.each([
    ['0', 0],
    ['7', 7000],
    ['1.5', 1500],
    ['', undefined],
    ['soon', undefined],
    ['7 s', undefined],
    ['-7', 0],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
  ])('follows Retry-After %j', (header, ms) => {
    expect(retryAfterMs(header, Date.parse('2026-11-23T10:00:00Z'))).toBe(ms)
  })
})

describe('reconcile lost responses by reading: a lost write', () => {
  const request = { method: 'POST', path: '/auth' }
  const { log, lines } = collectingLog()
  const slept: number[] = []
  const deadline = fakeDeadline({ sleep: async (ms) => void slept.push(ms) })
  const context = { log, deadline }

  beforeEach(() => {
    lines.length = 0
    slept.length = 0
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => vi.restoreAllMocks())

  const lost = () => Promise.reject(new LostResponseError(request, 'reset'))
  const nothing = async () => undefined

  it('is repeated without a read if it is safe to repeat, and gets its attempt number', async () => {
    const write = vi.fn((attempt: number) => (attempt === 0 ? lost() : Promise.resolve('made')))
    expect(await repeatLostWrite(write, context)).toBe('made')
    expect(write.mock.calls).toEqual([[0], [1]])
    expect(lines).toEqual(['POST /auth: reset; retrying in 0.1 s'])
  })

  it('is read back, but not repeated, if a retry cannot help', async () => {
    const fault = { why: 'a proxy', fix: 'NO_PROXY', isPermanent: true }
    const refused = new LostResponseError(request, 'Proxy response (403)', undefined, fault)
    const write = vi.fn(() => Promise.reject(refused))
    await expect(repeatLostWrite(write, context)).rejects.toBe(refused)
    await expect(reconcileLostWrite(write, nothing, context)).rejects.toBe(refused)
    expect(write.mock.calls).toEqual([[0], [0]])
    expect(await reconcileLostWrite<string>(write, async () => 'there', context)).toBe('there')
    expect(slept).toEqual([])
  })

  it('is not repeated if a read finds its effect', async () => {
    const write = vi.fn(lost)
    expect(await reconcileLostWrite<string>(write, async () => 'there', context)).toBe('there')
    expect(write.mock.calls).toEqual([[0]])
    expect(slept).toEqual([])
    expect(lines).toEqual(['POST /auth: reset; checking whether it was applied'])
  })

  it('counts a false or empty result as a result', async () => {
    const write = vi.fn(lost)
    expect(await reconcileLostWrite<string | boolean>(write, async () => '', context)).toBe('')
    expect(await reconcileLostWrite<string | boolean>(write, async () => false, context)).toBe(
      false,
    )
    expect(write).toHaveBeenCalledTimes(2)
  })

  it('is sent five times in total, with a read after each, and then reported as lost', async () => {
    const write = vi.fn(lost)
    const readBack = vi.fn(async () => undefined)
    await expect(reconcileLostWrite(write, readBack, context)).rejects.toBeInstanceOf(
      LostResponseError,
    )
    expect(write.mock.calls).toEqual([[0], [1], [2], [3], [4]])
    expect(readBack).toHaveBeenCalledTimes(5)
    expect(slept).toHaveLength(4)
  })

  it('is neither read back nor repeated after any other error', async () => {
    const refused = new Error('403')
    const write = vi.fn(() => Promise.reject(refused))
    const readBack = vi.fn(async () => 'there')
    await expect(reconcileLostWrite<string>(write, readBack, context)).rejects.toBe(refused)
    expect(write).toHaveBeenCalledTimes(1)
    expect(readBack).not.toHaveBeenCalled()
  })

  const ended = () => Promise.reject(new RunAborted({ what: 'The end.' }))
  const lostOnce = (attempt: number) => (attempt === 0 ? lost() : ended())

  it.each<[string, Parameters<typeof reconcileLostWrite<never>>]>([
    ['waits', [lost, nothing, { log, deadline: { ...deadline, sleep: ended } }]],
    ['sends it again', [lostOnce, nothing, context]],
    ['reads back', [lost, ended, context]],
  ])('is quoted in the error if the run ends while it %s', async (_, args) => {
    const error: unknown = await reconcileLostWrite(...args).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunAborted)
    expect((error as Error).message).toBe('The end.\nLast failure: POST /auth: reset')
  })

  it('is not quoted if the run ends during the first attempt', async () => {
    await expect(reconcileLostWrite(ended, nothing, context)).rejects.toThrow(/^The end\.$/)
  })

  it('does not replace a later failure that the error already quotes', async () => {
    const limited = () => ended().catch((error: RunAborted) => Promise.reject(error.quoting('429')))
    await expect(reconcileLostWrite(lost, limited, context)).rejects.toThrow(
      /^The end\.\nLast failure: 429$/,
    )
  })
})

describe('one deadline covers everything: a request', () => {
  const never = new AbortController().signal
  const request = { method: 'GET', path: '/auth', url: 'https://neon.test/auth' } as const
  const lost = new LostResponseError(request, 'reset')
  const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
    status,
    headers,
    text: 'text',
  })

  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => vi.restoreAllMocks())

  /** Sends a request that gets these results, the last one again and again. */
  const sent = async (
    results: (HttpResponse | Error)[],
    change: Partial<CheckedRequest> = {},
    until: Partial<Deadline> = {},
  ) => {
    const slept: number[] = []
    const { log, lines: said } = collectingLog()
    let attempts = 0
    const once: Send = async () => {
      const result = results[Math.min(attempts++, results.length - 1)]
      if (attempts > 20) throw new Error('it is sent again and again')
      if (!result || result instanceof Error) throw result
      return result
    }
    const deadline: Deadline = {
      ...startDeadline(60, never),
      remaining: () => 7_100,
      sleep: async (ms) => void slept.push(ms),
      ...until,
    }
    const result: unknown = await sendRetrying(
      { ...request, ...change },
      once,
      deadline,
      log,
    ).catch((error: unknown) => error)
    return { result, attempts, slept, said }
  }

  it.each<[string, HttpResponse | Error]>([
    ['reset', lost],
    ['500', answer(500)],
    ['502', answer(502)],
    ['504', answer(504)],
  ])('is sent six times in total if it reads, and once if it writes: %s', async (_, failure) => {
    const read = await sent([failure])
    expect(read.result).toBeInstanceOf(LostResponseError)
    expect(read).toMatchObject({ attempts: 6, slept: [100, 100, 100, 100, 100] })
    const write = await sent([failure], { method: 'POST' })
    expect(write.result).toBeInstanceOf(LostResponseError)
    expect(write.attempts).toBe(1)
  })

  it.each([423, 429, 503])('is sent again after %i, even if it writes', async (status) => {
    const refusals = Array.from({ length: 8 }, () => answer(status))
    const { result, attempts, said } = await sent([...refusals, answer(201)], { method: 'POST' })
    expect(result).toEqual(answer(201))
    expect(attempts).toBe(9)
    expect(said[0]).toBe(`POST /auth: the response was ${status}: text; retrying in 0.1 s`)
  })

  it('may be refused many times, and that does not use up the attempts after lost responses', async () => {
    const refusals = Array.from({ length: 8 }, () => answer(429))
    const { result, attempts } = await sent([...refusals, lost, ...refusals, lost, answer(200)])
    expect(result).toEqual(answer(200))
    expect(attempts).toBe(19)
  })

  it.each([
    ['Retry-After', { 'retry-after': '5' }, 5_100],
    ['X-Retry-After', { 'x-retry-after': '5' }, 5_100],
    ['Retry-After, if both are set', { 'retry-after': '5', 'x-retry-after': '6' }, 5_100],
    ['its own backoff without either', {}, 100],
  ])('waits according to %s', async (_, headers, ms) => {
    expect(await sent([answer(429, headers), answer(200)])).toMatchObject({ slept: [ms] })
  })

  it('returns the refusal if the time left is not more than the wait', async () => {
    const refusal = answer(429, { 'retry-after': '7' })
    expect(await sent([refusal])).toMatchObject({ result: refusal, attempts: 1, slept: [] })
  })

  it('is not sent again after a permanent fault, or any other error', async () => {
    const fault = { why: 'TLS', fix: 'a certificate', isPermanent: true }
    for (const error of [
      new LostResponseError(request, 'TLS', undefined, fault),
      new TypeError('a bug'),
    ])
      expect(await sent([error])).toMatchObject({ result: error, attempts: 1 })
  })

  it('is not sent again if its precondition no longer holds', async () => {
    const changed = new Error('changed')
    const beforeAttempt = vi.fn(async () => {})
    beforeAttempt.mockResolvedValueOnce().mockRejectedValueOnce(changed)
    expect(await sent([answer(503)], { beforeAttempt })).toMatchObject({
      result: changed,
      attempts: 1,
    })
  })

  it('quotes the last refusal if the run ends during a wait', async () => {
    const sleep = () => Promise.reject(new RunAborted({ what: 'The end.' }))
    const { result } = await sent([answer(503)], {}, { sleep })
    expect(String(result)).toMatch(
      /The end\.\nLast failure: GET \/auth: the response was 503: text$/,
    )
  })
})

describe('one deadline covers everything: a poll', () => {
  const never = new AbortController().signal
  afterEach(() => vi.restoreAllMocks())

  it.each<[string, number | undefined | ((value: number) => number), number, number]>([
    ['its patience', 700, 60_000, 3],
    ['the patience that its value leaves', (value) => 700 - 350 * value, 60_000, 2],
    ['the deadline', undefined, 1_050, 3],
  ])('ends before a pause that exceeds %s', async (_, patienceMs, timeout, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    let now = 5_000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    const values: number[] = []
    const result = await pollUntil({
      waitingFor: 'waiting',
      deadline: {
        ...startDeadline(60, never),
        remaining: () => 5_000 + timeout - now,
        sleep: async (ms) => {
          now += ms
        },
      },
      attempt: async (value) => {
        values.push(value)
        if (value > 20) throw new Error('it never ends')
        return { done: false, value }
      },
      ...(patienceMs !== undefined && { patienceMs }),
    })
    expect(values).toHaveLength(expected)
    expect(result.value).toBe(expected - 1)
  })
})

describe('waiting for a branch', () => {
  it('ends once the run should stop, even if there is no branch with that ID', async () => {
    const neon = { listBranches: async () => ({ branches: [], annotations: {} }) } as never
    const deadline = startDeadline(30, new AbortController().signal)
    const context = { neon, github: undefined, deadline, log: SILENT_LOG }
    const search = { named: 'br-cool-sun-123' }
    await expect(waitForBranch(search, context, async () => true)).resolves.toBeUndefined()
    await expect(waitForBranch(search, context, async () => false)).rejects.toThrow('has no branch')
  })
})

describe('one deadline covers everything: the last failure that an error quotes', () => {
  const never = new AbortController().signal
  /** Returns a function that returns a value once. The run ends with the second call. */
  const once = <T>(value: T) => {
    const values = [value]
    return async (): Promise<T> => {
      const [first] = values.splice(0)
      if (first === undefined) throw new RunAborted({ what: 'The end.' })
      return first
    }
  }

  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => vi.restoreAllMocks())

  it("is that the branch was not in Neon's list", async () => {
    const page = { branches: [{ id: 'br-1', name: 'main' }], annotations: {} }
    const neon = { listBranches: once(page) } as unknown as NeonClient
    const context = { neon, github: undefined, deadline: startDeadline(30, never), log: SILENT_LOG }
    const waiting = waitForBranch({ named: 'preview/pr-2' }, context, async () => false)
    await expect(waiting).rejects.toThrow(
      /^The end\.\nLast failure: the branch preview\/pr-2 was not in the list$/,
    )
  })

  it.each(['my-br-cool-sun-1', 'br-cool-sun-1-', 'br-cool-sun-1/x'])(
    "is that %s was not in Neon's list, because that is a name and not an ID",
    async (named) => {
      const neon = { listBranches: once({ branches: [], annotations: {} }) } as never
      const deadline = startDeadline(30, never)
      const context = { neon, github: undefined, deadline, log: SILENT_LOG }
      const waiting = waitForBranch({ named }, context, async () => false)
      await expect(waiting).rejects.toThrow(`the branch ${named} was not in the list`)
    },
  )

  it('is the response of the auth service, in a run of the doctor', async () => {
    const limited = () => once({ status: 429, headers: {}, text: '{"message":"slow down"}' })
    const [ofControl, ofOrigin] = [limited(), limited()]
    const send: SendChecked = ({ headers }) =>
      headers?.['origin'] === 'https://pr-2.example' ? ofOrigin() : ofControl()
    const http = { firstSent: Promise.resolve(), once: send, retrying: send }
    const urls = { baseUrl: 'https://auth.test', jwksUrl: 'https://auth.test/jwks' }
    const access = { http, deadline: startDeadline(30, never) }
    await expect(probeOrigins(urls, ['https://pr-2.example'], access)).rejects.toThrow(
      /^The end\.\nLast failure: POST https:\/\/auth\.test\/sign-out answered 429 slow down$/,
    )
  })
})

describe('one deadline covers everything: the deadline of a run', () => {
  const never = new AbortController().signal

  it('ends with an error that quotes the last failure and the response times', () => {
    const deadline = startDeadline(10, never)
    deadline.recordResponse(4000)
    expect(deadline.abortError('waiting').quoting('GET /auth:\nreset').message).toBe(
      `The run timed out after 10 seconds while waiting.
Last failure: GET /auth: reset
Responses took 4.0 seconds on average (1 so far).
Likely cause: the \`timeout\` is too short for a server this slow
Fix: set \`timeout\` to at least 80`,
    )
  })

  it('knows how much time remains', () => {
    expect(startDeadline(10, never).remaining()).toBeLessThanOrEqual(10_000)
    expect(startDeadline(10, never).remaining()).toBeGreaterThan(5_000)
  })

  it('cancels what is pending', async () => {
    const deadline = startDeadline(10, never)
    const sleeping = deadline.sleep(5_000, 'waiting')
    deadline.cancelPending()
    await expect(sleeping).rejects.toBeInstanceOf(RunAborted)
    expect(deadline.signal.aborted).toBe(true)
  })

  it('counts its pauses', async () => {
    const deadline = startDeadline(10, never)
    await deadline.sleep(1, 'waiting')
    await deadline.sleep(1, 'waiting')
    expect(deadline.pauses).toBe(2)
  })

  it('ends a canceled run with an error that says so, whatever it quotes', () => {
    const error = startDeadline(10, AbortSignal.abort('SIGINT')).abortError('waiting')
    expect(error.quoting('reset')).toBeInstanceOf(RunCanceled)
    expect(error.quoting(undefined)).toBe(error)
  })

  it.each(['attempt', 'pause'])(
    'ends a poll during its %s with an error that quotes the last failure',
    async (endsIn) => {
      const ended = () => Promise.reject(new RunAborted({ what: 'The end.' }))
      const polling = pollUntil({
        waitingFor: 'waiting',
        deadline: { ...startDeadline(10, never), ...(endsIn === 'pause' && { sleep: ended }) },
        attempt: async (attempt) =>
          attempt < 2 ? { done: false, value: attempt, failure: `no ${attempt}` } : ended(),
      })
      await expect(polling).rejects.toThrow(
        endsIn === 'pause' ? /^The end\.\nLast failure: no 0$/ : /^The end\.\nLast failure: no 1$/,
      )
    },
  )
})
