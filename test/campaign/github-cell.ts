import { BAD_GATEWAY } from '../local-github/answers.ts'
import { type Fault, rateLimited, secondaryRateLimited } from '../local-github/faults.ts'
import type { Services } from '../scenarios.ts'
import { timeoutFor, type Verdict } from './fault-cell.ts'
import type { GitHubScenario, PreparedGitHubScenario } from './github-scenarios.ts'
import { type CompletedRun, labeled, reportProblems, runStepOn } from './run-step.ts'

/** A fault to inject into a request to GitHub. */
export interface GitHubFault {
  readonly name: string
  readonly fault: () => Fault
  /** What a warning or an error must match. */
  readonly message: RegExp
  /** The next attempt succeeds, so the run must recover without a warning. */
  readonly isTemporary: boolean
}

const LOST = /other side closed|ECONNRESET|socket hang up|terminated|fetch failed/
const SLOW = /no response within|The run timed out after \d+ seconds while waiting for GitHub/
const SHAPE =
  /does not match GitHub's documentation|its (response (names no|is not a list|does not say)|list of .* lacks)|not JSON|could not be read/

const temporaryFault = (name: string, fault: Fault, message: RegExp): GitHubFault => ({
  name,
  fault: () => fault,
  message,
  isTemporary: true,
})

const refusal = (status: number, message: string): GitHubFault => ({
  name: String(status),
  fault: () => ({ status, body: { message } }),
  message: new RegExp(`\\b${status}\\b`),
  isTemporary: false,
})

const malformedResponse = (name: string, body: unknown): GitHubFault => ({
  name,
  fault: () => ({ body }),
  message: SHAPE,
  isTemporary: false,
})

/** Every fault. A full campaign injects each into every request to GitHub. */
export const GITHUB_FAULTS: readonly GitHubFault[] = [
  temporaryFault('reset', 'reset', LOST),
  temporaryFault('reset-after', 'reset-after', LOST),
  temporaryFault('502', BAD_GATEWAY, /\b502\b/),
  temporaryFault('lost', 'lost', /\b502\b/),
  temporaryFault('500', { status: 500, body: '<html>Unicorn!</html>' }, /\b500\b/),
  temporaryFault('hang', 'hang', SLOW),
  temporaryFault('hang-after', 'hang-after', SLOW),
  {
    name: '429',
    fault: () => secondaryRateLimited(1),
    message: /rate limit/,
    isTemporary: true,
  },
  {
    name: 'rate limit',
    fault: () => rateLimited(2),
    message: /rate limit/,
    isTemporary: true,
  },
  refusal(401, 'Bad credentials'),
  refusal(403, 'Resource not accessible by integration'),
  refusal(404, 'Not Found'),
  malformedResponse('{}', {}),
  malformedResponse('[]', []),
  malformedResponse('html', '<html>A proxy that answers for GitHub</html>'),
]

/** One request to GitHub in one scenario, and the fault injected into it. */
export interface GitHubCell {
  readonly scenario: GitHubScenario
  /** `GET /repos/…/pulls/2#1`: the first of its kind. */
  readonly request: string
  readonly fault: GitHubFault
  /** The fault also hits every later request of the kind. */
  readonly lasting: boolean
}

/** Returns the name of a cell's fault: `403`, `lasting hang`. */
export const gitHubLabel = ({ fault, lasting }: GitHubCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const HANGING = /hang/

/**
 * Returns the run's timeout in seconds. A hanging request may cost up to a quarter of it, and a lasting fault may use
 * it up.
 */
const timeoutOf = (
  { fault, lasting }: GitHubCell,
  baseline: Pick<CompletedRun, 'tookMs'>,
): number => timeoutFor(baseline, lasting ? 10 : HANGING.test(fault.name) ? 24 : 40)

const arm = ({ github }: Services, { request, fault, lasting }: GitHubCell): void => {
  const [, kind = '', nth = '1'] = /^(.*)#(\d+)$/.exec(request) ?? []
  github.fault(new RegExp(`^${RegExp.escape(kind)}$`), fault.fault(), {
    skip: Number(nth) - 1,
    ...(!lasting && { times: 1 }),
  })
}

/** Returns the requests to GitHub since the scenario was prepared, numbered within their kind. */
const namedGitHubRequests = ({ github }: Services): string[] => {
  const seen = new Map<string, number>()
  return github.requests.map((request) => {
    const nth = (seen.get(request) ?? 0) + 1
    seen.set(request, nth)
    return `${request}#${nth}`
  })
}

/**
 * Matches requests that GitHub may also answer with an empty list: before the first deployment, and before the first
 * status of a deployment. A run cannot take that for a fault.
 */
const MAY_LIST_NOTHING = /\/deployments(\/\d+\/statuses)?#/

const outcomeProblems = async (
  cell: GitHubCell,
  { finished }: CompletedRun,
  prepared: PreparedGitHubScenario,
): Promise<string[]> => {
  const { fault, lasting } = cell
  const { error, warning } = finished.annotations
  if (error.length === 0 && finished.exitCode !== 0) return ['it fails without an error']
  const isSilent = error.length === 0 && warning.length === 0
  if (isSilent && fault.name === '[]' && MAY_LIST_NOTHING.test(cell.request)) return []
  if (isSilent) return [...(await prepared.problems(finished)), ...prepared.gitHubProblems()]
  const messages = [...error, ...warning]
  const named = messages.some((one) => fault.message.test(one))
  return [
    ...(named ? [] : [`it does not name the fault: ${messages.join(' | ')}`]),
    ...(fault.isTemporary && !lasting ? [`it does not recover: ${messages.join(' | ')}`] : []),
  ]
}

const secondRunProblems = async (
  services: Services,
  prepared: PreparedGitHubScenario,
): Promise<string[]> => {
  const second = await runStepOn(services, prepared.step, 40)
  const { finished } = second
  return [
    ...reportProblems(second),
    ...(finished.exitCode === 0
      ? [...(await prepared.problems(finished)), ...prepared.gitHubProblems()]
      : [`it fails: ${finished.annotations.error[0] ?? finished.log}`]),
    ...(await prepared.damage()),
  ]
}

/**
 * Runs a scenario's step with the cell's fault, then again without it. `baseline` is a run without faults. A
 * first run that succeeds counts as converged even if it warns. The second run must then reach the expected state.
 */
export const runGitHubFaultCell = async (
  services: Services,
  cell: GitHubCell,
  baseline: Pick<CompletedRun, 'tookMs'>,
): Promise<Verdict> => {
  const prepared = await cell.scenario.prepare(services)
  arm(services, cell)
  const first = await runStepOn(services, prepared.step, timeoutOf(cell, baseline))
  services.github.clearFaults()
  const wasSent = namedGitHubRequests(services).includes(cell.request)
  const problems = [
    ...labeled('first run', [
      ...(wasSent ? [] : ['the request was never sent']),
      ...reportProblems(first),
      ...(await outcomeProblems(cell, first, prepared)),
      ...(await prepared.damage()),
    ]),
    ...labeled('second run', await secondRunProblems(services, prepared)),
  ]
  const outcome = first.finished.exitCode === 0 ? 'converged' : 'failed with cause'
  return { outcome: problems.length > 0 ? 'wrong' : outcome, problems, log: first.finished.log }
}

/** A run without faults: its requests to GitHub, and how long this machine needs for it. */
export interface GitHubRun extends Pick<CompletedRun, 'tookMs'> {
  readonly requests: readonly string[]
}

const runWithoutFault = async (
  services: Services,
  scenario: GitHubScenario,
): Promise<GitHubRun> => {
  const prepared = await scenario.prepare(services)
  const run = await runStepOn(services, prepared.step, 60)
  const requests = namedGitHubRequests(services)
  const { exitCode, log, annotations } = run.finished
  const problems = [
    ...reportProblems(run),
    ...(exitCode === 0 ? await prepared.problems(run.finished) : ['it fails']),
    ...prepared.gitHubProblems(),
    ...(await prepared.damage()),
    ...annotations.warning.map((warning) => `it warns: ${warning}`),
  ]
  if (problems.length === 0) return { requests, tookMs: run.tookMs }
  throw new Error(`${scenario.name}, without a fault: ${problems.join('; ')}\n${log}`)
}

/**
 * Runs a scenario twice without faults. Returns only the requests that both runs sent, because a slow run may
 * check the pull request once more. Throws if a run warns or does not reach the expected state.
 */
export const observeGitHub = async (
  services: Services,
  scenario: GitHubScenario,
): Promise<GitHubRun> => {
  const first = await runWithoutFault(services, scenario)
  const second = await runWithoutFault(services, scenario)
  return {
    requests: second.requests.filter((request) => first.requests.includes(request)),
    tookMs: Math.max(first.tookMs, second.tookMs),
  }
}
