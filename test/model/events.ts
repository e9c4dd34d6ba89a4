import fc from 'fast-check'
import {
  type Command,
  type ConsoleChange,
  consoleChange,
  forkRun,
  type Kind,
  killedRun,
  lateCloseRerun,
  lateRerun,
  nextEvent,
  pushEvent,
  type Real,
  simultaneousRuns,
  statusRun,
  sweepRun,
} from './commands.ts'
import { type Model, newBranch, SHARED, type Workflow } from './model.ts'
import { exists, recreateBranch, type Services } from './services.ts'

const PULLS = [2, 3, 4, 5]
const BRANCHES = ['preview/pr-2', 'preview/pr-3', SHARED]
const DOMAINS = [
  'https://console.example',
  'https://shop.example',
  'https://pr-2.shop.example',
  'https://pr-4.shop.example',
  'https://PR-4.Shop.Example/',
]

const pulls = fc.constantFrom(2, 2, 3, 3, 4, 5)
const rarely = fc.nat(5).map((n) => n === 0)
const eventOptions = fc.record({ pull: pulls, dry: rarely, twice: rarely })
const kinds = fc.constantFrom<Kind>('enable', 'close')
const pairs = fc.constantFrom<[number, number]>([2, 2], [3, 3], [4, 5], [4, 5])

const consoleChanges = fc.oneof(
  fc.record({ what: fc.constantFrom('trust', 'untrust'), domain: fc.constantFrom(...DOMAINS) }),
  fc.record({ what: fc.constant('localhost'), allow: fc.boolean() }),
  fc.record({ what: fc.constant('disable'), deleteData: fc.boolean() }),
  fc.record({ what: fc.constantFrom('protect', 'unprotect') }),
  fc.record({ what: fc.constantFrom('enable', 'unprotect', 'recreate', 'delete') }),
) as fc.Arbitrary<ConsoleChange>

/** The generators of the events. Frequent events are listed more than once. */
export const anyCommand: fc.Arbitrary<Command>[] = [
  eventOptions.map(nextEvent),
  eventOptions.map(nextEvent),
  eventOptions.map(nextEvent),
  eventOptions.map((options) => pushEvent(options, 'synchronize')),
  eventOptions.map((options) => pushEvent(options, 'deployment_status')),
  fc
    .tuple(pulls, fc.constantFrom('opened', 'synchronize', 'deployment_status', 'by hand'))
    .map(([pull, event]) => lateRerun(pull, event as 'opened')),
  fc
    .tuple(pulls, fc.constantFrom('closed', 'by hand'))
    .map(([pull, event]) => lateCloseRerun(pull, event as 'closed')),
  fc
    .tuple(kinds, kinds, pairs)
    .map(([a, b, [one, other]]) => simultaneousRuns([a, one], [b, other])),
  fc
    .tuple(kinds, kinds, pairs)
    .map(([a, b, [one, other]]) => simultaneousRuns([a, one], [b, other])),
  fc
    .tuple(kinds, pulls, fc.integer({ min: 1, max: 16 }))
    .map(([kind, pull, count]) => killedRun(kind, pull, count)),
  fc
    .record({
      onClose: fc.constantFrom('disable', 'disable', 'untrust', 'keep'),
      deleteData: fc.boolean(),
      dry: rarely,
    })
    .map(({ dry, ...inputs }) =>
      sweepRun({ kind: 'sweep', inputs: inputs as Pick<Workflow, 'onClose' | 'deleteData'>, dry }),
    ),
  pulls.map(statusRun),
  fc
    .tuple(pulls, fc.constantFrom('opened', 'synchronize'))
    .map(([pull, what]) => forkRun(pull, what)),
  fc
    .tuple(fc.constantFrom(...BRANCHES), consoleChanges)
    .map(([name, change]) => consoleChange(name, change)),
  fc
    .tuple(fc.constantFrom(...BRANCHES), consoleChanges)
    .map(([name, change]) => consoleChange(name, change)),
]

const sometimes = fc.nat(3).map((n) => n === 0)

const anyInputs = fc.record({
  deleteData: sometimes,
  onOrphanSchema: fc.constantFrom('fail', 'recreate'),
  isolate: sometimes,
  allowLocalhost: fc.constantFrom(undefined, undefined, true, false),
  parent: fc.constantFrom('main', 'bare'),
  onClose: fc.constantFrom('disable', 'disable', 'disable', 'untrust', 'keep'),
  pruneDomains: sometimes,
})

const workflowFor = (
  pull: number,
  { allowLocalhost, ...inputs }: typeof anyInputs extends fc.Arbitrary<infer T> ? T : never,
  verify: boolean,
): Workflow =>
  ({
    pull,
    branch: `preview/pr-${pull}`,
    domain: `https://pr-${pull}.shop.example`,
    verify,
    ...inputs,
    ...(allowLocalhost !== undefined && { allowLocalhost }),
    // Two pull requests share this branch, so neither may break the other's auth.
    ...(pull >= 4 && { branch: SHARED, parent: 'main', onClose: 'untrust', pruneDomains: false }),
  }) as Workflow

/** Generates the workflows of a repository: two pull requests with their own branches, and two that share one. */
export const anyWorkflows = (verify: boolean): fc.Arbitrary<Record<number, Workflow>> =>
  fc.tuple(anyInputs, anyInputs, anyInputs).map(([two, three, shared]) => ({
    2: workflowFor(2, two, verify),
    3: workflowFor(3, three, verify),
    4: workflowFor(4, shared, verify),
    5: workflowFor(5, shared, verify),
  }))

const tourWorkflow = (pull: number, more: Partial<Workflow>): Workflow => ({
  pull,
  branch: `preview/pr-${pull}`,
  parent: 'main',
  domain: `https://pr-${pull}.shop.example`,
  onClose: 'disable',
  deleteData: false,
  onOrphanSchema: 'fail',
  pruneDomains: false,
  isolate: false,
  verify: false,
  ...more,
})

const once = (pull: number) => ({ pull, dry: false, twice: false })

/** A fixed sequence that covers what a short random campaign may miss. */
export const tour: [Record<number, Workflow>, Command[]] = [
  {
    2: tourWorkflow(2, { parent: 'bare' }),
    3: tourWorkflow(3, { onOrphanSchema: 'recreate' }),
    4: tourWorkflow(4, { branch: SHARED, onClose: 'untrust' }),
    5: tourWorkflow(5, { branch: SHARED, onClose: 'untrust' }),
  },
  [
    nextEvent({ ...once(2), twice: true }),
    pushEvent({ ...once(2), dry: true }, 'deployment_status'),
    nextEvent({ ...once(2), twice: true }),
    lateRerun(2, 'synchronize'),
    nextEvent(once(2)),
    nextEvent(once(3)),
    consoleChange('preview/pr-3', { what: 'protect' }),
    pushEvent(once(3), 'synchronize'),
    consoleChange('preview/pr-3', { what: 'unprotect' }),
    killedRun('close', 3, 2),
    consoleChange('preview/pr-3', { what: 'recreate' }),
    sweepRun({ kind: 'sweep', inputs: { onClose: 'disable', deleteData: false }, dry: false }),
    nextEvent(once(3)),
    nextEvent(once(4)),
    nextEvent(once(5)),
    consoleChange(SHARED, { what: 'trust', domain: 'https://console.example' }),
    // The pull request's own domain in another spelling, which is removed too.
    consoleChange(SHARED, { what: 'trust', domain: 'https://PR-4.Shop.Example/' }),
    simultaneousRuns(['close', 4], ['enable', 5]),
    // Pull request #3 is open and its auth is on, so the sweep must leave it alone.
    sweepRun({ kind: 'sweep', inputs: { onClose: 'disable', deleteData: false }, dry: false }),
    nextEvent(once(5)),
  ],
]

/** Resets everything for a sequence: no pull request is open, and of their branches, only the shared one exists. */
export const startSequence = async (
  services: Services,
  workflows: Record<number, Workflow>,
): Promise<{ model: Model; real: Real }> => {
  services.neon.faults.clear()
  services.github.reset()
  for (const name of BRANCHES)
    if (exists(services, name)) await services.neon.deleteBranch(services.neon.branch(name).id)
  await recreateBranch(services, SHARED, 'main')
  const model: Model = {
    workflows,
    pulls: Object.fromEntries(PULLS.map((pull) => [pull, 'unopened' as const])),
    onceClosed: new Set(),
    branches: { [SHARED]: newBranch('main') },
    schemaCount: 0,
  }
  return {
    model,
    real: { services, marks: new Map([['production', services.neon.settingsOf('main').id]]) },
  }
}
