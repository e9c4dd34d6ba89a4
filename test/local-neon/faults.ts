import type { Call } from './answer.ts'

/** What goes wrong, where it needs no more said than its name. */
export type PlainFault =
  | 'reset-before'
  | 'reset-after'
  | 'hang'
  | 'hang-after'
  | 'cut-body'
  | 'trickle'
  | 'lost-update'

/**
 * What goes wrong with one request.
 *
 * - `status`, `json`: this answer instead of the effect.
 * - `reshape`: the effect, then a good answer with another body, made from its own; reads that
 *   would say "not there" say it is.
 * - `reset-before`, `reset-after`: the socket is destroyed without, or after, the effect.
 * - `hang`, `hang-after`: never answered, without or after the effect.
 * - `cut-body`: the effect, then headers that promise more body than is sent.
 * - `trickle`: the effect, then its answer one byte at a time.
 * - `lost-update`: the answer of success, without the effect (for operations that answer empty).
 * - `cut-statement`: Postgres is shut down within the SQL statement, after so many of the statements that
 *   it holds, and nothing is answered.
 * - `hold`: kept waiting until the promise settles, then served as usual.
 */
export type Fault =
  | { kind: PlainFault }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: 'json'; body: unknown }
  | { kind: 'reshape'; body: (own: unknown) => unknown }
  | { kind: 'trickle'; everyMs: number }
  | { kind: 'cut-statement'; after: number }
  | { kind: 'hold'; until: Promise<unknown> }

/** Which requests a fault is for; what is left out matches everything. */
export interface FaultMatch {
  operationId?: string
  method?: string
  path?: RegExp
}

/** A fault, the requests it is for, how many of those it spares first and how many it then hits. */
export interface FaultRule {
  match: FaultMatch
  times?: number
  skip?: number
  fault: Fault | PlainFault
}

interface ArmedRule {
  match: FaultMatch
  left: number
  toSkip: number
  fault: Fault
}

/** The faults that are waiting for their request. */
export class Faults {
  #rules: ArmedRule[] = []

  /** Arms a fault; rules are tried in the order they were added. */
  add(rule: FaultRule): void {
    const fault = typeof rule.fault === 'string' ? { kind: rule.fault } : rule.fault
    this.#rules.push({ match: rule.match, left: rule.times ?? 1, toSkip: rule.skip ?? 0, fault })
  }

  /** Disarms all faults. */
  clear(): void {
    this.#rules = []
  }

  /** The fault for this request, used up by the asking. */
  take(call: Call, operationId: string | undefined): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.left <= 0 || !matches(rule.match, call, operationId)) continue
      if (rule.toSkip > 0) {
        rule.toSkip -= 1
        continue
      }
      rule.left -= 1
      return rule.fault
    }
    return undefined
  }
}

function matches(match: FaultMatch, call: Call, operationId: string | undefined): boolean {
  if (match.operationId !== undefined && match.operationId !== operationId) return false
  if (match.method !== undefined && match.method.toUpperCase() !== call.method) return false
  // search() ignores lastIndex, so a caller's /g flag cannot make a rule match every other time.
  return match.path === undefined || call.path.search(match.path) >= 0
}
