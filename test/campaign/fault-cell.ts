import { isDeepStrictEqual } from 'node:util'
import type { PreparedScenario, Scenario, Services } from '../scenarios.ts'
import { type Exception, exceptionFor } from './exceptions.ts'
import type { CampaignFault } from './faults.ts'
import { isSentOnlyBySlowRuns, matchOf, type RequestName, textOf } from './requests.ts'
import {
  type CompletedRun,
  changesOf,
  labeled,
  repeatedWrites,
  reportProblems,
  runStepOn,
} from './run-step.ts'

/** One request of one scenario, and the fault injected into it. */
export interface FaultCell {
  readonly scenario: Scenario
  readonly request: RequestName
  readonly fault: CampaignFault
  /** The fault also hits every later request of the kind. */
  readonly lasting: boolean
}

/** The result of a cell. */
export interface Verdict {
  readonly outcome: 'converged' | 'failed with cause' | 'wrong'
  /** What went wrong, except for what the exception explains. */
  readonly problems: readonly string[]
  /** The documented limit that the cell needed to pass. */
  readonly exception?: Exception
  /** The run never sent the request, so no fault was injected. */
  readonly neverSent?: boolean
  /** The log of the run with the fault. */
  readonly log: string
}

const HANGING = /hang|trickle/
const TIME_OVER = /The run timed out after \d+ seconds while waiting for/
/** A run's timeout is at least this many times its duration without a fault. Up to nine run at once in one process. */
const SLOWEST = 12

/** A run without faults: its writes, and how long this machine needs for it. */
export type Baseline = Pick<CompletedRun, 'effects' | 'tookMs'>

/**
 * Returns a timeout in seconds: at least `seconds`, and more on a machine so slow that the time could be
 * over before the fault shows.
 */
export const timeoutFor = ({ tookMs }: Pick<Baseline, 'tookMs'>, seconds: number): number =>
  Math.max(seconds, Math.ceil((tookMs * SLOWEST) / 1000))

/** Returns the run's timeout in seconds. A hanging request may cost a quarter of it, and a lasting fault uses it up. */
const timeoutOf = ({ scenario, fault, lasting }: FaultCell, baseline: Baseline): number => {
  const least = lasting ? 10 : HANGING.test(fault.name) ? 16 : 40
  return timeoutFor(baseline, least + 2 * scenario.waitSeconds)
}

/** Returns the name of a cell's fault: `423`, `lasting hang`. */
export const labelOf = ({ fault, lasting }: FaultCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const exceptionOf = (cell: FaultCell): Exception | undefined =>
  exceptionFor(cell.scenario.name, textOf(cell.request), labelOf(cell))

const wasSent = (request: RequestName, { requests }: Pick<CompletedRun, 'requests'>): boolean =>
  requests.some(({ name }) => textOf(name) === textOf(request))

/** Returns whether a message names a request of the cell's kind, with its path under the API's base URL or its whole URL. */
const namesRequest = (
  { request }: FaultCell,
  message: string,
  { requests }: CompletedRun,
): boolean =>
  requests.some(({ name, request: { method, path } }) => {
    if (textOf({ ...name, nth: 1 }) !== textOf({ ...request, nth: 1 })) return false
    const shown = RegExp.escape(path.replace(/^\/api\/v2/, ''))
    return new RegExp(`${method} (https?://[^/\\s]+)?${shown}[.:]?(\\s|$)`).test(message)
  })

/**
 * Returns whether the run names its fault in its error. A lasting fault may be named in a warning instead,
 * because it may have used up the time. For a request that hangs, the timeout error names the request.
 */
const isNamed = (cell: FaultCell, error: string, run: CompletedRun): boolean => {
  const { fault, lasting } = cell
  const isNamedBy = (message: string): boolean =>
    fault.message.test(message) ||
    (HANGING.test(fault.name) && TIME_OVER.test(message) && namesRequest(cell, message, run))
  const messages = [error, ...(lasting ? run.finished.annotations.warning : [])]
  return messages.some(isNamedBy)
}

const errorOf = ({ finished }: CompletedRun): string =>
  finished.annotations.error[0] ?? '(no error annotation)'

/** Returns whether the run failed in a way that only the cell's exception permits. */
const needsException = (cell: FaultCell, run: CompletedRun): boolean => {
  const { fault, lasting } = cell
  if (run.finished.exitCode === 0) return false
  return (fault.kind === 'temporary' && !lasting) || !isNamed(cell, errorOf(run), run)
}

const outcomeProblems = async (
  cell: FaultCell,
  run: CompletedRun,
  timeout: number,
  prepared: PreparedScenario,
): Promise<string[]> => {
  const { fault, lasting, request } = cell
  const { finished, tookMs } = run
  const common = [
    ...(wasSent(request, run) || isSentOnlyBySlowRuns(request)
      ? []
      : ['the request was never sent']),
    ...(tookMs > timeout * 1500 + 10_000 ? [`it took ${Math.round(tookMs / 1000)} s`] : []),
  ]
  if (finished.exitCode === 0) return [...common, ...(await prepared.problems(finished))]
  const error = errorOf(run)
  const exception = exceptionOf(cell)
  const named = isNamed(cell, error, run) || exception?.message?.test(error)
  const mayFail = lasting || fault.kind === 'malformed' || exception?.mayFail
  return [
    ...common,
    ...(named ? [] : [`it fails without naming the fault: ${error}`]),
    ...(mayFail ? [] : [`it does not recover from a temporary fault: ${error}`]),
  ]
}

const rerunProblems = async (
  { finished, effects }: CompletedRun,
  prepared: PreparedScenario,
  first: CompletedRun,
): Promise<string[]> => {
  if (finished.exitCode !== 0) return [`it fails: ${finished.annotations.error[0] ?? finished.log}`]
  const again = first.finished.exitCode === 0 ? changesOf({ effects }) : []
  return [
    ...(await prepared.problems(finished)),
    ...(again.length > 0 ? [`it changes a state that was already right: ${again.join(', ')}`] : []),
  ]
}

/** Returns whether a run made the same writes as without a fault, so that a rerun finds the same state. */
const matchesBaseline = (
  { finished, effects }: CompletedRun,
  baseline: readonly string[],
): boolean => finished.exitCode === 0 && isDeepStrictEqual(effects, baseline)

const secondRunProblems = async (
  services: Services,
  prepared: PreparedScenario,
  first: CompletedRun,
  baseline: readonly string[],
): Promise<string[]> => {
  const second = await runStepOn(services, prepared.step, 40)
  return [
    ...reportProblems(second),
    ...(await rerunProblems(second, prepared, first)),
    ...(await prepared.damage()),
    ...repeatedWrites([...changesOf(first), ...changesOf(second)], baseline),
  ]
}

/**
 * Runs a scenario's step with the cell's fault, then again without it. Skips the second run if the first one
 * succeeded with the same writes as without a fault.
 */
export const runFaultCell = async (
  services: Services,
  cell: FaultCell,
  baseline: Baseline,
): Promise<Verdict> => {
  const { scenario, request, fault, lasting } = cell
  const { neon } = services
  const prepared = await scenario.prepare(services)
  const breaches = neon.contractBreaches.length
  const timeout = timeoutOf(cell, baseline)
  neon.faults.add({
    match: matchOf(services, request),
    skip: request.nth - 1,
    times: lasting ? 999 : 1,
    fault: fault.fault(),
  })
  const first = await runStepOn(services, prepared.step, timeout)
  const problems = [
    ...labeled('first run', [
      ...reportProblems(first),
      ...(await outcomeProblems(cell, first, timeout, prepared)),
      ...(await prepared.damage()),
      ...repeatedWrites(first.effects, baseline.effects),
    ]),
  ]
  const afterwards = matchesBaseline(first, baseline.effects)
    ? []
    : await secondRunProblems(services, prepared, first, baseline.effects)
  const exception = exceptionOf(cell)
  const broken = neon.contractBreaches.slice(breaches)
  const found = [
    ...problems,
    ...labeled('second run', afterwards),
    ...labeled('Local Neon', broken),
  ]
  const all = found.filter((one) => !exception?.leaves?.test(one))
  const excused = exception && (all.length < found.length || needsException(cell, first))
  return {
    outcome:
      all.length > 0 ? 'wrong' : first.finished.exitCode === 0 ? 'converged' : 'failed with cause',
    problems: all,
    ...(excused && { exception }),
    neverSent: !wasSent(request, first),
    log: first.finished.log,
  }
}

/**
 * Returns the named requests and the writes of a scenario without faults. Runs it twice and keeps
 * only the requests that both runs sent, because a run may poll once more on a busy machine. Throws if
 * the scenario fails without a fault.
 */
export const observe = async (services: Services, scenario: Scenario): Promise<CompletedRun> => {
  const [first, second] = [
    await runWithoutFault(services, scenario),
    await runWithoutFault(services, scenario),
  ]
  const asked = new Set(first.requests.map(({ name }) => textOf(name)))
  return { ...second, requests: second.requests.filter(({ name }) => asked.has(textOf(name))) }
}

const runWithoutFault = async (services: Services, scenario: Scenario): Promise<CompletedRun> => {
  const prepared = await scenario.prepare(services)
  const run = await runStepOn(services, prepared.step, 60)
  const { finished, effects } = run
  const problems = [
    ...reportProblems(run),
    ...(finished.exitCode === 0 ? await prepared.problems(finished) : ['it fails']),
    ...(await prepared.damage()),
    ...(await secondRunProblems(services, prepared, run, effects)),
  ]
  if (problems.length === 0) return run
  throw new Error(`${scenario.name}, without a fault: ${problems.join('; ')}\n${finished.log}`)
}
