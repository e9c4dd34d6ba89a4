import type fc from 'fast-check'
import { type Finished, startStep } from '../runner.ts'
import {
  adopt,
  checkRun,
  differences,
  lookAt,
  matchEitherOrder,
  noteMarks,
  reportingProblems,
  type Scene,
  type Seen,
  written,
} from './checks.ts'
import {
  applyOutcome,
  type BranchState,
  freshlyOn,
  type Model,
  newBranch,
  off,
  outcomeOf,
  type RunSpec,
  workflowOf,
} from './model.ts'
import {
  countTry,
  exists,
  holdRequest,
  remakeBranch,
  setPullState,
  startFork,
  startRun,
} from './world.ts'

/** The real side of a sequence. */
export type Real = Pick<Scene, 'world' | 'marks'>

/** One event in a sequence. */
export type Command = fc.AsyncCommand<Model, Real>

const command = (
  title: string,
  check: (model: Model) => boolean,
  run: (scene: Scene) => Promise<void>,
): Command => ({
  check,
  run: (model, real) => {
    countTry(real.world, 'commands')
    return run({ ...real, model })
  },
  toString: () => title,
})

const titleOf = (spec: RunSpec): string => {
  const dry = 'dry' in spec && spec.dry ? ', dry' : ''
  if (spec.kind === 'sweep')
    return `sweep(${spec.inputs.onClose}${spec.inputs.deleteData ? ', delete_data' : ''}${dry})`
  return `${spec.kind} #${spec.pull}${'event' in spec ? ` (${spec.event}${dry})` : ''}`
}

/** Throws if there are problems, with the logs of the runs. */
const throwProblems = (what: string, problems: readonly string[], ...runs: Finished[]): void => {
  if (problems.length === 0) return
  const logs = runs.map(({ log }) => log).join('\n---\n')
  throw new Error(`${what}:\n- ${problems.join('\n- ')}\n\nThe log:\n${logs}`)
}

/** The step before this action: creates the pull request's branch if it does not exist. */
const ensureBranch = async ({ world, model }: Scene, spec: RunSpec): Promise<void> => {
  if (spec.kind !== 'enable' || model.pulls[spec.pull] !== 'open') return
  const { branch, parent } = workflowOf(model, spec.pull)
  if (model.branches[branch]) return
  await remakeBranch(world, branch, parent)
  model.branches = { ...model.branches, [branch]: newBranch(parent) }
}

const branchOf = ({ model }: Scene, spec: RunSpec): string | undefined =>
  spec.kind === 'sweep' ? undefined : workflowOf(model, spec.pull).branch

const seenOf = async (scene: Scene, spec: RunSpec): Promise<Seen | undefined> => {
  const name = branchOf(scene, spec)
  return name !== undefined && exists(scene.world, name) ? lookAt(scene.world, name) : undefined
}

const start = ({ world, model }: Pick<Scene, 'world' | 'model'>, spec: RunSpec) =>
  startRun(world, spec, spec.kind === 'sweep' ? undefined : workflowOf(model, spec.pull))

/** Plays one run to its end, with nothing else in progress, and compares everything with the model. */
const play = async (scene: Scene, spec: RunSpec): Promise<Finished> => {
  const { world, model } = scene
  await ensureBranch(scene, spec)
  const before = await seenOf(scene, spec)
  const outcome = outcomeOf(model, spec)
  world.neon.clearRequests()
  const finished = await start(scene, spec).finished
  const problems = await checkRun(scene, spec, finished, outcome, before)
  applyOutcome(model, outcome)
  countTry(world, `${spec.kind}: ${outcome.reason ?? outcome.action ?? outcome.error?.source}`)
  problems.push(...(await differences(scene)))
  throwProblems(titleOf(spec), problems, finished)
  await noteMarks(scene)
  return finished
}

/** Plays the same run again. If it succeeds, it must write nothing. */
const playAgain = async (scene: Scene, spec: RunSpec): Promise<void> => {
  const finished = await play(scene, spec)
  const writes = written(scene.world)
  if (finished.exitCode === 0 && writes.length > 0)
    throwProblems(`${titleOf(spec)}, repeated`, [`it wrote ${JSON.stringify(writes)}`], finished)
}

const happen = async (scene: Scene, spec: RunSpec, twice: boolean): Promise<void> => {
  await play(scene, spec)
  if (twice) await playAgain(scene, spec)
}

const setPull = ({ world, model }: Scene, pull: number, state: 'open' | 'closed'): void => {
  setPullState(world, pull, state)
  model.pulls[pull] = state
  if (state === 'closed') model.onceClosed.add(pull)
}

const wasOpened = (pull: number) => (model: Model) => model.pulls[pull] !== 'unopened'
const isOpen = (pull: number) => (model: Model) => model.pulls[pull] === 'open'

/** Which pull request has an event, and how its run is started. */
export interface Turn {
  readonly pull: number
  readonly dry: boolean
  readonly twice: boolean
}

/** The next event of a pull request (opened, closed, or reopened) and its run. */
export const next = ({ pull, dry, twice }: Turn): Command =>
  command(
    `#${pull}: opened, closed or reopened${dry ? ', dry' : ''}${twice ? ', the run repeated' : ''}`,
    () => true,
    async (scene) => {
      const state = scene.model.pulls[pull]
      setPull(scene, pull, state === 'open' ? 'closed' : 'open')
      if (state === 'open')
        return happen(scene, { kind: 'close', pull, event: 'closed', dry }, twice)
      const event = state === 'unopened' ? 'opened' : 'reopened'
      return happen(scene, { kind: 'enable', pull, event, dry }, twice)
    },
  )

/** A push to an open pull request, or its deployment. */
export const push = (
  { pull, dry, twice }: Turn,
  event: 'synchronize' | 'deployment_status',
): Command =>
  command(
    `#${pull}: ${event}${dry ? ', dry' : ''}${twice ? ', repeated' : ''}`,
    isOpen(pull),
    (scene) => happen(scene, { kind: 'enable', pull, event, dry }, twice),
  )

/** A rerun of an old run, whatever the state of the pull request is now. */
export const late = (
  pull: number,
  event: 'opened' | 'synchronize' | 'deployment_status' | 'by hand',
): Command =>
  command(`#${pull}: ${event}, late`, wasOpened(pull), (scene) =>
    happen(scene, { kind: 'enable', pull, event, dry: false }, false),
  )

/** A rerun of an old closing run. It closes even if the pull request was reopened. */
export const lateClose = (pull: number, event: 'closed' | 'by hand'): Command =>
  command(
    `#${pull}: ${event} close, late`,
    (model) => model.onceClosed.has(pull),
    (scene) => happen(scene, { kind: 'close', pull, event, dry: false }, false),
  )

/** A run with `mode: status`, which changes nothing. */
export const status = (pull: number): Command =>
  command(`#${pull}: status`, wasOpened(pull), async (scene) => {
    // Without a branch, the run would wait for one, which is not the subject here.
    if (scene.model.branches[workflowOf(scene.model, pull).branch])
      await happen(scene, { kind: 'status', pull }, false)
  })

/** A fork's pull request, which gets no secrets. */
export const fork = (pull: number, action: string): Command =>
  command(
    `a fork's ${action}, without a key`,
    () => true,
    async (scene) => {
      scene.world.neon.clearRequests()
      const finished = await startFork(scene.world, pull, action).finished
      const { outputs } = finished
      const problems = [...reportingProblems(finished), ...(await differences(scene))]
      if (outputs.skipped_reason !== 'fork_without_secrets')
        problems.push(`skipped_reason is ${outputs.skipped_reason}`)
      if (scene.world.neon.requests.length > 0) problems.push('it calls Neon without a key')
      throwProblems("a fork's run", problems, finished)
    },
  )

/** What a run is for. */
export type Kind = 'enable' | 'close'

const specOf = (kind: Kind, pull: number): RunSpec =>
  kind === 'close'
    ? { kind, pull, event: 'closed', dry: false }
    : { kind, pull, event: 'synchronize', dry: false }

/** Two runs at the same time for one branch. If one closes, GitHub already reports that to both. */
export const atOnce = (first: [Kind, number], second: [Kind, number]): Command =>
  command(
    `at once: ${first.join(' #')} and ${second.join(' #')}`,
    (model) => isOpen(first[1])(model) && isOpen(second[1])(model),
    async (scene) => {
      for (const [kind, pull] of [first, second])
        if (kind === 'close') setPull(scene, pull, 'closed')
      const specs = [specOf(...first), specOf(...second)] as const
      for (const spec of specs) await ensureBranch(scene, spec)
      const runs = await Promise.all(specs.map((spec) => start(scene, spec).finished))
      countTry(scene.world, 'at once')
      const problems = [
        ...runs.flatMap(reportingProblems),
        ...(await matchEitherOrder(scene, specs, runs)),
      ]
      throwProblems(`${titleOf(specs[0])} and ${titleOf(specs[1])} at once`, problems, ...runs)
      const { branch } = workflowOf(scene.model, first[1])
      if (scene.model.branches[branch]) await adopt(scene, branch)
      await noteMarks(scene)
    },
  )

/** Returns what is wrong after a killed run: anything that is neither the old state nor on the way to the new one. */
const problemsAfterKill = (
  before: Seen | undefined,
  after: Seen | undefined,
  aim: BranchState | undefined,
): string[] => {
  if (!before || !after) return before === after ? [] : ['the branch is gone']
  const may = [...before.domains, ...(aim?.domains ?? [])]
  const must = before.domains.filter((domain) => aim?.domains.includes(domain) ?? true)
  const found: string[] = []
  if (after.auth === 'on' && !after.domains.every((domain) => may.includes(domain)))
    found.push(`it trusts more than the workflow asked for: ${after.domains}`)
  if (
    after.auth === 'on' &&
    before.auth === 'on' &&
    !must.every((one) => after.domains.includes(one))
  )
    found.push(`it lost ${must.filter((one) => !after.domains.includes(one))}`)
  if (!aim && JSON.stringify(before) !== JSON.stringify(after)) found.push('it changed something')
  return found
}

/** A run that is killed when its `count`th request arrives, and then repeated. The request still takes effect. */
export const killed = (kind: Kind, pull: number, count: number): Command =>
  command(
    `#${pull}: ${kind}, killed at request ${count}, run again`,
    isOpen(pull),
    async (scene) => {
      const { world, model } = scene
      if (kind === 'close') setPull(scene, pull, 'closed')
      const spec = specOf(kind, pull)
      await ensureBranch(scene, spec)
      const { branch } = workflowOf(model, pull)
      const before = await seenOf(scene, spec)
      const aim = outcomeOf(model, spec).after[branch]
      const hold = holdRequest(world, count)
      const running = start({ model, world: { ...world, start: startStep } }, spec)
      await Promise.race([hold.held, running.finished])
      running.kill('SIGKILL')
      const finished = await running.finished
      hold.forget()
      await world.quiet()
      const after = await seenOf(scene, spec)
      countTry(world, finished.signal === null ? 'killed too late' : 'killed')
      throwProblems(`${titleOf(spec)}, killed`, problemsAfterKill(before, after, aim), finished)
      await adopt(scene, branch)
      await noteMarks(scene)
      await happen(scene, spec, false)
    },
  )

/** A change that somebody makes in the Console. */
export type ByHand =
  | { readonly what: 'trust' | 'untrust'; readonly domain: string }
  | { readonly what: 'localhost'; readonly allow: boolean }
  | { readonly what: 'disable'; readonly deleteData: boolean }
  | { readonly what: 'enable' | 'protect' | 'unprotect' | 'recreate' | 'delete' }

const domainsAfter = (
  { domains }: BranchState,
  { what, domain }: ByHand & { domain: string },
): string[] => {
  const others = domains.filter((one) => one !== domain)
  return what === 'trust' ? [...others, domain] : others
}

/** Makes the change both at Local Neon and in the model. Does nothing if the change is impossible. */
const doByHand = async (
  { world: { neon }, world, model }: Scene,
  name: string,
  act: ByHand,
): Promise<void> => {
  const state = model.branches[name]
  if (!state) return
  const on = state.auth === 'on'
  const setState = (next: BranchState): void => {
    model.branches = { ...model.branches, [name]: next }
  }
  switch (act.what) {
    case 'trust':
    case 'untrust': {
      if (!on) return
      const domains = domainsAfter(state, act)
      await neon.setDomains(name, domains)
      return setState({ ...state, domains })
    }
    case 'localhost':
      if (!on) return
      await neon.configure(name, { allow_localhost: act.allow })
      return setState({ ...state, localhost: act.allow })
    case 'disable':
      if (!on) return
      await neon.disableAuth(name, { deleteData: act.deleteData })
      return setState(
        off(act.deleteData ? { parent: state.parent, protected: state.protected } : state),
      )
    case 'enable':
      if (on || state.data !== undefined) return
      await neon.enableAuth(name)
      model.made += 1
      return setState(freshlyOn(state, `schema ${model.made}`))
    case 'protect':
    case 'unprotect':
      neon.updateBranch(name, { protected: act.what === 'protect' })
      return setState({ ...state, protected: act.what === 'protect' })
    case 'delete': {
      await neon.deleteBranch(neon.branch(name).id)
      const { [name]: _, ...others } = model.branches
      model.branches = others
      return
    }
    case 'recreate':
      await remakeBranch(world, name, state.parent)
      return setState(newBranch(state.parent))
  }
}

/** Somebody changes a branch between runs. */
export const inTheConsole = (name: string, act: ByHand): Command =>
  command(
    `Console, ${name}: ${Object.values(act).join(' ')}`,
    (model) => model.branches[name] !== undefined,
    async (scene) => {
      await doByHand(scene, name, act)
      await noteMarks(scene)
    },
  )

/** A sweep, once a pull request is closed. */
export const sweep = (spec: RunSpec & { kind: 'sweep' }): Command =>
  command(
    titleOf(spec),
    (model) => Object.values(model.pulls).includes('closed'),
    (scene) => happen(scene, spec, false),
  )
