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
  type BranchState,
  become,
  type Doing,
  freshlyOn,
  type Model,
  newBranch,
  off,
  outcomeOf,
  workflowOf,
} from './model.ts'
import {
  exists,
  holdRequest,
  noteTried,
  remakeBranch,
  startDoing,
  startFork,
  tellGitHub,
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
    noteTried(real.world, 'commands')
    return run({ ...real, model })
  },
  toString: () => title,
})

const titleOf = (doing: Doing): string => {
  const dry = 'dry' in doing && doing.dry ? ', dry' : ''
  if (doing.kind === 'sweep')
    return `sweep(${doing.inputs.onClose}${doing.inputs.deleteData ? ', delete_data' : ''}${dry})`
  return `${doing.kind} #${doing.pull}${'event' in doing ? ` (${doing.event}${dry})` : ''}`
}

/** Throws if there are problems, with the logs of the runs. */
const throwProblems = (what: string, problems: readonly string[], ...runs: Finished[]): void => {
  if (problems.length === 0) return
  const logs = runs.map(({ log }) => log).join('\n---\n')
  throw new Error(`${what}:\n- ${problems.join('\n- ')}\n\nThe log:\n${logs}`)
}

/** The step before this action: creates the pull request's branch if it does not exist. */
const ensureBranch = async ({ world, model }: Scene, doing: Doing): Promise<void> => {
  if (doing.kind !== 'enable' || model.pulls[doing.pull] !== 'open') return
  const { branch, parent } = workflowOf(model, doing.pull)
  if (model.branches[branch]) return
  await remakeBranch(world, branch, parent)
  model.branches = { ...model.branches, [branch]: newBranch(parent) }
}

const branchOf = ({ model }: Scene, doing: Doing): string | undefined =>
  doing.kind === 'sweep' ? undefined : workflowOf(model, doing.pull).branch

const seenOf = async (scene: Scene, doing: Doing): Promise<Seen | undefined> => {
  const name = branchOf(scene, doing)
  return name !== undefined && exists(scene.world, name) ? lookAt(scene.world, name) : undefined
}

const start = ({ world, model }: Pick<Scene, 'world' | 'model'>, doing: Doing) =>
  startDoing(world, doing, doing.kind === 'sweep' ? undefined : workflowOf(model, doing.pull))

/** Plays one run to its end, with nothing else in progress, and compares everything with the model. */
const play = async (scene: Scene, doing: Doing): Promise<Finished> => {
  const { world, model } = scene
  await ensureBranch(scene, doing)
  const before = await seenOf(scene, doing)
  const outcome = outcomeOf(model, doing)
  world.neon.clearRequests()
  const finished = await start(scene, doing).finished
  const problems = await checkRun(scene, doing, finished, outcome, before)
  become(model, outcome)
  noteTried(world, `${doing.kind}: ${outcome.reason ?? outcome.action ?? outcome.error?.source}`)
  problems.push(...(await differences(scene)))
  throwProblems(titleOf(doing), problems, finished)
  await noteMarks(scene)
  return finished
}

/** Plays the same run again. If it succeeds, it must write nothing. */
const playAgain = async (scene: Scene, doing: Doing): Promise<void> => {
  const finished = await play(scene, doing)
  const writes = written(scene.world)
  if (finished.exitCode === 0 && writes.length > 0)
    throwProblems(`${titleOf(doing)}, repeated`, [`it wrote ${JSON.stringify(writes)}`], finished)
}

const happen = async (scene: Scene, doing: Doing, twice: boolean): Promise<void> => {
  await play(scene, doing)
  if (twice) await playAgain(scene, doing)
}

const setPull = ({ world, model }: Scene, pull: number, state: 'open' | 'closed'): void => {
  tellGitHub(world, pull, state)
  model.pulls[pull] = state
  if (state === 'closed') model.onceClosed.add(pull)
}

const was = (pull: number) => (model: Model) => model.pulls[pull] !== 'unopened'
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
  command(`#${pull}: ${event}, late`, was(pull), (scene) =>
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
  command(`#${pull}: status`, was(pull), async (scene) => {
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

const doingOf = (kind: Kind, pull: number): Doing =>
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
      const doings = [doingOf(...first), doingOf(...second)] as const
      for (const doing of doings) await ensureBranch(scene, doing)
      const runs = await Promise.all(doings.map((doing) => start(scene, doing).finished))
      noteTried(scene.world, 'at once')
      const problems = [
        ...runs.flatMap(reportingProblems),
        ...(await matchEitherOrder(scene, doings, runs)),
      ]
      throwProblems(`${titleOf(doings[0])} and ${titleOf(doings[1])} at once`, problems, ...runs)
      const { branch } = workflowOf(scene.model, first[1])
      if (scene.model.branches[branch]) await adopt(scene, branch)
      await noteMarks(scene)
    },
  )

/** Returns what is wrong after a killed run: anything that is neither the old state nor on the way to the new one. */
const leftHalfDone = (
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
      const doing = doingOf(kind, pull)
      await ensureBranch(scene, doing)
      const { branch } = workflowOf(model, pull)
      const before = await seenOf(scene, doing)
      const aim = outcomeOf(model, doing).after[branch]
      const hold = holdRequest(world, count)
      const running = start({ model, world: { ...world, start: startStep } }, doing)
      await Promise.race([hold.held, running.finished])
      running.kill('SIGKILL')
      const finished = await running.finished
      hold.forget()
      await world.quiet()
      const after = await seenOf(scene, doing)
      noteTried(world, finished.signal === null ? 'killed too late' : 'killed')
      throwProblems(`${titleOf(doing)}, killed`, leftHalfDone(before, after, aim), finished)
      await adopt(scene, branch)
      await noteMarks(scene)
      await happen(scene, doing, false)
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
  const become = (next: BranchState): void => {
    model.branches = { ...model.branches, [name]: next }
  }
  switch (act.what) {
    case 'trust':
    case 'untrust': {
      if (!on) return
      const domains = domainsAfter(state, act)
      await neon.setDomains(name, domains)
      return become({ ...state, domains })
    }
    case 'localhost':
      if (!on) return
      await neon.configure(name, { allow_localhost: act.allow })
      return become({ ...state, localhost: act.allow })
    case 'disable':
      if (!on) return
      await neon.disableAuth(name, { deleteData: act.deleteData })
      return become(
        off(act.deleteData ? { parent: state.parent, protected: state.protected } : state),
      )
    case 'enable':
      if (on || state.data !== undefined) return
      await neon.enableAuth(name)
      model.made += 1
      return become(freshlyOn(state, `schema ${model.made}`))
    case 'protect':
    case 'unprotect':
      neon.updateBranch(name, { protected: act.what === 'protect' })
      return become({ ...state, protected: act.what === 'protect' })
    case 'delete': {
      await neon.deleteBranch(neon.branch(name).id)
      const { [name]: _, ...others } = model.branches
      model.branches = others
      return
    }
    case 'recreate':
      await remakeBranch(world, name, state.parent)
      return become(newBranch(state.parent))
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
export const sweep = (doing: Doing & { kind: 'sweep' }): Command =>
  command(
    titleOf(doing),
    (model) => Object.values(model.pulls).includes('closed'),
    (scene) => happen(scene, doing, false),
  )
