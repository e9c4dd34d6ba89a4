import { countInnerStatements } from '../local-neon/abort-statement.ts'
import type { Fault } from '../local-neon/faults.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { startStep } from '../runner.ts'
import type { Scenario, Services } from '../scenarios.ts'
import { type Exception, exceptionFor } from './exceptions.ts'
import {
  isSentOnlyBySlowRuns,
  isWrite,
  matchOf,
  namedRequests,
  type RequestName,
  statementOf,
  textOf,
} from './requests.ts'
import {
  type CompletedRun,
  changesOf,
  effectsOf,
  repeatedWrites,
  reportProblems,
  runStepOn,
  withTimeout,
} from './run-step.ts'

/**
 * When a run is killed: before its request takes effect, right after it, or, together with Postgres,
 * inside the request's transaction after its first statement, its second, and so on.
 */
type Moment = 'before' | 'after' | `within ${number}`

/** A run to kill: its scenario, the request, and the moment. */
export interface KillCell {
  readonly scenario: Scenario
  readonly request: RequestName
  readonly when: Moment
}

/** The result of a kill. */
export interface KillVerdict {
  readonly outcome: 'converged' | 'excepted' | 'wrong'
  readonly problems: readonly string[]
  readonly exception?: Exception
}

/** Returns every point at which to kill a run that sends these requests. A read has only one, because it has no effect. */
export const killsOf = (scenario: Scenario, { requests }: CompletedRun): KillCell[] =>
  requests.flatMap(({ name: request, request: logged }) => {
    const at = (when: Moment): KillCell => ({ scenario, request, when })
    const within = Array.from({ length: countInnerStatements(statementOf(logged)) }, (_, index) =>
      at(`within ${index + 1}`),
    )
    return isWrite(logged) ? [at('before'), ...within, at('after')] : [at('before')]
  })

const faultFor = (when: Moment): Fault => {
  if (when === 'before') return { kind: 'hang' }
  if (when === 'after') return { kind: 'hang-after' }
  return { kind: 'abort-statement', after: Number(when.replace('within ', '')) }
}

/** Starts the step and kills it at the request. Returns `false` if the step ended without sending it. */
const killAt = async (
  services: Services,
  { request, when }: KillCell,
  step: Parameters<typeof startStep>[0],
): Promise<boolean> => {
  const { neon } = services
  neon.clearRequests()
  neon.faults.add({
    match: matchOf(services, request),
    skip: request.nth - 1,
    fault: faultFor(when),
  })
  const isTarget = (logged: LoggedRequest): boolean =>
    namedRequests(services).some(
      (one) => one.request === logged && textOf(one.name) === textOf(request),
    )
  const giveUp = new AbortController()
  const { signal } = giveUp
  const reached = (when === 'before' ? neon.nextRequest : neon.nextEffect)(isTarget, {
    signal,
  }).then(
    () => true,
    () => false,
  )
  const running = startStep(withTimeout(step, 60))
  void running.finished.then(() => giveUp.abort())
  const killed = await reached
  running.kill('SIGKILL')
  await running.finished
  await services.whenIdle()
  neon.faults.clear()
  return killed
}

const exceptionOf = ({ scenario, request, when }: KillCell): Exception | undefined =>
  exceptionFor(scenario.name, textOf(request), `killed ${when}`)

/**
 * Kills a scenario's step at a request and starts the same step again, which must then succeed and leave
 * the expected state. `baseline` lists the writes of a run that is not killed.
 */
export const runKillCell = async (
  services: Services,
  cell: KillCell,
  baseline: readonly string[],
): Promise<KillVerdict> => {
  const prepared = await cell.scenario.prepare(services)
  const breaches = services.neon.contractBreaches.length
  const killed = await killAt(services, cell, prepared.step)
  const half = changesOf({ effects: effectsOf(services) })
  const damage = await prepared.damage()
  const again = await runStepOn(services, prepared.step, 60)
  const { finished } = again
  const problems = [
    ...(killed || isSentOnlyBySlowRuns(cell.request)
      ? []
      : ['the run ended without sending that request']),
    ...damage.map((one) => `killed run: ${one}`),
    ...reportProblems(again),
    ...(finished.exitCode === 0
      ? await prepared.problems(finished)
      : [`it fails: ${finished.annotations.error[0]}`]),
    ...(await prepared.damage()),
    ...repeatedWrites([...half, ...changesOf(again)], baseline),
    ...services.neon.contractBreaches.slice(breaches),
  ]
  const exception = exceptionOf(cell)
  const left = problems.filter((one) => !exception?.leaves?.test(one))
  if (left.length > 0) return { outcome: 'wrong', problems: left }
  return exception && left.length < problems.length
    ? { outcome: 'excepted', problems: [], exception }
    : { outcome: 'converged', problems: [] }
}
