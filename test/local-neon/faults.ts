import type { Call } from './answer.ts'

/** The faults that need only a name. */
export type PlainFault =
  | 'reset-before'
  | 'reset-after'
  | 'hang'
  | 'hang-after'
  | 'truncated-body'
  | 'trickle'
  | 'lost-update'

/**
 * What goes wrong with one request.
 *
 * - `status`, `json`: this answer instead of the effect.
 * - `reshape`: the effect, then its answer with a body that is made from the original one. An error in
 *   answer to a read becomes a success.
 * - `reset-before`, `reset-after`: the socket is destroyed without the effect, or after it.
 * - `hang`, `hang-after`: no answer, without the effect or after it.
 * - `truncated-body`: the effect, then headers that announce more bytes than are sent.
 * - `trickle`: the effect, then its answer one byte at a time.
 * - `lost-update`: a success without the effect, for operations whose answer has no body.
 * - `abort-statement`: the SQL statement is aborted after this many of its inner statements, as if
 *   Postgres were shut down, and there is no answer.
 * - `hold`: the request waits until the promise settles, and is then answered normally.
 */
export type Fault =
  | { kind: PlainFault }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: 'json'; body: unknown }
  | { kind: 'reshape'; body: (own: unknown) => unknown }
  | { kind: 'trickle'; everyMs: number }
  | { kind: 'abort-statement'; after: number }
  | { kind: 'hold'; until: Promise<unknown> }

/** Which requests a fault applies to. A field that is not set matches everything. */
export interface FaultMatch {
  operationId?: string
  method?: string
  path?: RegExp
}

/**
 * A fault and the requests it applies to. It ignores the first `skip` of them (default: none) and hits the next
 * `times` (default: one).
 */
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

/** The armed faults, which wait for their requests. */
export class Faults {
  #rules: ArmedRule[] = []

  /** Arms a fault. Rules are tried in the order in which they were added. */
  add(rule: FaultRule): void {
    const fault = typeof rule.fault === 'string' ? { kind: rule.fault } : rule.fault
    this.#rules.push({ match: rule.match, left: rule.times ?? 1, toSkip: rule.skip ?? 0, fault })
  }

  /** Disarms all faults. */
  clear(): void {
    this.#rules = []
  }

  /** Returns the fault for this request, if any, and counts the request against the matching rules. */
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
  // search() ignores lastIndex, so a rule with the /g flag still matches every time.
  return match.path === undefined || call.path.search(match.path) >= 0
}
