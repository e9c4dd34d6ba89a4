/** Which of the three services behind the one port a request was for. */
export type Plane = 'control' | 'data' | 'sql'

/** One request as Local Neon saw it. */
export interface LoggedRequest {
  plane: Plane
  operationId?: string
  method: string
  path: string
  query: Record<string, string>
  requestBody?: unknown
  origin?: string
  userAgent?: string
  /** 'pending' until it is answered. */
  status: number | 'reset' | 'hang' | 'pending'
  /** The status that its effect came to, delivered or not; absent before, and where there is none. */
  effect?: number
  /** performance.now() when the request's headers arrived. */
  startedAt: number
  /** performance.now() when the response was complete; Infinity before. */
  endedAt: number
}

interface Waiter {
  predicate: (request: LoggedRequest) => boolean
  resolve: (request: LoggedRequest) => void
}

/** The list of requests, and those who wait for the next one of a kind. */
export class RequestLog {
  readonly entries: LoggedRequest[] = []
  readonly #arrivals = new Set<Waiter>()
  readonly #effects = new Set<Waiter>()
  readonly #onEnd: (request: LoggedRequest) => void

  constructor(onEnd: (request: LoggedRequest) => void = () => {}) {
    this.#onEnd = onEnd
  }

  /** Records an arrival and wakes those who waited for it. */
  begin(request: LoggedRequest): void {
    this.entries.push(request)
    wake(this.#arrivals, request)
  }

  /** Records what a request's effect came to and wakes those who waited for that. */
  effected(request: LoggedRequest, status: number): void {
    request.effect = status
    wake(this.#effects, request)
  }

  /** Records how a request ended; the first end counts. */
  end(request: LoggedRequest, status: number | 'reset' | 'hang'): void {
    if (request.endedAt !== Number.POSITIVE_INFINITY) return
    request.endedAt = performance.now()
    request.status = status
    this.#onEnd(request)
  }

  /** Resolves with the next request that arrives from now on and satisfies the predicate. */
  next(
    predicate: (request: LoggedRequest) => boolean,
    options: { signal?: AbortSignal } = {},
  ): Promise<LoggedRequest> {
    return waitIn(this.#arrivals, predicate, options)
  }

  /** The same for the next request that has had its effect. */
  nextEffect(
    predicate: (request: LoggedRequest) => boolean,
    options: { signal?: AbortSignal } = {},
  ): Promise<LoggedRequest> {
    return waitIn(this.#effects, predicate, options)
  }

  /** Forgets the requests so far. */
  clear(): void {
    this.entries.length = 0
  }
}

function wake(waiters: Set<Waiter>, request: LoggedRequest): void {
  for (const waiter of waiters) {
    if (!waiter.predicate(request)) continue
    waiters.delete(waiter)
    waiter.resolve(request)
  }
}

function waitIn(
  waiters: Set<Waiter>,
  predicate: Waiter['predicate'],
  { signal }: { signal?: AbortSignal },
): Promise<LoggedRequest> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = { predicate, resolve }
    if (signal?.aborted) return reject(signal.reason)
    signal?.addEventListener('abort', () => {
      waiters.delete(waiter)
      reject(signal.reason)
    })
    waiters.add(waiter)
  })
}

/**
 * The largest number of requests that stood in line, none beginning before the one ahead had its
 * answer: with equal latencies, the number of round trips somebody had to wait for.
 */
export function answersInLine(
  requests: readonly Pick<LoggedRequest, 'startedAt' | 'endedAt'>[],
): number {
  // Earliest end first is the greedy choice that is optimal for disjoint intervals.
  const byEnd = requests.toSorted((a, b) => a.endedAt - b.endedAt)
  let count = 0
  let lastEnd = Number.NEGATIVE_INFINITY
  for (const { startedAt, endedAt } of byEnd) {
    if (startedAt < lastEnd) continue
    count += 1
    lastEnd = endedAt
  }
  return count
}
