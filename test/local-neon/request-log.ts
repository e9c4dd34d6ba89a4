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
  /** 'pending' until the request ends. */
  status: number | 'reset' | 'hang' | 'pending'
  /** The status of its effect, even if it was never delivered. Absent before and without an effect. */
  effect?: number
  /** performance.now() when the request's headers arrived. */
  startedAt: number
  /** performance.now() when the request ended. Infinity before. */
  endedAt: number
}

interface Waiter {
  predicate: (request: LoggedRequest) => boolean
  resolve: (request: LoggedRequest) => void
}

/** The log of requests. Callers can wait for the next one that matches. */
export class RequestLog {
  readonly entries: LoggedRequest[] = []
  readonly #arrivals = new Set<Waiter>()
  readonly #effects = new Set<Waiter>()
  readonly #onEnd: (request: LoggedRequest) => void

  constructor(onEnd: (request: LoggedRequest) => void = () => {}) {
    this.#onEnd = onEnd
  }

  /** Records an arrival and resolves the promises of those who wait for it. */
  begin(request: LoggedRequest): void {
    this.entries.push(request)
    wake(this.#arrivals, request)
  }

  /** Records the status of a request's effect and resolves the promises of those who wait for it. */
  effected(request: LoggedRequest, status: number): void {
    request.effect = status
    wake(this.#effects, request)
  }

  /** Records how a request ended. Only the first call counts. */
  end(request: LoggedRequest, status: number | 'reset' | 'hang'): void {
    if (request.endedAt !== Number.POSITIVE_INFINITY) return
    request.endedAt = performance.now()
    request.status = status
    this.#onEnd(request)
  }

  /** Resolves with the next request that arrives and satisfies the predicate. */
  next(
    predicate: (request: LoggedRequest) => boolean,
    options: { signal?: AbortSignal } = {},
  ): Promise<LoggedRequest> {
    return waitIn(this.#arrivals, predicate, options)
  }

  /** Resolves with the next request that takes effect and satisfies the predicate. */
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
 * Returns the length of the longest chain of requests in which each starts only after the one before
 * was answered. With equal latencies, this is the number of round trips that a run waits for.
 */
export function countSequentialResponses(
  requests: readonly Pick<LoggedRequest, 'startedAt' | 'endedAt'>[],
): number {
  // Choosing the earliest end first is optimal for disjoint intervals.
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
