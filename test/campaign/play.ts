import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { type Finished, type Step, startStep } from '../runner.ts'
import type { World } from '../scenarios.ts'
import {
  isWrite,
  kindOf,
  namedRequests,
  type RequestName,
  statementOf,
  textOf,
} from './requests.ts'

/** A step that has ended, with what it did to Local Neon. */
export interface Played {
  readonly finished: Finished
  /** From its start to its end, in ms. */
  readonly tookMs: number
  /** It did not end by itself, long after its time was over. */
  readonly overran: boolean
  readonly requests: readonly { readonly name: RequestName; readonly request: LoggedRequest }[]
  /** The writes that had their effect, told or not: `createNeonAuth {…}`. */
  readonly effects: readonly string[]
}

/** The same bundle starts thousands of times. */
const COMPILED = join(tmpdir(), 'neon-auth-preview-action-compiled')
/** A machine under load is slow; a run that hangs is slower. */
const MERCY_MS = 30_000

/** The writes so far that had their effect, told or not: `POST createNeonAuth {…}`, `SQL DO …`. */
export const effectsOf = (world: World): string[] =>
  world.neon.requests
    .filter((request) => isWrite(request) && (request.effect ?? 500) < 300)
    .map((request) => {
      // It carries object IDs, the time, and what makes it harmless to send it twice.
      if (request.plane === 'sql') return `SQL ${statementOf(request).replace(/\d+/g, '#')}`
      const what = textOf({ ...kindOf(world, request), nth: 0 }).replace(/#0$/, '')
      return `${request.method} ${what} ${JSON.stringify(request.requestBody ?? {})}`
    })

/** The step, with so many seconds to take. */
export const withTimeout = (step: Step, timeout: number): Step => ({
  ...step,
  inputs: { ...step.inputs, timeout: String(timeout) },
  env: { ...step.env, NODE_COMPILE_CACHE: COMPILED },
})

/** Plays a step to its end, with a log of requests of its own; faults that were armed stay so. */
export const playOn = async (world: World, step: Step, timeout: number): Promise<Played> => {
  const { neon } = world
  neon.clearRequests()
  const started = performance.now()
  const running = startStep(withTimeout(step, timeout))
  let overran = false
  const limit = setTimeout(
    () => {
      overran = true
      running.kill('SIGKILL')
    },
    timeout * 1000 + MERCY_MS,
  )
  const finished = await running.finished
  clearTimeout(limit)
  const tookMs = performance.now() - started
  await world.quiet()
  neon.faults.clear()
  return { finished, tookMs, overran, requests: namedRequests(world), effects: effectsOf(world) }
}

/** Effects of these are mails and the like: a second one is another mail, not another state. */
const MAILS = /^POST sendNeonAuth/

/** The writes that changed something. */
export const changesOf = ({ effects }: Pick<Played, 'effects'>): string[] =>
  effects.filter((effect) => !MAILS.test(effect))

/** The writes of `effects` that may happen only as often as in a run without faults, but did more often. */
export const twice = (effects: readonly string[], usual: readonly string[]): string[] => {
  const count = (list: readonly string[], one: string): number =>
    list.filter((each) => each === one).length
  return [...new Set(effects)]
    .filter((effect) => /^(POST|DELETE) /.test(effect))
    .filter((effect) => count(effects, effect) > count(usual, effect))
    .map(
      (effect) =>
        `done ${count(effects, effect)} times instead of ${count(usual, effect)}: ${effect}`,
    )
}

const SECRETS = ['napi_local', 'correct horse battery', 'gh-very-secret']

/** What is wrong with how a step told of itself, whatever it was and however it ended. */
export const wrongTale = ({ finished, overran, effects }: Played): string[] => {
  const { log, annotations, exitCode, outputs, signal, summary } = finished
  const shown = [log.replace(/^::add-mask::.*$/gm, ''), JSON.stringify(outputs), summary].join('\n')
  const changed = changesOf({ effects }).length > 0
  const errors = annotations.error.length
  return [
    ...(overran ? ['it did not end long after its time was over'] : []),
    ...(log.includes('Unexpected error') ? [`not foreseen: ${annotations.error[0]}`] : []),
    ...SECRETS.filter((secret) => shown.includes(secret)).map((secret) => `it shows ${secret}`),
    ...(signal === null && exitCode !== 0 && exitCode !== 1 ? [`exit code ${exitCode}`] : []),
    ...(exitCode === 0 && errors > 0 ? ['it ended well, with an error annotation'] : []),
    ...(exitCode === 1 && errors !== 1 ? [`${errors} error annotations`] : []),
    ...(exitCode === 0 && outputs.changed !== String(changed)
      ? [
          `outputs: changed is ${outputs.changed}, but the run ${changed ? 'changed' : 'changed nothing of'} Neon`,
        ]
      : []),
    ...(exitCode === 1 && outputs.changed === 'true' && !changed
      ? ['outputs: changed is true, but the run changed nothing']
      : []),
  ]
}
