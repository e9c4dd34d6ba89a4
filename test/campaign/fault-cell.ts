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
const TIME_OVER = /The run timed out after \d+ seconds while/

/** Returns the run's timeout in seconds. A hanging request may cost a quarter of it, and a lasting fault uses it up. */
const timeoutOf = ({ scenario, fault, lasting }: FaultCell): number => {
  const least = lasting ? 10 : HANGING.test(fault.name) ? 16 : 40
  return least + 2 * scenario.pauses
}

/** Returns the name of a cell's fault: `423`, `lasting hang`. */
export const labelOf = ({ fault, lasting }: FaultCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const exceptionOf = (cell: FaultCell): Exception | undefined =>
  exceptionFor(cell.scenario.name, textOf(cell.request), labelOf(cell))

const wasSent = (request: RequestName, { requests }: Pick<Played, 'requests'>): boolean =>
  requests.some(({ name }) => textOf(name) === textOf(request))

const wrongEnd = async (
  cell: FaultCell,
  { finished, tookMs, ...played }: Played,
  timeout: number,
  scene: Scene,
): Promise<string[]> => {
  const { fault, lasting, request } = cell
  const common = [
    ...(wasSent(request, played) || isSentOnlyBySlowRuns(request)
      ? []
      : ['the request was never sent']),
    ...(tookMs > timeout * 1500 + 10_000 ? [`it took ${Math.round(tookMs / 1000)} s`] : []),
  ]
  if (finished.exitCode === 0) return [...common, ...(await scene.wrong(finished))]
  const error = finished.annotations.error[0] ?? '(no error annotation)'
  const exception = exceptionOf(cell)
  // A lasting fault may end in a timeout. The error then names the request, and the log the fault.
  const timedOut = lasting && TIME_OVER.test(error) && fault.message.test(finished.log)
  const named = fault.message.test(error) || timedOut || exception?.message?.test(error)
  const mayFail = lasting || fault.kind === 'misshapen' || exception?.mayFail
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
 * Plays a scenario's step with a fault in one request, then again without the fault. `baseline` lists
 * the writes of a run without faults.
 */
export const playFault = async (
  world: World,
  cell: FaultCell,
  baseline: readonly string[],
): Promise<Verdict> => {
  const { scenario, request, fault, lasting } = cell
  const { neon } = world
  const scene = await scenario.prepare(world)
  const breaches = neon.contractBreaches.length
  const timeout = timeoutOf(cell)
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
      ...repeatedWrites(first.effects, baseline),
    ]),
  ]
  const afterwards = matchesBaseline(first, baseline)
    ? []
    : await wrongAfterwards(world, scene, first, baseline)
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
