import { styleText } from 'node:util'
import type { LocalGitHub } from '../test/local-github.ts'
import type { LocalNeon } from '../test/local-neon/local-neon.ts'
import { stepOf } from '../test/preview.ts'
import { runStep, type Step, type StepResult } from '../test/runner.ts'
import { readableLog, wrap } from './readable.ts'

/** The pull request in the demos and proofs. */
export const PULL_REQUEST = { number: 7, headRef: 'new-checkout' }

/** Prints a line. */
export const say = (text = ''): void => console.log(text)

/** Dims secondary text. */
export const faint = (text: string): string => styleText('dim', text)

/** Prints a heading. */
export const heading = (number: number, title: string): void =>
  say(`\n${styleText(['bold', 'cyan'], `━━ ${number}. ${title} `.padEnd(88, '━'))}\n`)

/** Prints whether a check passed. A failed check sets the exit code to 1. */
export const check = (passed: boolean, text: string): void => {
  say(`  ${passed ? styleText('green', '✔') : styleText('red', '✘')} ${text}`)
  if (!passed) process.exitCode = 1
}

/** Wraps text and starts each line with a mark. */
export const markLines = (text: string, mark: string): string =>
  wrap(text).replace(/^/gm, `  ${faint(mark)} `)

/**
 * Opens or closes the pull request at Local GitHub, runs the built bundle for the event, and prints its log. Clears
 * Local Neon's request log first, so that it contains only this run.
 */
export const runAndPrint = async (
  { neon, github }: { readonly neon: LocalNeon; readonly github: LocalGitHub },
  activityType: string,
  inputs: Step['inputs'] = {},
): Promise<StepResult> => {
  const shownInputs = Object.entries(inputs).map(([name, value]) => `${name}: ${value}`)
  const suffix = shownInputs.length > 0 ? faint(`   with: ${shownInputs.join(', ')}`) : ''
  say(`  ${styleText('bold', `pull_request ${activityType}`)}${suffix}`)
  neon.clearRequests()
  github.setState(PULL_REQUEST.number, activityType === 'closed' ? 'closed' : 'open')
  const result = await runStep({
    // The first request to an auth service starts it, which is slow on a busy machine.
    ...stepOf({ neon, github }, activityType, { timeout: '120', ...inputs }),
    event: ['pull_request', activityType, PULL_REQUEST],
  })
  say(markLines(readableLog(result.log), '│'))
  return result
}
