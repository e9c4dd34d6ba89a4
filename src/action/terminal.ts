import type { Log } from '../core/log.ts'
import { sanitize } from '../core/text.ts'

/**
 * Returns whether a workflow runner started this process. GitHub's runners and compatible ones set
 * `GITHUB_ACTIONS` (https://docs.github.com/en/actions/reference/workflows-and-actions/variables). In a terminal,
 * workflow commands would be noise, and `::add-mask::` would print the key.
 */
export const isOnRunner = (env: NodeJS.ProcessEnv): boolean =>
  !['', 'false'].includes(env['GITHUB_ACTIONS'] ?? '')

const print = (text: string): void => void process.stdout.write(`${sanitize(text)}\n`)

/** The log for a process that was started from a terminal. */
export const terminalLog: Log = {
  debug: () => {},
  info: print,
  notice: print,
  warning: (text) => print(`Warning: ${text}`),
}

/** Prints the text as an error, and makes the process exit with code 1 once it is done. */
export const failInTerminal = (text: string): void => {
  process.exitCode = 1
  process.stderr.write(`Error: ${sanitize(text)}\n`)
}
