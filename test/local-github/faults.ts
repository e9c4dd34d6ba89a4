import type { Answer, Call } from './answers.ts'

/**
 * What goes wrong with one request: another answer, a connection that is reset, or no answer at all.
 * With `-after`, the request takes effect first; `lost` takes effect too, but answers 502.
 */
export type Fault = Answer | 'hang' | 'hang-after' | 'reset' | 'reset-after' | 'lost'

/** Which of the requests that match a fault hits. */
export interface Armed {
  /** How many are spared first. Default: none. */
  readonly skip?: number
  /** How many are hit then. Default: all. */
  readonly times?: number
}

/** GitHub's primary rate limit (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export const rateLimited = (resetInSeconds: number): Answer => ({
  status: 403,
  headers: {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + resetInSeconds),
  },
  body: { message: 'API rate limit exceeded for installation ID 1.' },
})

/** GitHub's secondary rate limit, which says when to come back. */
export const secondaryRateLimited = (retryAfterSeconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(retryAfterSeconds) },
  body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
})

/** What a test does right before or right after a request takes effect. */
export interface Hook {
  readonly before?: (call: Call) => unknown
  readonly after?: (call: Call) => unknown
}

interface Rule {
  readonly request: RegExp
  readonly fault: Fault
  skip: number
  left: number
}

/** The forms of a request that a pattern may match: with its query, and with its body. */
const fits = (pattern: RegExp, { method, path, url, body }: Call): boolean =>
  [`${method} ${path}`, `${method} ${path}${url.search}`, `${method} ${path} ${body}`].some(
    // search() ignores lastIndex, which a pattern with /g keeps.
    (form) => form.search(pattern) >= 0,
  )

/** The faults that wait for their request, and the hooks that watch all. */
export interface Interference {
  arm(request: RegExp, fault: Fault, armed?: Armed): void
  hook(request: RegExp, hook: Hook): () => void
  /** The fault for a request. Asking for it uses it up. */
  take(call: Call): Fault | undefined
  run(when: 'before' | 'after', call: Call): Promise<void>
  clear(): void
}

/** Creates an empty {@link Interference}. */
export const createInterference = (): Interference => {
  const rules: Rule[] = []
  const hooks = new Map<symbol, { request: RegExp; hook: Hook }>()
  return {
    arm: (request, fault, { skip = 0, times = Number.POSITIVE_INFINITY } = {}) =>
      void rules.push({ request, fault, skip, left: times }),
    hook: (request, hook) => {
      const key = Symbol()
      hooks.set(key, { request, hook })
      return () => void hooks.delete(key)
    },
    take: (call) => {
      const rule = rules.find(({ request, left }) => left > 0 && fits(request, call))
      if (!rule) return undefined
      const spared = rule.skip > 0
      if (spared) rule.skip -= 1
      else rule.left -= 1
      return spared ? undefined : rule.fault
    },
    run: async (when, call) => {
      for (const { request, hook } of [...hooks.values()]) {
        if (fits(request, call)) await hook[when]?.(call)
      }
    },
    clear: () => {
      rules.length = 0
      hooks.clear()
    },
  }
}
