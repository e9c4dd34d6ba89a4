import type { StepResult } from '../runner.ts'
import {
  applyOutcome,
  type BranchState,
  copyOf,
  type Model,
  type Outcome,
  outcomeOf,
  type RunSpec,
  workflowOf,
} from './model.ts'
import { exists, productionNow, type Services } from './services.ts'

/** A branch at Local Neon, in the model's terms. */
export interface ObservedBranch extends Omit<BranchState, 'parent' | 'protected' | 'data'> {
  readonly schema: boolean
  /** The ID of the row that was created with the schema. It identifies the data. */
  readonly mark?: string
}

/** The services, the model of their state, and which mark at Neon belongs to which data in the model. */
export interface System {
  readonly services: Services
  readonly model: Model
  readonly marks: Map<string, string>
}

/** Returns the state of a branch without a request to the API. */
export const observeBranch = async ({ neon }: Services, name: string): Promise<ObservedBranch> => {
  const { auth, trustedDomains, allowLocalhost } = neon.branch(name)
  const schema = await neon.hasAuthSchema(name)
  if (auth === 'off')
    return { auth, schema, domains: [], localhost: false, webhook: false, mail: 'shared' }
  const { id, webhook_config, email_provider } = neon.settingsOf(name)
  return {
    auth,
    schema,
    mark: id,
    domains: trustedDomains,
    localhost: allowLocalhost,
    webhook: webhook_config.enabled,
    mail: email_provider?.type === 'standard' ? 'own' : 'shared',
  }
}

const expectedBranch = (
  { auth, data, domains, localhost, webhook, mail }: BranchState,
  mark: string | undefined,
): ObservedBranch => ({
  auth,
  schema: data !== undefined,
  ...(auth === 'on' && mark !== undefined && { mark }),
  domains,
  localhost,
  webhook,
  mail,
})

/** Returns the expected mark: known data keeps its mark, and new data must have a mark never seen before. */
const markFor = (
  { data }: BranchState,
  seen: ObservedBranch,
  marks: ReadonlyMap<string, string>,
): string | undefined => {
  const known = data === undefined ? undefined : marks.get(data)
  if (known !== undefined) return known
  const taken = seen.mark !== undefined && [...marks.values()].includes(seen.mark)
  return taken ? 'data that did not exist before' : seen.mark
}

/** Returns a state as text, to compare. `ordered` says whether the order of the domains counts. */
const textOf = (seen: ObservedBranch, ordered: boolean): string =>
  JSON.stringify({ ...seen, domains: ordered ? seen.domains : seen.domains.toSorted() })

/** Returns how Local Neon differs from the model: one entry for each branch that differs. */
export const differences = async (
  { services, model, marks }: System,
  { ordered = true }: { ordered?: boolean } = {},
): Promise<string[]> => {
  const found: string[] = []
  if (productionNow(services) !== services.production)
    found.push(`production was changed: ${productionNow(services)}, not ${services.production}`)
  for (const name of new Set(Object.values(model.workflows).map(({ branch }) => branch))) {
    const expected = model.branches[name]
    if (!expected || !exists(services, name)) {
      if (Boolean(expected) !== exists(services, name))
        found.push(expected ? `${name} is gone` : `${name} exists`)
      continue
    }
    const seen = await observeBranch(services, name)
    const must = textOf(expectedBranch(expected, markFor(expected, seen, marks)), ordered)
    const is = textOf(seen, ordered)
    if (is !== must) found.push(`${name} is\n  ${is}\nbut must be\n  ${must}`)
  }
  return found
}

/** Records which mark belongs to which data. Call it once Local Neon and the model agree. */
export const recordMarks = async ({ services, model, marks }: System): Promise<void> => {
  for (const [name, { data, auth }] of Object.entries(model.branches)) {
    if (auth === 'off' || data === undefined || marks.has(data)) continue
    const { mark } = await observeBranch(services, name)
    if (mark !== undefined) marks.set(data, mark)
  }
}

/** Returns what is wrong with how a run reports. A failing run has one error with a fix, and no error is unexpected. */
export const reportingProblems = ({ exitCode, annotations, log }: StepResult): string[] => {
  const [error, ...others] = annotations.error
  const found: string[] = []
  if (/Unexpected error/.test(log)) found.push('it reports an unexpected error')
  if (exitCode === 0 && error !== undefined) found.push(`it succeeds with an error: ${error}`)
  if (exitCode !== 0 && exitCode !== 1) found.push(`its exit code is ${exitCode}`)
  if (exitCode !== 1) return found
  if (error === undefined) found.push('it fails without an error')
  else if (!/^Fix: \S/m.test(error)) found.push(`it fails without a fix: ${error}`)
  if (others.length > 0) found.push(`it fails with ${others.length + 1} errors`)
  return found
}

const list = (text: string | undefined): string[] => JSON.parse(text ?? 'null') as string[]

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted())

const without = (all: readonly string[], some: readonly string[]): string[] =>
  all.filter((one) => !some.includes(one))

/** A branch before and after a run. */
interface Change {
  readonly before: ObservedBranch | undefined
  readonly after: ObservedBranch | undefined
}

/** Returns how the outputs about auth differ from the branch. */
const authOutputProblems = (
  { outputs }: StepResult,
  action: string,
  { before, after }: Change,
  baseUrl: string | undefined,
): string[] => {
  const found: string[] = []
  const enabling = ['enabled', 'updated', 'unchanged'].includes(action)
  const listing = enabling || action === 'untrusted' || action === 'status'
  const url = enabling || action === 'status' ? baseUrl : undefined
  if (action !== 'planned' && outputs.base_url !== url)
    found.push(`base_url is ${outputs.base_url}, not ${url}`)
  if (outputs.base_url && outputs.jwks_url !== `${outputs.base_url}/.well-known/jwks.json`)
    found.push(`jwks_url is ${outputs.jwks_url}`)
  const [was, is] = [before?.domains ?? [], after?.domains ?? []]
  if (listing && JSON.stringify(list(outputs.trusted_domains)) !== JSON.stringify(is))
    found.push(`trusted_domains is ${outputs.trusted_domains}, not ${JSON.stringify(is)}`)
  const added = listing ? without(is, was) : []
  const removed = listing ? without(was, is) : []
  if (!sameItems(list(outputs.domains_added), added))
    found.push(`domains_added is ${outputs.domains_added}, not ${JSON.stringify(added)}`)
  if (!sameItems(list(outputs.domains_removed), removed))
    found.push(`domains_removed is ${outputs.domains_removed}, not ${JSON.stringify(removed)}`)
  return found
}

/** Returns the writes through the API and all SQL requests since the log was last cleared. */
export const writeRequests = ({ neon }: Services): string[] => {
  const sql = neon.requests.filter(({ plane }) => plane === 'sql')
  return [...neon.writes(), ...sql].map(({ method, path }) => `${method} ${path}`)
}

const writesElsewhere = (services: Services, spec: RunSpec, { model }: System): string[] => {
  const names =
    spec.kind === 'sweep'
      ? Object.values(model.workflows).map(({ branch }) => branch)
      : [workflowOf(model, spec.pull).branch]
  const ids = names
    .filter((name) => exists(services, name))
    .map((name) => services.neon.branch(name).id)
  return services.neon
    .writes()
    .filter(({ path }) => !ids.some((id) => path.includes(`/branches/${id}/`)))
    .map(({ method, path }) => `it wrote to another branch: ${method} ${path}`)
}

const resultProblems = (
  finished: StepResult,
  { action, reason, plans }: Outcome,
  changes: boolean,
  writes: readonly string[],
): string[] => {
  const { outputs } = finished
  const found: string[] = []
  if (finished.exitCode !== 0) found.push(`it fails instead of ending with ${action}`)
  if (outputs.action_taken !== action)
    found.push(`action_taken is ${outputs.action_taken}, not ${action}`)
  if (outputs.skipped_reason !== reason)
    found.push(`skipped_reason is ${outputs.skipped_reason}, not ${reason}`)
  if (outputs.changed !== `${changes}`) found.push(`changed is ${outputs.changed}, not ${changes}`)
  if (changes !== writes.length > 0) found.push(`it wrote ${JSON.stringify(writes)}`)
  if (action === 'planned' && list(outputs.plan).length > 0 !== plans)
    found.push(`its plan is ${outputs.plan}`)
  return found
}

/**
 * Compares a run that was alone with its expected outcome: how it ended, what it reported, and what it
 * wrote. `before` is the state of its branch before the run.
 */
export const checkRun = async (
  system: System,
  spec: RunSpec,
  finished: StepResult,
  outcome: Outcome,
  before: ObservedBranch | undefined,
): Promise<string[]> => {
  const { services, model } = system
  const name = spec.kind === 'sweep' ? undefined : workflowOf(model, spec.pull).branch
  const there = name !== undefined && exists(services, name)
  const after = there ? await observeBranch(services, name) : undefined
  const found = [...reportingProblems(finished), ...writesElsewhere(services, spec, system)]
  const changes = Object.keys(outcome.after).length > 0
  if (outcome.error) {
    const [error = ''] = finished.annotations.error
    if (!outcome.error.test(error)) found.push(`it must fail with ${outcome.error}, not: ${error}`)
    if (finished.outputs.changed === 'true') found.push('it fails without a change but reports one')
    return found
  }
  const writes = writeRequests(services)
  found.push(...resultProblems(finished, outcome, changes, writes))
  if (finished.exitCode !== 0 || spec.kind === 'sweep') return found
  const baseUrl = there ? services.neon.branch(name).baseUrl : undefined
  return [
    ...found,
    ...authOutputProblems(finished, outcome.action ?? '', { before, after }, baseUrl),
  ]
}

/**
 * Checks that two runs at the same time left a state that they could also have left one after the
 * other, in at least one order. Updates the model to an order that matches. A run may fail only if it
 * would fail in one of the orders.
 */
export const matchEitherOrder = async (
  system: System,
  specs: readonly [RunSpec, RunSpec],
  runs: readonly StepResult[],
): Promise<string[]> => {
  const { model } = system
  const found: string[] = []
  const mayFail = new Set<RunSpec>()
  const fitting: Model[] = []
  for (const order of [specs, specs.toReversed()]) {
    const tried = copyOf(model)
    for (const spec of order) {
      const outcome = outcomeOf(tried, spec)
      if (outcome.error) mayFail.add(spec)
      applyOutcome(tried, outcome)
    }
    const differs = await differences({ ...system, model: tried }, { ordered: false })
    if (differs.length === 0) fitting.push(tried)
    else found.push(...differs)
  }
  if (fitting[0]) Object.assign(model, fitting[0])
  const failed = specs.filter((spec, at) => runs[at]?.exitCode !== 0 && !mayFail.has(spec))
  return [
    ...(fitting.length > 0 ? [] : found),
    ...failed.map(({ kind }) => `${kind} fails, although it would succeed in either order`),
  ]
}

/** Copies the state of a branch into the model, for cases in which several states are right. */
export const adoptState = async (
  { services, model, marks }: System,
  name: string,
): Promise<void> => {
  const before = model.branches[name]
  if (!before) return
  const { schema, mark, ...state } = await observeBranch(services, name)
  const known = [...marks].find(([, id]) => id === mark)?.[0]
  const { data: kept, ...rest } = before
  const fresh = mark !== undefined && known === undefined
  if (fresh) model.schemaCount += 1
  const data = fresh ? `schema ${model.schemaCount}` : state.auth === 'on' ? known : kept
  model.branches[name] = { ...rest, ...state, ...(schema && data !== undefined && { data }) }
}
