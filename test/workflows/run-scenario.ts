import { messageOf } from '../../src/core/problem.ts'
import type { ActProcess, ActRun } from './act.ts'
import { isOwn, jobsOf, type RunnableJob } from './jobs.ts'
import { runOwnJob } from './own-job.ts'
import { secretsOf, startRun } from './run.ts'
import type { EventCase, Scenario } from './scenario.ts'
import { resetServices, type Services } from './services.ts'
import { type GitHubEvent, startsOn } from './trigger.ts'
import { problemsOf } from './verdict.ts'

const PERMISSIONS = [
  'contents: read',
  'pull-requests: read',
  'pull-requests: write',
  'deployments: read',
] as const

const allows = ({ permissions }: RunnableJob, permission: string): boolean => {
  const [scope = '', level] = permission.split(': ')
  const granted = permissions[scope]
  return granted === 'write' || (granted === 'read' && level === 'read')
}

/** Gives the token only the permissions that every running job with this action has. act does not enforce them. */
const grantPermissions = ({ github }: Services, running: readonly RunnableJob[]): void => {
  const ownJobs = running.filter(({ steps }) => steps.some(isOwn))
  for (const permission of PERMISSIONS) {
    if (ownJobs.every((job) => allows(job, permission))) github.permit(permission)
    else github.forbid(permission)
  }
}

interface PullRequest {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly head: {
    readonly ref: string
    readonly sha: string
    readonly repo: { full_name: string }
  }
}

/** Updates GitHub's view of the event's pull request. */
const followEvent = ({ github }: Services, { payload }: GitHubEvent): void => {
  const pull = payload['pull_request'] as PullRequest | undefined
  if (!pull) return
  const { ref: headRef, sha: headSha, repo } = pull.head
  github.setPull(pull.number, { state: pull.state, headRef, headSha, headRepo: repo.full_name })
}

const checkProblems = async (
  services: Services,
  eventCase: EventCase,
  run: ActRun,
): Promise<string[]> => {
  try {
    await eventCase.check?.(services, run)
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

const NOTHING: ActRun = { exitCode: 0, jobs: [], log: '', summaries: [] }

/** A finished run, and the error of the interference with it, if that failed. */
interface InterferedRun {
  readonly run: ActRun
  readonly failure?: string
}

/** Waits for a run while the case interferes with it. If that throws, cancels the run. */
const runWithInterference = async (
  services: Services,
  eventCase: EventCase,
  run: ActProcess,
): Promise<InterferedRun> => {
  try {
    await eventCase.during?.(services, run)
  } catch (error) {
    run.cancel()
    return { run: await run.finished, failure: messageOf(error) }
  }
  return { run: await run.finished }
}

/** The result of one event. */
export interface EventResult {
  readonly eventCase: EventCase
  readonly problems: readonly string[]
  readonly run: ActRun
}

const runCase = async (
  services: Services,
  { workflow, vars = {}, files = {}, ownJob }: Scenario,
  text: string,
  eventCase: EventCase,
): Promise<EventResult> => {
  const { event } = eventCase
  followEvent(services, event)
  await eventCase.given?.(services)
  const expected = eventCase.jobs === 'not started' ? {} : eventCase.jobs
  const starts = startsOn(text, event)
  if (starts === (eventCase.jobs === 'not started')) {
    const problems = [`${event.name} should ${starts ? 'not ' : ''}start the workflow`]
    return { eventCase, problems, run: NOTHING }
  }
  if (!starts)
    return { eventCase, problems: await checkProblems(services, eventCase, NOTHING), run: NOTHING }
  const jobs = jobsOf(text)
  grantPermissions(
    services,
    jobs.filter(({ id }) => id in expected),
  )
  const name = workflow.endsWith('.yml') ? (workflow.split('/').at(-1) ?? '') : 'page.yml'
  const request = { text, name, vars, files }
  if (ownJob && eventCase.during) throw new Error('`during` cannot be combined with `ownJob`')
  const { run, failure }: InterferedRun = ownJob
    ? { run: await runOwnJob(services, request, ownJob, event) }
    : await runWithInterference(services, eventCase, startRun(services, request, event))
  if (failure !== undefined) return { eventCase, run, problems: [failure] }
  const secrets = [...Object.values(secretsOf(services)), 'ghs_local']
  const problems = problemsOf(jobs, run, expected, secrets)
  return {
    eventCase,
    run,
    problems: [...problems, ...(await checkProblems(services, eventCase, run))],
  }
}

/** Runs the cases of a workflow, up to the first one that does not go as expected. */
export const runScenario = async (
  services: Services,
  scenario: Scenario,
  text: string,
): Promise<EventResult[]> => {
  await resetServices(services)
  const results: EventResult[] = []
  for (const eventCase of scenario.cases) {
    const breaches = services.neon.contractBreaches.length
    const result = await runCase(services, scenario, text, eventCase).catch((error: unknown) => ({
      eventCase,
      problems: [messageOf(error)],
      run: NOTHING,
    }))
    const broken = services.neon.contractBreaches
      .slice(breaches)
      .map((breach) => `Local Neon broke its contract: ${breach}`)
    results.push({ ...result, problems: [...result.problems, ...broken] })
    if (result.problems.length + broken.length > 0) break
  }
  return results
}
