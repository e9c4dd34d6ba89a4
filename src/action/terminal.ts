import type { Log } from '../core/log.ts'
import { sanitize } from '../core/text.ts'

/**
 * Returns whether a workflow's runner started this process. Runners set the variable
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/variables), compatible ones too.
 * Elsewhere, its commands would be noise, and `::add-mask::` would print the key.
 */
export const isOnRunner = (env: NodeJS.ProcessEnv): boolean => Boolean(env['GITHUB_ACTIONS'])

const print = (text: string): void => void process.stdout.write(`${sanitize(text)}\n`)

/** The log of a process that somebody started in a terminal. */
export const terminalLog: Log = {
  debug: () => {},
  info: print,
  notice: print,
  warning: (text) => print(`Warning: ${text}`),
}

/** Ends the process with an error once it is done, and prints the text. */
export const failInTerminal = (text: string): void => {
  process.exitCode = 1
  process.stderr.write(`Error: ${sanitize(text)}\n`)
}
