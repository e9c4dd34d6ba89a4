import { isDeepStrictEqual } from 'node:util'
import type { Scenario, Scene, World } from '../scenarios.ts'
import { type Exception, exceptionFor } from './exceptions.ts'
import type { CampaignFault } from './faults.ts'
import { changesOf, type Played, playOn, twice, wrongTale } from './play.ts'
import { isOnlyMadeLate, matchOf, type RequestName, textOf } from './requests.ts'

/** One request of one scenario, and what goes wrong with it. */
export interface FaultCell {
  readonly scenario: Scenario
  readonly request: RequestName
  readonly fault: CampaignFault
  /** It goes wrong again and again, not once. */
  readonly lasting: boolean
}

/** What came of a cell. */
export interface Verdict {
  readonly outcome: 'converged' | 'failed by name' | 'wrong'
  /** What was wrong. */
  readonly wrong: readonly string[]
  /** The documented limit that explains what did not come right. */
  readonly exception?: Exception
  /** The run had no need of the request, so there was nothing to get over. */
  readonly isNotMade?: boolean
  /** The log of the run that the fault was for. */
  readonly log: string
}

const HANGING = /hang|trickle/
const TIME_OVER = /The run timed out after \d+ seconds while/

/** Seconds for the run: one that hangs must have a quarter to lose, one whose fault lasts ends by it. */
const timeoutOf = ({ scenario, fault, lasting }: FaultCell): number => {
  const least = lasting ? 6 : HANGING.test(fault.name) ? 16 : 40
  return least + 2 * scenario.pauses
}

/** `423`, `lasting hang`. */
export const labelOf = ({ fault, lasting }: FaultCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const exceptionOf = (cell: FaultCell): Exception | undefined =>
  exceptionFor(cell.scenario.name, textOf(cell.request), labelOf(cell))

const isMade = (request: RequestName, { requests }: Pick<Played, 'requests'>): boolean =>
  requests.some(({ name }) => textOf(name) === textOf(request))

const wrongEnd = async (
  cell: FaultCell,
  { finished, tookMs, ...played }: Played,
  timeout: number,
  scene: Scene,
): Promise<string[]> => {
  const { fault, lasting, request } = cell
  const common = [
    ...(isMade(request, played) || isOnlyMadeLate(request) ? [] : ['the request was never made']),
    ...(tookMs > timeout * 1500 + 10_000 ? [`it took ${Math.round(tookMs / 1000)} s`] : []),
  ]
  if (finished.exitCode === 0) return [...common, ...(await scene.wrong(finished))]
  const told = finished.annotations.error[0] ?? '(no error annotation)'
  const exception = exceptionOf(cell)
  // One that lasts may end with the run's time: the error then names the request, the log the fault.
  const byTime = lasting && TIME_OVER.test(told) && fault.told.test(finished.log)
  const named = fault.told.test(told) || byTime || exception?.told?.test(told)
  const mayFail = lasting || fault.kind === 'misshapen' || exception?.mayFail
  return [
    ...common,
    ...(named ? [] : [`it fails without naming the fault: ${told}`]),
    ...(mayFail ? [] : [`it fails by a fault that passes: ${told}`]),
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
    ...(again.length > 0 ? [`it changes what was as asked: ${again.join(', ')}`] : []),
  ]
}

/** The same writes in the same order: what another run finds is what it finds after no fault at all. */
const isUsual = ({ finished, effects }: Played, usual: readonly string[]): boolean =>
  finished.exitCode === 0 && isDeepStrictEqual(effects, usual)

const wrongAfterwards = async (
  world: World,
  scene: Scene,
  first: Played,
  usual: readonly string[],
): Promise<string[]> => {
  const second = await playOn(world, scene.step, 40)
  return [
    ...wrongTale(second),
    ...(await wrongRerun(second, scene, first)),
    ...(await scene.harm()),
    ...twice([...changesOf(first), ...changesOf(second)], usual),
  ]
}

const labelled = (label: string, wrong: readonly string[]): string[] =>
  wrong.map((one) => `${label}: ${one}`)

/**
 * Plays a scenario's step with a fault in one request, then once more without. `usual` are the
 * writes that a run without faults makes.
 */
export const playFault = async (
  world: World,
  cell: FaultCell,
  usual: readonly string[],
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
      ...wrongTale(first),
      ...(await wrongEnd(cell, first, timeout, scene)),
      ...(await scene.harm()),
      ...twice(first.effects, usual),
    ]),
  ]
  const afterwards = isUsual(first, usual) ? [] : await wrongAfterwards(world, scene, first, usual)
  const exception = exceptionOf(cell)
  const broken = neon.contractBreaches.slice(breaches)
  const found = [...wrong, ...labelled('second run', afterwards), ...labelled('Local Neon', broken)]
  const all = found.filter((one) => !exception?.leaves?.test(one))
  const needed = first.finished.exitCode !== 0 && fault.kind === 'passing' && !lasting
  const excused = exception && (all.length < found.length || needed)
  return {
    outcome:
      all.length > 0 ? 'wrong' : first.finished.exitCode === 0 ? 'converged' : 'failed by name',
    wrong: all,
    ...(excused && { exception }),
    isNotMade: !isMade(request, first),
    log: first.finished.log,
  }
}

/**
 * A scenario's requests, each named, and its writes, as a run without faults makes them. Played
 * twice, as a busy machine may make a run ask something once more: what only one of the two asked is
 * left out. Throws when the scenario fails without a fault.
 */
export const observe = async (world: World, scenario: Scenario): Promise<Played> => {
  const [first, second] = [await playWell(world, scenario), await playWell(world, scenario)]
  const asked = new Set(first.requests.map(({ name }) => textOf(name)))
  return { ...second, requests: second.requests.filter(({ name }) => asked.has(textOf(name))) }
}

const playWell = async (world: World, scenario: Scenario): Promise<Played> => {
  const scene = await scenario.prepare(world)
  const played = await playOn(world, scene.step, 60)
  const { finished, effects } = played
  const wrong = [
    ...wrongTale(played),
    ...(finished.exitCode === 0 ? await scene.wrong(finished) : ['it fails']),
    ...(await scene.harm()),
    ...(await wrongAfterwards(world, scene, played, effects)),
  ]
  if (wrong.length === 0) return played
  throw new Error(`${scenario.name}, without a fault: ${wrong.join('; ')}\n${finished.log}`)
}
