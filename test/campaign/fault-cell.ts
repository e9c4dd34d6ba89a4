import { isDeepStrictEqual } from 'node:util'
import type { Scenario, Scene, World } from '../scenarios.ts'
import { type Exception, exceptionFor } from './exceptions.ts'
import type { CampaignFault } from './faults.ts'
import { changesOf, labelled, type Played, playOn, repeatedWrites, wrongReport } from './play.ts'
import { isSentOnlyBySlowRuns, matchOf, type RequestName, textOf } from './requests.ts'

/** One request of one scenario, and the fault injected into it. */
export interface FaultCell {
  readonly scenario: Scenario
  readonly request: RequestName
  readonly fault: CampaignFault
  /** The fault hits every request of the kind, not only the first. */
  readonly lasting: boolean
}

/** The result of a cell. */
export interface Verdict {
  readonly outcome: 'converged' | 'failed with cause' | 'wrong'
  /** What went wrong. */
  readonly wrong: readonly string[]
  /** The documented limit that explains what remained. */
  readonly exception?: Exception
  /** The run never sent the request, so no fault was injected. */
  readonly neverSent?: boolean
  /** The log of the run with the fault. */
  readonly log: string
}

const HANGING = /hang|trickle/
const TIME_OVER = /The run timed out after \d+ seconds while waiting for/
/** How many times as long as without a fault a run may take. */
const SLOWEST = 4

/** A run without faults: its writes, and how long this machine needs for it. */
export type Baseline = Pick<Played, 'effects' | 'tookMs'>

/**
 * Returns a timeout in seconds: at least `seconds`, and more on a machine so slow that the time could be
 * over before the fault shows.
 */
export const timeoutFor = ({ tookMs }: Pick<Baseline, 'tookMs'>, seconds: number): number =>
  Math.max(seconds, Math.ceil((tookMs * SLOWEST) / 1000))

/** Returns the run's timeout in seconds. A hanging request may cost a quarter of it, and a lasting fault uses it up. */
const timeoutOf = ({ scenario, fault, lasting }: FaultCell, baseline: Baseline): number => {
  const least = lasting ? 10 : HANGING.test(fault.name) ? 16 : 40
  return timeoutFor(baseline, least + 2 * scenario.pauses)
}

/** Returns the name of a cell's fault: `423`, `lasting hang`. */
export const labelOf = ({ fault, lasting }: FaultCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const exceptionOf = (cell: FaultCell): Exception | undefined =>
  exceptionFor(cell.scenario.name, textOf(cell.request), labelOf(cell))

const wasSent = (request: RequestName, { requests }: Pick<Played, 'requests'>): boolean =>
  requests.some(({ name }) => textOf(name) === textOf(request))

/** Whether a message names a request of the cell's kind, with its path under the API's base URL or its whole URL. */
const namesRequest = ({ request }: FaultCell, message: string, { requests }: Played): boolean =>
  requests.some(({ name, request: { method, path } }) => {
    if (textOf({ ...name, nth: 1 }) !== textOf({ ...request, nth: 1 })) return false
    const shown = RegExp.escape(path.replace(/^\/api\/v2/, ''))
    return new RegExp(`${method} (https?://[^/\\s]+)?${shown}[.:]?(\\s|$)`).test(message)
  })

/**
 * Whether the run says which fault it had, in its error or, if that comes of the time that a lasting fault
 * used up, in a warning. A timeout names a request that hangs as the one that it waits for.
 */
const isNamed = (cell: FaultCell, error: string, played: Played): boolean => {
  const { fault, lasting } = cell
  const isNamedBy = (message: string): boolean =>
    fault.message.test(message) ||
    (HANGING.test(fault.name) && TIME_OVER.test(message) && namesRequest(cell, message, played))
  const messages = [error, ...(lasting ? played.finished.annotations.warning : [])]
  return messages.some(isNamedBy) || (exceptionOf(cell)?.message?.test(error) ?? false)
}

const wrongEnd = async (
  cell: FaultCell,
  played: Played,
  timeout: number,
  scene: Scene,
): Promise<string[]> => {
  const { fault, lasting, request } = cell
  const { finished, tookMs } = played
  const common = [
    ...(wasSent(request, played) || isSentOnlyBySlowRuns(request)
      ? []
      : ['the request was never sent']),
    ...(tookMs > timeout * 1500 + 10_000 ? [`it took ${Math.round(tookMs / 1000)} s`] : []),
  ]
  if (finished.exitCode === 0) return [...common, ...(await scene.wrong(finished))]
  const error = finished.annotations.error[0] ?? '(no error annotation)'
  const named = isNamed(cell, error, played)
  const mayFail = lasting || fault.kind === 'misshapen' || exceptionOf(cell)?.mayFail
  return [
    ...common,
    ...(named ? [] : [`it fails without naming the fault: ${error}`]),
    ...(mayFail ? [] : [`it does not recover from a temporary fault: ${error}`]),
  ]
}

const wrongRerun = async (
  { finished, effects }: Played,
  scene: Scene,
  first: Played,
): Promise<string[]> => {
  if (finished.exitCode !== 0) return [`it fails: ${finished.annotations.error[0] ?? finished.log}`]
  const again = first.finished.exitCode === 0 ? changesOf({ effects }) : []
  return [
    ...(await scene.wrong(finished)),
    ...(again.length > 0 ? [`it changes a state that was already right: ${again.join(', ')}`] : []),
  ]
}

/** Returns whether a run made the same writes as without a fault, so that a rerun finds the same state. */
const matchesBaseline = ({ finished, effects }: Played, baseline: readonly string[]): boolean =>
  finished.exitCode === 0 && isDeepStrictEqual(effects, baseline)

const wrongAfterwards = async (
  world: World,
  scene: Scene,
  first: Played,
  baseline: readonly string[],
): Promise<string[]> => {
  const second = await playOn(world, scene.step, 40)
  return [
    ...wrongReport(second),
    ...(await wrongRerun(second, scene, first)),
    ...(await scene.harm()),
    ...repeatedWrites([...changesOf(first), ...changesOf(second)], baseline),
  ]
}

/**
 * Plays a scenario's step with a fault in one request, then again without the fault.
 */
export const playFault = async (
  world: World,
  cell: FaultCell,
  baseline: Baseline,
): Promise<Verdict> => {
  const { scenario, request, fault, lasting } = cell
  const { neon } = world
  const scene = await scenario.prepare(world)
  const breaches = neon.contractBreaches.length
  const timeout = timeoutOf(cell, baseline)
  neon.faults.add({
    match: matchOf(world, request),
    skip: request.nth - 1,
    times: lasting ? 999 : 1,
    fault: fault.fault(),
  })
  const first = await playOn(world, scene.step, timeout)
  const wrong = [
    ...labelled('first run', [
      ...wrongReport(first),
      ...(await wrongEnd(cell, first, timeout, scene)),
      ...(await scene.harm()),
      ...repeatedWrites(first.effects, baseline.effects),
    ]),
  ]
  const afterwards = matchesBaseline(first, baseline.effects)
    ? []
    : await wrongAfterwards(world, scene, first, baseline.effects)
  const exception = exceptionOf(cell)
  const broken = neon.contractBreaches.slice(breaches)
  const found = [...wrong, ...labelled('second run', afterwards), ...labelled('Local Neon', broken)]
  const all = found.filter((one) => !exception?.leaves?.test(one))
  const needed = first.finished.exitCode !== 0 && fault.kind === 'passing' && !lasting
  const excused = exception && (all.length < found.length || needed)
  return {
    outcome:
      all.length > 0 ? 'wrong' : first.finished.exitCode === 0 ? 'converged' : 'failed with cause',
    wrong: all,
    ...(excused && { exception }),
    neverSent: !wasSent(request, first),
    log: first.finished.log,
  }
}

/**
 * Returns the named requests and the writes of a scenario without faults. Plays it twice and keeps
 * only the requests that both runs sent, because a run may poll once more on a busy machine. Throws if
 * the scenario fails without a fault.
 */
export const observe = async (world: World, scenario: Scenario): Promise<Played> => {
  const [first, second] = [
    await playWithoutFault(world, scenario),
    await playWithoutFault(world, scenario),
  ]
  const asked = new Set(first.requests.map(({ name }) => textOf(name)))
  return { ...second, requests: second.requests.filter(({ name }) => asked.has(textOf(name))) }
}

const playWithoutFault = async (world: World, scenario: Scenario): Promise<Played> => {
  const scene = await scenario.prepare(world)
  const played = await playOn(world, scene.step, 60)
  const { finished, effects } = played
  const wrong = [
    ...wrongReport(played),
    ...(finished.exitCode === 0 ? await scene.wrong(finished) : ['it fails']),
    ...(await scene.harm()),
    ...(await wrongAfterwards(world, scene, played, effects)),
  ]
  if (wrong.length === 0) return played
  throw new Error(`${scenario.name}, without a fault: ${wrong.join('; ')}\n${finished.log}`)
}
