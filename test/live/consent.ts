import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** The terminal on which to ask, and what the environment already says. */
export interface ConsentOptions {
  /** Whether the user already agreed on the command line. */
  readonly isAgreed: boolean
  readonly isCi: boolean
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

/** Asks the user at a terminal. Without a terminal and in CI, it does not ask and returns `false`. */
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
