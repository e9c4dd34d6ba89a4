import type { ActProcess, ActRun } from './act.ts'
import { isOwn, jobsOf, type RunnableJob } from './jobs.ts'
import { runOwnJob } from './own-job.ts'
import { secretsOf, startRun } from './run.ts'
import type { Scenario, Scene } from './scenario.ts'
import { type GitHubEvent, startsOn } from './trigger.ts'
import { faultsOf } from './verdict.ts'
import { resetWorld, type World } from './world.ts'

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

/** Gives the token only what every job with this action has: act does not enforce `permissions`. */
const grantPermissions = ({ github }: World, running: readonly RunnableJob[]): void => {
  const asking = running.filter(({ steps }) => steps.some(isOwn))
  for (const permission of PERMISSIONS) {
    if (asking.every((job) => allows(job, permission))) github.permit(permission)
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
const followEvent = ({ github }: World, { payload }: GitHubEvent): void => {
  const pull = payload['pull_request'] as PullRequest | undefined
  if (!pull) return
  const { ref: headRef, sha: headSha, repo } = pull.head
  github.setPull(pull.number, { state: pull.state, headRef, headSha, headRepo: repo.full_name })
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const afterwards = async (world: World, scene: Scene, run: ActRun): Promise<string[]> => {
  try {
    await scene.check?.(world, run)
    return world.neon.contractBreaches.map((breach) => `Local Neon broke its contract: ${breach}`)
  } catch (error) {
    return [messageOf(error)]
  }
}

const NOTHING: ActRun = { exitCode: 0, jobs: [], log: '', summaries: [] }

const interfere = async (world: World, scene: Scene, run: ActProcess): Promise<ActRun> => {
  try {
    await scene.during?.(world, run)
  } catch (error) {
    run.cancel()
    await run.finished
    throw error
  }
  return run.finished
}

/** The result of one scene. */
export interface Played {
  readonly scene: Scene
  readonly faults: readonly string[]
  readonly run: ActRun
}

const playScene = async (
  world: World,
  { workflow, vars = {}, files = {}, ownJob }: Scenario,
  text: string,
  scene: Scene,
): Promise<Played> => {
  const { event } = scene
  followEvent(world, event)
  await scene.given?.(world)
  const expected = scene.jobs === 'not started' ? {} : scene.jobs
  const starts = startsOn(text, event)
  if (starts === (scene.jobs === 'not started')) {
    const faults = [`${event.name} should ${starts ? 'not ' : ''}start the workflow`]
    return { scene, faults, run: NOTHING }
  }
  if (!starts) return { scene, faults: await afterwards(world, scene, NOTHING), run: NOTHING }
  const jobs = jobsOf(text)
  grantPermissions(
    world,
    jobs.filter(({ id }) => id in expected),
  )
  const name = workflow.endsWith('.yml') ? (workflow.split('/').at(-1) ?? '') : 'page.yml'
  const request = { text, name, vars, files }
  const run = await (ownJob
    ? runOwnJob(world, request, ownJob, event)
    : interfere(world, scene, startRun(world, request, event)))
  const secrets = [...Object.values(secretsOf(world)), 'ghs_local']
  const faults = faultsOf(jobs, run, expected, secrets)
  return { scene, run, faults: [...faults, ...(await afterwards(world, scene, run))] }
}

/** Plays the scenes of a workflow, up to the first one that does not go as expected. */
export const playScenario = async (
  world: World,
  scenario: Scenario,
  text: string,
): Promise<Played[]> => {
  await resetWorld(world)
  const played: Played[] = []
  for (const scene of scenario.scenes) {
    const result = await playScene(world, scenario, text, scene).catch((error: unknown) => ({
      scene,
      faults: [messageOf(error)],
      run: NOTHING,
    }))
    played.push(result)
    if (result.faults.length > 0) break
  }
  return played
}
