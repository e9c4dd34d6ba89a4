/**
 * A model of the action, written without its code: the state of a repository and its Neon project,
 * and the table in docs/behavior.md as functions from one state to the next.
 */

/** The domains that production trusts. Branches created from it inherit them. */
export const PRODUCTION_DOMAINS = ['https://shop.example', 'https://www.shop.example'] as const

/** The one branch that two pull requests share. */
export const SHARED = 'staging'

/** The parts of a branch's auth that matter. While auth is off, only `parent`, `protected`, and `data` matter. */
export interface BranchState {
  /** `main` has auth, `bare` has none. */
  readonly parent: 'main' | 'bare'
  readonly protected: boolean
  readonly auth: 'on' | 'off'
  /** A name for the users and sessions in the schema. Absent if there is no schema. */
  readonly data?: string
  readonly domains: readonly string[]
  readonly localhost: boolean
  readonly webhook: boolean
  readonly mail: 'own' | 'shared'
}

/** A pull request as GitHub knows it. */
export type PullState = 'unopened' | 'open' | 'closed'

/** The whole state: commands change it, and Local Neon is compared with it. */
export interface Model {
  readonly workflows: Readonly<Record<number, Workflow>>
  pulls: Record<number, PullState>
  /** The pull requests that were ever closed, so that an old `closed` run can be rerun. */
  onceClosed: Set<number>
  branches: Record<string, BranchState>
  /** The number of schemas that were created so far. It names their data. */
  schemaCount: number
}

/** The `with:` block of a pull request's workflow. */
export interface Workflow {
  readonly pull: number
  readonly branch: string
  /** The parent of the pull request's branch. */
  readonly parent: 'main' | 'bare'
  readonly domain: string
  readonly onClose: 'disable' | 'untrust' | 'keep'
  readonly deleteData: boolean
  readonly onOrphanSchema: 'fail' | 'recreate' | 'restore'
  readonly pruneDomains: boolean
  readonly isolate: boolean
  readonly allowLocalhost?: boolean
  readonly verify: boolean
  /** In seconds. The default of `startRun` is long enough for a slow machine. */
  readonly timeout?: number
}

/** The inputs that say how a sweep closes. */
export type SweepInputs = Pick<Workflow, 'onClose' | 'deleteData'>

/** One run of the action. */
export type RunSpec =
  | {
      readonly kind: 'enable'
      readonly pull: number
      readonly event: 'opened' | 'synchronize' | 'reopened' | 'deployment_status' | 'by hand'
      readonly dry: boolean
    }
  | {
      readonly kind: 'close'
      readonly pull: number
      readonly event: 'closed' | 'by hand'
      readonly dry: boolean
    }
  | { readonly kind: 'status'; readonly pull: number }
  | { readonly kind: 'sweep'; readonly inputs: SweepInputs; readonly dry: boolean }

/** How a run must end. */
export interface Outcome {
  /** `action_taken`. Absent if the run fails. */
  readonly action?: string
  readonly reason?: string
  /** What the one error annotation must match if the run fails. */
  readonly error?: RegExp
  /** Whether a dry run plans any change. */
  readonly plans?: boolean
  /** The branches that change, in their new state. */
  readonly after: Readonly<Record<string, BranchState>>
}

/** Returns the URL of a pull request's deployment. */
export const deploymentUrl = (pull: number): string => `https://deploy-${pull}.shop.example`

/** Returns a branch right after it was created from its parent. */
export const newBranch = (parent: 'main' | 'bare'): BranchState =>
  parent === 'main'
    ? {
        parent,
        protected: false,
        auth: 'on',
        data: 'production',
        domains: PRODUCTION_DOMAINS,
        localhost: true,
        webhook: true,
        mail: 'own',
      }
    : off({ parent, protected: false })

/** Returns the branch with auth off. */
export const off = ({
  parent,
  protected: isProtected,
  data,
}: Pick<BranchState, 'parent' | 'protected' | 'data'>): BranchState => ({
  parent,
  protected: isProtected,
  auth: 'off',
  ...(data !== undefined && { data }),
  domains: [],
  localhost: false,
  webhook: false,
  mail: 'shared',
})

/** Returns the branch right after auth was enabled, with a new, empty schema, as Neon documents it. */
export const freshlyOn = (
  { parent, protected: isProtected }: Pick<BranchState, 'parent' | 'protected'>,
  data: string,
): BranchState => ({
  ...off({ parent, protected: isProtected, data }),
  auth: 'on',
  localhost: true,
})

const same = (a: BranchState, b: BranchState): boolean => JSON.stringify(a) === JSON.stringify(b)

const fails = (error: RegExp): Outcome => ({ error, after: {} })

/** Returns the branch in the state that the workflow asks for. Auth is on. */
const asConfigured = (
  workflow: Workflow,
  before: BranchState,
  more: readonly string[],
): BranchState => {
  const wanted = [workflow.domain, ...more]
  const added = wanted.filter((domain) => !before.domains.includes(domain))
  const inherited: readonly string[] = before.parent === 'main' ? PRODUCTION_DOMAINS : []
  const isRemoved = (domain: string): boolean =>
    !wanted.includes(domain) &&
    (workflow.pruneDomains || (workflow.isolate && inherited.includes(domain)))
  return {
    ...before,
    domains: [...before.domains, ...added].filter((domain) => !isRemoved(domain)),
    localhost: workflow.allowLocalhost ?? (workflow.isolate ? false : before.localhost),
    webhook: before.webhook && !workflow.isolate,
    mail: workflow.isolate ? 'shared' : before.mail,
  }
}

const enableOutcome = (model: Model, spec: RunSpec & { kind: 'enable' }): Outcome => {
  const { pull, event, dry } = spec
  const workflow = workflowOf(model, pull)
  if (model.pulls[pull] === 'closed')
    return { action: 'skipped', reason: 'pull_request_closed', after: {} }
  const before = model.branches[workflow.branch]
  if (!before) throw new Error('an enabling run would wait for a branch that nobody creates')
  if (before.protected) return fails(/is a protected branch[\s\S]*allow_protected/)
  const orphan = before.auth === 'off' && before.data !== undefined
  if (orphan && workflow.onOrphanSchema === 'fail' && !dry)
    return fails(/its database holds a neon_auth schema[\s\S]*on_orphan_schema: recreate/)
  const on = before.auth === 'on' ? before : freshlyOn(before, `schema ${model.schemaCount + 1}`)
  const after = asConfigured(
    workflow,
    on,
    event === 'deployment_status' ? [deploymentUrl(pull)] : [],
  )
  const changes = !same(before, after)
  if (dry) return { action: 'planned', plans: changes, after: {} }
  const action = before.auth === 'off' ? 'enabled' : changes ? 'updated' : 'unchanged'
  return { action, after: changes ? { [workflow.branch]: after } : {} }
}

/** Returns the branch after closing with `on_close` and `delete_data`. */
const closed = (
  before: BranchState,
  { onClose, deleteData }: SweepInputs,
  domain: string | undefined,
): BranchState => {
  if (before.auth === 'off' || onClose === 'keep') return before
  if (onClose === 'disable')
    return off(deleteData ? { parent: before.parent, protected: before.protected } : before)
  const others = before.domains.filter((entry) => new URL(entry).origin !== domain)
  return { ...before, domains: others }
}

const closeOutcome = (model: Model, { pull, dry }: RunSpec & { kind: 'close' }): Outcome => {
  const workflow = workflowOf(model, pull)
  const { branch, onClose, domain } = workflow
  if (onClose === 'keep') return { action: 'kept', after: {} }
  const before = model.branches[branch]
  if (!before) return { action: 'already_gone', after: {} }
  if (before.protected) return fails(/is a protected branch[\s\S]*allow_protected/)
  const after = closed(before, workflow, domain)
  const changes = !same(before, after)
  if (dry) return { action: 'planned', plans: changes, after: {} }
  if (before.auth === 'off') return { action: 'already_gone', after: {} }
  const action = onClose === 'untrust' ? 'untrusted' : 'disabled'
  return { action, after: changes ? { [branch]: after } : {} }
}

const sweepOutcome = (model: Model, { inputs, dry }: RunSpec & { kind: 'sweep' }): Outcome => {
  const after: Record<string, BranchState> = {}
  for (const { pull, branch } of Object.values(model.workflows)) {
    const before = model.branches[branch]
    // The name of the shared branch does not belong to any pull request.
    if (branch === SHARED || !before || before.protected || model.pulls[pull] !== 'closed') continue
    const then = closed(before, inputs, undefined)
    if (!same(before, then)) after[branch] = then
  }
  const plans = Object.keys(after).length > 0
  // With `keep` there is nothing to plan, so a dry run reports `swept` too.
  if (dry && inputs.onClose !== 'keep') return { action: 'planned', plans, after: {} }
  return { action: 'swept', after }
}

/** Returns how a run must end, and the state that it must leave. */
export const outcomeOf = (model: Model, spec: RunSpec): Outcome => {
  switch (spec.kind) {
    case 'enable':
      return enableOutcome(model, spec)
    case 'close':
      return closeOutcome(model, spec)
    case 'sweep':
      return sweepOutcome(model, spec)
    case 'status':
      return model.branches[workflowOf(model, spec.pull).branch]
        ? { action: 'status', after: {} }
        : fails(/has no branch for this run/)
  }
}

/** Applies an outcome to the model. */
export const applyOutcome = (model: Model, { after }: Outcome): void => {
  model.branches = { ...model.branches, ...after }
  model.schemaCount += Object.values(after).filter(
    ({ data }) => data === `schema ${model.schemaCount + 1}`,
  ).length
}

/** Returns the workflow of a pull request. */
export const workflowOf = ({ workflows }: Model, pull: number): Workflow => {
  const workflow = workflows[pull]
  if (!workflow) throw new Error(`there is no pull request #${pull}`)
  return workflow
}

/** Returns an independent copy, to try an outcome on. */
export const copyOf = (model: Model): Model => ({
  ...model,
  pulls: { ...model.pulls },
  onceClosed: new Set(model.onceClosed),
  branches: { ...model.branches },
})
