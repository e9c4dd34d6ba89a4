/** What a {@link Problem} tells. Each part is one sentence or a few; none ever holds a secret. */
export interface ProblemParts {
  /** What was tried, or what is wrong with what was given. */
  readonly what: string
  /** What came back: status, Neon's message, request id. */
  readonly response?: string
  /** The likely cause. */
  readonly why?: string
  /** What the reader changes: which input, permission or key. */
  readonly fix?: string
  readonly cause?: unknown
}

/**
 * A failure told to the person who reads the workflow's log: what was tried, what came back, the
 * likely cause and the fix. Every failure that this action foresees is one of these; anything else
 * that reaches `main.ts` is a bug of ours, shown as one, with its stack in the debug log.
 */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor({ what, response, why, fix, cause }: ProblemParts) {
    const lines = [what, response, why && `Likely cause: ${why}`, fix && `Fix: ${fix}`]
    super(lines.filter(Boolean).join('\n'), { cause })
  }
}

/** The text of anything thrown, on one line's worth of words. Never throws. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error)
