import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { payload, REPOSITORY } from '../payloads.ts'
import { PRODUCTION_MAIL, stepOf } from '../preview.ts'
import { type RunningStep, type StartStep, type Step, startStep } from '../runner.ts'
import { deploymentUrl, PRODUCTION_DOMAINS, type RunSpec, SHARED, type Workflow } from './model.ts'

/** Local Neon and a local GitHub, with a production branch that has auth and its own settings. */
export interface Services {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  /** The exact state of production at the start. */
  readonly production: string
  readonly start: StartStep
  /** How often each kind of event was tried. A sequence in which nothing happens proves nothing. */
  readonly tried: Map<string, number>
  /** Waits until no request to Local Neon is in progress. */
  whenIdle(): Promise<void>
  close(): Promise<void>
}

/** Returns the default branch and its settings as Local Neon stores them, as JSON. */
export const productionNow = ({ neon }: Pick<Services, 'neon'>): string =>
  JSON.stringify([neon.branch('main'), neon.settingsOf('main')])

/**
 * Starts the services. The branch `bare` has no auth, so that others can be created from it. By default,
 * steps run in separate processes.
 */
export const startServices = async (start: StartStep = startStep): Promise<Services> => {
  const waiting = new Set<() => void>()
  const onRequest = (): void => {
    for (const wake of waiting) wake()
  }
  const neon = await startLocalNeon({ rateLimit: false, onRequest })
  const github = await startLocalGitHub()
  await neon.createBranch({ name: 'bare' })
  await neon.enableAuth('main', { domains: [...PRODUCTION_DOMAINS] })
  await neon.configure('main', {
    email_provider: PRODUCTION_MAIL,
    webhook_config: { enabled: true, webhook_url: 'https://shop.example/hooks' },
  })
  const busy = (): boolean => neon.requests.some(({ status }) => status === 'pending')
  return {
    neon,
    github,
    production: productionNow({ neon }),
    tried: new Map(),
    start,
    whenIdle: async () => {
      while (busy()) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve)
        })
        waiting.clear()
      }
    },
    close: async () => {
      await Promise.all([neon.close(), github.close()])
    },
  }
}

/** Counts one try. */
export const countTry = ({ tried }: Services, what: string): void => {
  tried.set(what, (tried.get(what) ?? 0) + 1)
}

/** Returns whether a branch exists. */
export const exists = ({ neon }: Pick<Services, 'neon'>, name: string): boolean => {
  try {
    return neon.branch(name).id !== ''
  } catch {
    return false
  }
}

/** Creates a branch. Deletes an existing one with that name first. */
export const recreateBranch = async (
  services: Services,
  name: string,
  parent: 'main' | 'bare',
): Promise<void> => {
  const { neon } = services
  if (exists(services, name)) await neon.deleteBranch(neon.branch(name).id)
  await neon.createBranch({ name, parent: neon.branch(parent).id })
}

/** Returns the head commit of a pull request. */
const headOf = (pull: number): string => pull.toString(16).padStart(40, 'c')

const pullFieldsOf = (pull: number, state: 'open' | 'closed') => ({
  number: pull,
  headRef: `work-${pull}`,
  state,
})

/** Sets the state of a pull request at GitHub. */
export const setPullState = ({ github }: Services, pull: number, state: 'open' | 'closed'): void =>
  github.setPull(pull, {
    state,
    headRef: `work-${pull}`,
    headSha: headOf(pull),
    headRepo: REPOSITORY,
  })

const deploymentOf = (pull: number): object => {
  const original = payload('deployment_status') as Record<string, Record<string, unknown>>
  const environment = 'Preview'
  return {
    ...original,
    deployment: { ...original['deployment'], environment, sha: headOf(pull), ref: headOf(pull) },
    deployment_status: {
      ...original['deployment_status'],
      environment,
      state: 'success',
      environment_url: deploymentUrl(pull),
    },
  }
}

const inputsOf = (workflow: Workflow, dry: boolean): Step['inputs'] => ({
  ...(workflow.branch === SHARED && { branch: SHARED }),
  trusted_domains: workflow.domain,
  on_close: workflow.onClose,
  delete_data: `${workflow.deleteData}`,
  on_orphan_schema: workflow.onOrphanSchema,
  prune_domains: `${workflow.pruneDomains}`,
  isolate: `${workflow.isolate}`,
  ...(workflow.allowLocalhost !== undefined && { allow_localhost: `${workflow.allowLocalhost}` }),
  verify: `${workflow.verify}`,
  dry_run: `${dry}`,
})

const byHand = (mode: string, pull?: number): Pick<Step, 'event' | 'inputs'> => ({
  event: ['workflow_dispatch'],
  inputs: { mode, ...(pull !== undefined && { pr_number: `${pull}` }) },
})

/** Returns the event that starts the run, and the inputs that belong to it. */
const startOf = (spec: RunSpec): Pick<Step, 'event' | 'inputs' | 'payload'> => {
  if (spec.kind === 'sweep') return byHand('sweep')
  const { pull } = spec
  if (spec.kind === 'status') return byHand('status', pull)
  if (spec.event === 'by hand') return byHand(spec.kind === 'close' ? 'disable' : 'enable', pull)
  if (spec.event === 'deployment_status')
    return { event: ['deployment_status'], payload: deploymentOf(pull) }
  const state = spec.kind === 'close' ? 'closed' : 'open'
  return { event: ['pull_request', spec.event, pullFieldsOf(pull, state)] }
}

/** Starts a run as the workflow would. */
export const startRun = (
  { neon, github, start }: Services,
  spec: RunSpec,
  workflow: Workflow | undefined,
): RunningStep => {
  const { inputs, ...step } = startOf(spec)
  const sweep: Step['inputs'] =
    spec.kind === 'sweep'
      ? {
          on_close: spec.inputs.onClose,
          delete_data: `${spec.inputs.deleteData}`,
          dry_run: `${spec.dry}`,
        }
      : {}
  return start({
    ...stepOf({ neon, github }, '', {
      timeout: `${workflow?.timeout ?? 240}`,
      ...(workflow && inputsOf(workflow, 'dry' in spec && spec.dry)),
      ...sweep,
      ...inputs,
    }),
    ...step,
  })
}

/** Starts the run of a fork's pull request: the same event, but no secrets. */
export const startForkRun = (
  { neon, github, start }: Services,
  pull: number,
  action: string,
): RunningStep =>
  start({
    event: [
      'pull_request',
      action,
      { ...pullFieldsOf(pull, 'open'), headRepo: 'stranger/Hello-World' },
    ],
    inputs: { project_id: neon.projectId, api_host: neon.apiHost, github_token: 'ghs_local' },
    env: { GITHUB_API_URL: github.apiUrl },
  })

/** Holds the `count`th request to Neon from now on. `held` resolves when it arrives, and `forget` releases it. */
export const holdRequest = (
  { neon }: Services,
  count: number,
): { readonly held: Promise<LoggedRequest>; forget(): void } => {
  const gone = new AbortController()
  let release = (): void => {}
  const until = new Promise<void>((resolve) => {
    release = resolve
  })
  neon.faults.add({ match: {}, skip: count - 1, fault: { kind: 'hold', until } })
  let seen = 0
  const isTarget = (): boolean => {
    seen += 1
    return seen === count
  }
  const held = neon.nextRequest(isTarget, { signal: gone.signal })
  held.catch(() => {})
  return {
    held,
    forget: () => {
      neon.faults.clear()
      gone.abort()
      release()
    },
  }
}
