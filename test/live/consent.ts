import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

/** Where a person may be asked. */
export interface Asking {
  /** The person has agreed on the command line. */
  readonly isAgreed: boolean
  readonly isCi: boolean
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

/** Asks a person who sits at a terminal. Elsewhere, and in CI, nobody is asked, and the answer is no. */
export async function hasConsent(question: string, asking: Asking): Promise<boolean> {
  const { isAgreed, isCi, input, output, signal } = asking
  if (isAgreed) return true
  if (isCi || !input.isTTY) return false
  const terminal = createInterface({ input, output })
  try {
    const closed = once(terminal, 'close').then(() => '')
    const answered = terminal.question(`${question} Type "yes" to go on: `, { signal })
    const answer = await Promise.race([answered, closed])
    return answer.trim().toLowerCase() === 'yes'
  } finally {
    terminal.close()
  }
}
