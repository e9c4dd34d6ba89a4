/**
 * The parts of a {@link Problem}. `why` and `fix` start with a lowercase letter, except for proper names, and
 * have no final period. No part may contain a secret.
 */
export interface ProblemParts {
  /** What was tried, or what is wrong with the input. */
  readonly what: string
  /** What came back or was found: status, Neon's message, request ID. */
  readonly response?: string
  /** The likely cause. */
  readonly why?: string
  /** What to change: which input, permission, or key. */
  readonly fix?: string
  readonly cause?: unknown
}

/**
 * An expected failure, explained to the person who reads the workflow's log: what was tried, what
 * came back, the likely cause, and the fix. Any other error that reaches `step.ts` is a bug in this
 * action. The step reports it as one, with its stack in the debug log.
 */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor({ what, response, why, fix, cause }: ProblemParts) {
    const lines = [what, response, why && `Likely cause: ${why}`, fix && `Fix: ${fix}`]
    super(lines.filter(Boolean).join('\n'), { cause })
  }
}

/** Returns the message of an error, or any other thrown value as text. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error)
