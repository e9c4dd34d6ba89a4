import type { Answer, Call } from './answers.ts'

/**
 * What goes wrong with a request: another response, a reset connection, or no response at all. With
 * `-after`, the request takes effect first. With `lost`, it takes effect too, but the response is 502.
 */
export type Fault = Answer | 'hang' | 'hang-after' | 'reset' | 'reset-after' | 'lost'

/** Which of the matching requests a fault hits. */
export interface FaultOptions {
  /** How many to skip first. Default: none. */
  readonly skip?: number
  /** How many to hit after that. Default: all. */
  readonly times?: number
}

/** Returns the response of GitHub's primary rate limit (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export const rateLimited = (resetInSeconds: number): Answer => ({
  status: 403,
  headers: {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + resetInSeconds),
  },
  body: { message: 'API rate limit exceeded for installation ID 1.' },
})

/** Returns the response of GitHub's secondary rate limit, which says when to retry. */
export const secondaryRateLimited = (retryAfterSeconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(retryAfterSeconds) },
  body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
})

/**
 * Test code that runs right before a request takes effect, even if a fault then stops the request, or right
 * after.
 */
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

/** Returns whether a pattern matches a request: plain, with its query, or with its body. */
const fits = (pattern: RegExp, { method, path, url, body }: Call): boolean =>
  [`${method} ${path}`, `${method} ${path}${url.search}`, `${method} ${path} ${body}`].some(
    // Unlike test(), search() ignores the lastIndex of a pattern with /g.
    (form) => form.search(pattern) >= 0,
  )

/** The armed faults and the hooks. */
export interface Interference {
  arm(request: RegExp, fault: Fault, options?: FaultOptions): void
  hook(request: RegExp, hook: Hook): () => void
  /** Returns the fault for a request, if any, and counts the request against the matching faults. */
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
      for (const rule of rules) {
        if (rule.left <= 0 || !fits(rule.request, call)) continue
        if (rule.skip > 0) {
          rule.skip -= 1
          continue
        }
        rule.left -= 1
        return rule.fault
      }
      return undefined
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
