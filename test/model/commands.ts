import type fc from 'fast-check'
import { type StepResult, startStep } from '../runner.ts'
import {
  adoptState,
  checkRun,
  differences,
  matchEitherOrder,
  type ObservedBranch,
  observeBranch,
  recordMarks,
  reportingProblems,
  type System,
  writeRequests,
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
  recreateBranch,
  setPullState,
  startForkRun,
  startRun,
} from './services.ts'

/** The real side of a sequence. */
export type Real = Pick<System, 'services' | 'marks'>

/** One event in a sequence. */
export type Command = fc.AsyncCommand<Model, Real>

const command = (
  title: string,
  check: (model: Model) => boolean,
  run: (system: System) => Promise<void>,
): Command => ({
  check,
  run: (model, real) => {
    countTry(real.services, 'commands')
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
const throwProblems = (what: string, problems: readonly string[], ...runs: StepResult[]): void => {
  if (problems.length === 0) return
  const logs = runs.map(({ log }) => log).join('\n---\n')
  throw new Error(`${what}:\n- ${problems.join('\n- ')}\n\nThe log:\n${logs}`)
}

/** Creates the pull request's branch if it does not exist, as the step before this action does. */
const ensureBranch = async ({ services, model }: System, spec: RunSpec): Promise<void> => {
  if (spec.kind !== 'enable' || model.pulls[spec.pull] !== 'open') return
  const { branch, parent } = workflowOf(model, spec.pull)
  if (model.branches[branch]) return
  await recreateBranch(services, branch, parent)
  model.branches = { ...model.branches, [branch]: newBranch(parent) }
}

const branchOf = ({ model }: System, spec: RunSpec): string | undefined =>
  spec.kind === 'sweep' ? undefined : workflowOf(model, spec.pull).branch

const seenOf = async (system: System, spec: RunSpec): Promise<ObservedBranch | undefined> => {
  const name = branchOf(system, spec)
  return name !== undefined && exists(system.services, name)
    ? observeBranch(system.services, name)
    : undefined
}

const start = ({ services, model }: Pick<System, 'services' | 'model'>, spec: RunSpec) =>
  startRun(services, spec, spec.kind === 'sweep' ? undefined : workflowOf(model, spec.pull))

/** Runs one run to its end, with nothing else in progress, and compares everything with the model. */
const runAndCompare = async (system: System, spec: RunSpec): Promise<StepResult> => {
  const { services, model } = system
  await ensureBranch(system, spec)
  const before = await seenOf(system, spec)
  const outcome = outcomeOf(model, spec)
  services.neon.clearRequests()
  const finished = await start(system, spec).finished
  const problems = await checkRun(system, spec, finished, outcome, before)
  applyOutcome(model, outcome)
  countTry(services, `${spec.kind}: ${outcome.reason ?? outcome.action ?? outcome.error?.source}`)
  problems.push(...(await differences(system)))
  throwProblems(titleOf(spec), problems, finished)
  await recordMarks(system)
  return finished
}

/** Runs the same run again. If it succeeds, it must write nothing. */
const runAgain = async (system: System, spec: RunSpec): Promise<void> => {
  const finished = await runAndCompare(system, spec)
  const writes = writeRequests(system.services)
  if (finished.exitCode === 0 && writes.length > 0)
    throwProblems(`${titleOf(spec)}, repeated`, [`it wrote ${JSON.stringify(writes)}`], finished)
}

const runEvent = async (system: System, spec: RunSpec, twice: boolean): Promise<void> => {
  await runAndCompare(system, spec)
  if (twice) await runAgain(system, spec)
}

const setPull = ({ services, model }: System, pull: number, state: 'open' | 'closed'): void => {
  setPullState(services, pull, state)
  model.pulls[pull] = state
  if (state === 'closed') model.onceClosed.add(pull)
}

const wasOpened = (pull: number) => (model: Model) => model.pulls[pull] !== 'unopened'
const isOpen = (pull: number) => (model: Model) => model.pulls[pull] === 'open'

/** Which pull request has an event, and how its run is started. */
export interface EventOptions {
  readonly pull: number
  readonly dry: boolean
  readonly twice: boolean
}

/** Returns the next event of a pull request (opened, closed, or reopened) and its run. */
export const nextEvent = ({ pull, dry, twice }: EventOptions): Command =>
  command(
    `#${pull}: opened, closed, or reopened${dry ? ', dry' : ''}${twice ? ', the run repeated' : ''}`,
    () => true,
    async (system) => {
      const state = system.model.pulls[pull]
      setPull(system, pull, state === 'open' ? 'closed' : 'open')
      if (state === 'open')
        return runEvent(system, { kind: 'close', pull, event: 'closed', dry }, twice)
      const event = state === 'unopened' ? 'opened' : 'reopened'
      return runEvent(system, { kind: 'enable', pull, event, dry }, twice)
    },
  )

/** Returns a push to an open pull request, or its deployment. */
export const pushEvent = (
  { pull, dry, twice }: EventOptions,
  event: 'synchronize' | 'deployment_status',
): Command =>
  command(
    `#${pull}: ${event}${dry ? ', dry' : ''}${twice ? ', repeated' : ''}`,
    isOpen(pull),
    (system) => runEvent(system, { kind: 'enable', pull, event, dry }, twice),
  )

/** Returns a rerun of an old run, whatever the state of the pull request is now. */
export const lateRerun = (
  pull: number,
  event: 'opened' | 'synchronize' | 'deployment_status' | 'by hand',
): Command =>
  command(`#${pull}: ${event}, late`, wasOpened(pull), (system) =>
    runEvent(system, { kind: 'enable', pull, event, dry: false }, false),
  )

/** Returns a rerun of an old closing run. It closes even if the pull request was reopened. */
export const lateCloseRerun = (pull: number, event: 'closed' | 'by hand'): Command =>
  command(
    `#${pull}: ${event} close, late`,
    (model) => model.onceClosed.has(pull),
    (system) => runEvent(system, { kind: 'close', pull, event, dry: false }, false),
  )

/** Returns a run with `mode: status`, which changes nothing. */
export const statusRun = (pull: number): Command =>
  command(`#${pull}: status`, wasOpened(pull), async (system) => {
    // Without a branch, the run would wait for one, which is not the subject here.
    if (system.model.branches[workflowOf(system.model, pull).branch])
      await runEvent(system, { kind: 'status', pull }, false)
  })

/** Returns an event of a fork's pull request, which gets no secrets. */
export const forkRun = (pull: number, action: string): Command =>
  command(
    `a fork's ${action}, without a key`,
    () => true,
    async (system) => {
      system.services.neon.clearRequests()
      const finished = await startForkRun(system.services, pull, action).finished
      const { outputs } = finished
      const problems = [...reportingProblems(finished), ...(await differences(system))]
      if (outputs.skipped_reason !== 'fork_without_secrets')
        problems.push(`skipped_reason is ${outputs.skipped_reason}`)
      if (system.services.neon.requests.length > 0) problems.push('it calls Neon without a key')
      throwProblems("a fork's run", problems, finished)
    },
  )

/** What a run is for. */
export type Kind = 'enable' | 'close'

const specOf = (kind: Kind, pull: number): RunSpec =>
  kind === 'close'
    ? { kind, pull, event: 'closed', dry: false }
    : { kind, pull, event: 'synchronize', dry: false }

/** Returns two runs at the same time for one branch. If one closes, GitHub already reports that to both. */
export const simultaneousRuns = (first: [Kind, number], second: [Kind, number]): Command =>
  command(
    `at once: ${first.join(' #')} and ${second.join(' #')}`,
    (model) => isOpen(first[1])(model) && isOpen(second[1])(model),
    async (system) => {
      for (const [kind, pull] of [first, second])
        if (kind === 'close') setPull(system, pull, 'closed')
      const specs = [specOf(...first), specOf(...second)] as const
      for (const spec of specs) await ensureBranch(system, spec)
      const runs = await Promise.all(specs.map((spec) => start(system, spec).finished))
      countTry(system.services, 'at once')
      const problems = [
        ...runs.flatMap(reportingProblems),
        ...(await matchEitherOrder(system, specs, runs)),
      ]
      throwProblems(`${titleOf(specs[0])} and ${titleOf(specs[1])} at once`, problems, ...runs)
      const { branch } = workflowOf(system.model, first[1])
      if (system.model.branches[branch]) await adoptState(system, branch)
      await recordMarks(system)
    },
  )

/**
 * Returns what is wrong with a branch after a killed run: it is gone, lost a domain, or trusts an unexpected one, or
 * it changed although the run had nothing to do.
 */
const problemsAfterKill = (
  before: ObservedBranch | undefined,
  after: ObservedBranch | undefined,
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

/** Returns a run that is killed when its `count`th request arrives, and then repeated. The request still takes effect. */
export const killedRun = (kind: Kind, pull: number, count: number): Command =>
  command(
    `#${pull}: ${kind}, killed at request ${count}, run again`,
    isOpen(pull),
    async (system) => {
      const { services, model } = system
      if (kind === 'close') setPull(system, pull, 'closed')
      const spec = specOf(kind, pull)
      await ensureBranch(system, spec)
      const { branch } = workflowOf(model, pull)
      const before = await seenOf(system, spec)
      const aim = outcomeOf(model, spec).after[branch]
      const hold = holdRequest(services, count)
      const running = start({ model, services: { ...services, start: startStep } }, spec)
      await Promise.race([hold.held, running.finished])
      running.kill('SIGKILL')
      const finished = await running.finished
      hold.forget()
      await services.whenIdle()
      const after = await seenOf(system, spec)
      countTry(services, finished.signal === null ? 'killed too late' : 'killed')
      throwProblems(`${titleOf(spec)}, killed`, problemsAfterKill(before, after, aim), finished)
      await adoptState(system, branch)
      await recordMarks(system)
      await runEvent(system, spec, false)
    },
  )

/** A change that somebody makes in the Console. */
export type ConsoleChange =
  | { readonly what: 'trust' | 'untrust'; readonly domain: string }
  | { readonly what: 'localhost'; readonly allow: boolean }
  | { readonly what: 'disable'; readonly deleteData: boolean }
  | { readonly what: 'enable' | 'protect' | 'unprotect' | 'recreate' | 'delete' }

const domainsAfter = (
  { domains }: BranchState,
  { what, domain }: ConsoleChange & { domain: string },
): string[] => {
  const others = domains.filter((one) => one !== domain)
  return what === 'trust' ? [...others, domain] : others
}

/** Makes the change both at Local Neon and in the model. Does nothing if the change is impossible. */
const applyConsoleChange = async (
  { services: { neon }, services, model }: System,
  name: string,
  change: ConsoleChange,
): Promise<void> => {
  const state = model.branches[name]
  if (!state) return
  const on = state.auth === 'on'
  const setState = (next: BranchState): void => {
    model.branches = { ...model.branches, [name]: next }
  }
  switch (change.what) {
    case 'trust':
    case 'untrust': {
      if (!on) return
      const domains = domainsAfter(state, change)
      await neon.setDomains(name, domains)
      return setState({ ...state, domains })
    }
    case 'localhost':
      if (!on) return
      await neon.configure(name, { allow_localhost: change.allow })
      return setState({ ...state, localhost: change.allow })
    case 'disable':
      if (!on) return
      await neon.disableAuth(name, { deleteData: change.deleteData })
      return setState(
        off(change.deleteData ? { parent: state.parent, protected: state.protected } : state),
      )
    case 'enable':
      if (on || state.data !== undefined) return
      await neon.enableAuth(name)
      model.schemaCount += 1
      return setState(freshlyOn(state, `schema ${model.schemaCount}`))
    case 'protect':
    case 'unprotect':
      neon.updateBranch(name, { protected: change.what === 'protect' })
      return setState({ ...state, protected: change.what === 'protect' })
    case 'delete': {
      await neon.deleteBranch(neon.branch(name).id)
      const { [name]: _, ...others } = model.branches
      model.branches = others
      return
    }
    case 'recreate':
      await recreateBranch(services, name, state.parent)
      return setState(newBranch(state.parent))
  }
}

/** Returns a change that somebody makes to a branch between runs. */
export const consoleChange = (name: string, change: ConsoleChange): Command =>
  command(
    `Console, ${name}: ${Object.values(change).join(' ')}`,
    (model) => model.branches[name] !== undefined,
    async (system) => {
      await applyConsoleChange(system, name, change)
      await recordMarks(system)
    },
  )

/** Returns a sweep, which runs once a pull request is closed. */
export const sweepRun = (spec: RunSpec & { kind: 'sweep' }): Command =>
  command(
    titleOf(spec),
    (model) => Object.values(model.pulls).includes('closed'),
    (system) => runEvent(system, spec, false),
  )
