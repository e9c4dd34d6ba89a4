import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../src/core/problem.ts'
import { TOKEN } from '../local-github/server.ts'
import { DEFAULT_API_KEY } from '../local-neon/local-neon.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { PASSWORD, PRODUCTION_MAIL } from '../preview.ts'
import type { Step, StepResult } from '../runner.ts'
import { CLIENT_SECRET, type Services } from '../scenarios.ts'
import { withoutMasks } from '../without-masks.ts'
import {
  isWrite,
  kindOf,
  namedRequests,
  type RequestName,
  statementOf,
  textOf,
} from './requests.ts'

/** A finished step, and what it did to Local Neon. */
export interface CompletedRun {
  readonly finished: StepResult
  /** How long it took, in ms. */
  readonly tookMs: number
  /** It was still running long after its timeout and had to be killed. */
  readonly overran: boolean
  readonly requests: readonly { readonly name: RequestName; readonly request: LoggedRequest }[]
  /** The writes that took effect, even if their response was lost: `POST createNeonAuth {…}`. */
  readonly effects: readonly string[]
}

/** The folder of the compile cache, which saves time because the same bundle starts thousands of times. */
export const COMPILED = join(tmpdir(), 'neon-auth-preview-action-compiled')
/** How long a run may exceed its timeout before it counts as hanging: a busy machine is slow. */
const GRACE_MS = 30_000

/** Returns the writes so far that took effect, even without a response: `POST createNeonAuth {…}`, `SQL DO …`. */
export const effectsOf = (services: Services): string[] =>
  services.neon.requests
    .filter((request) => isWrite(request) && (request.effect ?? 500) < 300)
    .map((request) => {
      // The statement contains object IDs, the time, and a guard against being sent twice.
      if (request.plane === 'sql') return `SQL ${statementOf(request).replace(/\d+/g, '#')}`
      const what = textOf({ ...kindOf(services, request), nth: 0 }).replace(/#0$/, '')
      return `${request.method} ${what} ${JSON.stringify(request.requestBody ?? {})}`
    })

/** Returns the step with a timeout in seconds and the compile cache. */
export const withTimeout = (step: Step, timeout: number): Step => ({
  ...step,
  inputs: { ...step.inputs, timeout: String(timeout) },
  env: { ...step.env, NODE_COMPILE_CACHE: COMPILED },
})

/**
 * Runs a step to its end with a fresh request log. Faults at Neon that are already armed apply to it, then end.
 * Kills a step that hangs. A step within this process cannot be killed, so then the function throws.
 */
export const runStepOn = async (
  services: Services,
  step: Step,
  timeout: number,
): Promise<CompletedRun> => {
  const { neon } = services
  neon.clearRequests()
  const started = performance.now()
  const running = services.start(withTimeout(step, timeout))
  let overran = false
  const limit = setTimeout(
    () => {
      overran = true
      running.kill('SIGKILL')
    },
    timeout * 1000 + GRACE_MS,
  )
  const finished = await running.finished
    .catch((error: unknown) => {
      neon.faults.clear()
      if (!overran) throw error
      const late = `A step was still running ${GRACE_MS / 1000} seconds after its timeout.`
      throw new Error(`${late} ${messageOf(error)}`, { cause: error })
    })
    .finally(() => clearTimeout(limit))
  const tookMs = performance.now() - started
  await services.whenIdle()
  neon.faults.clear()
  return {
    finished,
    tookMs,
    overran,
    requests: namedRequests(services),
    effects: effectsOf(services),
  }
}

/** These send emails, which changes no state. */
const MAILS = /^POST sendNeonAuth/

/** Returns the writes that changed state. */
export const changesOf = ({ effects }: Pick<CompletedRun, 'effects'>): string[] =>
  effects.filter((effect) => !MAILS.test(effect))

/** Returns the POST and DELETE requests that took effect more often than in a run without faults. */
export const repeatedWrites = (
  effects: readonly string[],
  baseline: readonly string[],
): string[] => {
  const count = (list: readonly string[], one: string): number =>
    list.filter((each) => each === one).length
  return [...new Set(effects)]
    .filter((effect) => /^(POST|DELETE) /.test(effect))
    .filter((effect) => count(effects, effect) > count(baseline, effect))
    .map(
      (effect) =>
        `done ${count(effects, effect)} times instead of ${count(baseline, effect)}: ${effect}`,
    )
}

const SECRETS = [DEFAULT_API_KEY, TOKEN, PASSWORD, CLIENT_SECRET, PRODUCTION_MAIL.password]

/** Returns what is wrong with a step's log, files, and exit code, whatever the step did. */
export const reportProblems = ({ finished, overran, effects }: CompletedRun): string[] => {
  const { log, annotations, exitCode, outputs, exported, signal, summary } = finished
  const values = [outputs, exported].flatMap((variables) => Object.values(variables))
  const shown = [withoutMasks(log), ...values, summary].join('\n')
  const changed = changesOf({ effects }).length > 0
  const errors = annotations.error.length
  return [
    ...(overran ? ['it was still running long after its timeout'] : []),
    ...(log.includes('Unexpected error') ? [`unexpected error: ${annotations.error[0]}`] : []),
    ...SECRETS.filter((secret) => shown.includes(secret)).map((secret) => `it shows ${secret}`),
    ...(signal !== null && !overran ? [`it was ended by ${signal}`] : []),
    ...(signal === null && exitCode !== 0 && exitCode !== 1 ? [`exit code ${exitCode}`] : []),
    ...(exitCode === 0 && errors > 0 ? ['it succeeded with an error annotation'] : []),
    ...(exitCode === 1 && errors !== 1 ? [`${errors} error annotations`] : []),
    ...(exitCode === 0 && outputs.changed !== String(changed)
      ? [
          `outputs: changed is ${outputs.changed}, but the run ${changed ? 'changed something' : 'changed nothing'}`,
        ]
      : []),
    ...(exitCode === 1 && outputs.changed === 'true' && !changed
      ? ['outputs: changed is true, but the run changed nothing']
      : []),
  ]
}

/** Returns the problems, each after the name of the run that has it. */
export const labeled = (label: string, problems: readonly string[]): string[] =>
  problems.map((problem) => `${label}: ${problem}`)
