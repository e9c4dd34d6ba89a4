import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** The terminal to ask on, and what is already known. */
export interface ConsentOptions {
  /** Whether the user already agreed on the command line. */
  readonly isAgreed: boolean
  readonly isCi: boolean
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

/**
 * Returns whether the user agrees. Asks only if they have not agreed on the command line. Without a terminal
 * or in CI, returns `false` without asking. Rejects if `signal` aborts the question.
 */
export async function hasConsent(question: string, asking: ConsentOptions): Promise<boolean> {
  const { isAgreed, isCi, input, output, signal } = asking
  if (isAgreed) return true
  if (isCi || !input.isTTY) return false
  const terminal = createInterface({ input, output })
  try {
    const closed = once(terminal, 'close').then(() => '')
    const answered = terminal.question(`${question} Type "yes" to continue: `, { signal })
    const answer = await Promise.race([answered, closed])
    return answer.trim().toLowerCase() === 'yes'
  } finally {
    terminal.close()
  }
}
