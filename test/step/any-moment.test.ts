import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAuthData, authSchemas, profileProblems } from '../auth-rows.ts'
import { startStepHere } from '../in-process.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { campaignOf } from '../model/campaign.ts'
import { type ObservedBranch, observeBranch, reportingProblems } from '../model/checks.ts'
import type { Workflow } from '../model/model.ts'
import {
  holdRequest,
  productionNow,
  recreateBranch,
  type Services,
  setPullState,
  startRun,
  startServices,
} from '../model/services.ts'
import { BRANCH, PASSWORD, PREVIEW } from '../preview.ts'
import { type RunningStep, type StepResult, startStep } from '../runner.ts'

// Something else may happen between two requests of a run. These tests try such events at each request, or
// at the most telling ones: they hold the request, let the event happen from start to finish, and release it.

/** How many cases run in parallel, each with its own Local Neon. */
const WORKERS = 3
const PULL = 2

const workflow: Workflow = {
  pull: PULL,
  branch: BRANCH,
  parent: 'bare',
  domain: PREVIEW,
  onClose: 'disable',
  deleteData: false,
  onOrphanSchema: 'fail',
  pruneDomains: false,
  isolate: false,
  allowLocalhost: false,
  verify: false,
}

const { long } = campaignOf(process.env)
// The long campaign runs the committed bundle.
const start = long ? startStep : startStepHere

let serviceSets: Services[] = []
beforeAll(async () => {
  serviceSets = await Promise.all(Array.from({ length: WORKERS }, () => startServices(start)))
})
afterAll(async () => {
  await Promise.all(serviceSets.map((services) => services.close()))
  for (const services of serviceSets) expect(services.neon.contractBreaches).toEqual([])
})

type Kind = 'enable' | 'close'
const ORPHAN = 'auth off, its data kept'
const WITH_USERS = 'auth off, its users kept'
const ADA = 'ada@example.com'

const beginRun = (services: Services, kind: Kind, more: Partial<Workflow> = {}) =>
  startRun(
    services,
    kind === 'close'
      ? { kind, pull: PULL, event: 'closed', dry: false }
      : { kind, pull: PULL, event: 'synchronize', dry: false },
    { ...workflow, ...more },
  )

const run = (services: Services, kind: Kind, more: Partial<Workflow> = {}): Promise<StepResult> =>
  beginRun(services, kind, more).finished

/** The initial states of the branch. */
const STARTS: Record<string, (services: Services) => Promise<void>> = {
  'auth off': (services) => recreateBranch(services, BRANCH, 'bare'),
  'auth on, inherited': (services) => recreateBranch(services, BRANCH, 'main'),
  'auth on, from an earlier run': async (services) => {
    await recreateBranch(services, BRANCH, 'bare')
    await services.neon.enableAuth(BRANCH, {
      domains: ['https://console.example', workflow.domain],
    })
  },
  [ORPHAN]: async (services) => {
    await recreateBranch(services, BRANCH, 'bare')
    await services.neon.enableAuth(BRANCH)
    await services.neon.disableAuth(BRANCH)
  },
  [WITH_USERS]: async (services) => {
    await recreateBranch(services, BRANCH, 'bare')
    await services.neon.enableAuth(BRANCH)
    await addAuthData(services.neon, BRANCH, ADA, PASSWORD)
    await services.neon.disableAuth(BRANCH)
  },
}

/** A run during which an event happened, and the states before and after the event. */
interface Case {
  readonly services: Services
  readonly before: ObservedBranch
  /** The state right after the event. */
  readonly meanwhile: ObservedBranch | undefined
  /** The held request. */
  readonly request: LoggedRequest
  /** The result of the run. */
  readonly result: StepResult
}

interface Scenario {
  readonly start: string
  readonly kind: Kind
  readonly with?: Partial<Workflow>
  /** Whether the event kills the run, which needs a separate process. */
  readonly isKilled?: boolean
  /** The event, while the request is held. */
  during(services: Services, running: RunningStep): Promise<unknown>
  /** Returns what is wrong after the run and the event. */
  after(observed: Case): Promise<string[]>
}

const arrange = async (services: Services, { start, kind }: Scenario): Promise<void> => {
  await STARTS[start]?.(services)
  setPullState(services, PULL, kind === 'close' ? 'closed' : 'open')
  services.neon.clearRequests()
}

/** Returns the requests of an undisturbed run to Neon. */
const requestsOf = async (services: Services, scenario: Scenario): Promise<LoggedRequest[]> => {
  await arrange(services, scenario)
  await run(services, scenario.kind, scenario.with)
  return [...services.neon.requests]
}

/** Returns a problem if a run tried to enable auth that it had read as on, which means that somebody disabled it. */
const reenablingProblems = ({ neon }: Services, at: number): string[] => {
  const readOn = neon.requests.findIndex(
    ({ operationId, status }) => operationId === 'getNeonAuth' && status === 200,
  )
  // After the held request, the log also contains requests of other runs.
  if (readOn < 0 || readOn >= at - 1) return []
  const attempts = neon.requests
    .slice(readOn)
    .filter(({ operationId }) => operationId === 'createNeonAuth')
  return attempts.length > 0 ? ['it read auth as on and then enabled it'] : []
}

const runCase = async (services: Services, scenario: Scenario, at: number): Promise<string[]> => {
  await arrange(services, scenario)
  const before = await observeBranch(services, BRANCH)
  const hold = holdRequest(services, at)
  const running = beginRun(
    scenario.isKilled ? { ...services, start: startStep } : services,
    scenario.kind,
    scenario.with,
  )
  const request = await Promise.race([hold.held, running.finished.then(() => undefined)])
  if (request) await scenario.during(services, running)
  const meanwhile = request && (await observeBranch(services, BRANCH))
  hold.forget()
  const result = await running.finished
  await services.whenIdle()
  const problems = [
    ...(result.signal === null ? reportingProblems(result) : []),
    ...(scenario.kind === 'enable' ? reenablingProblems(services, at) : []),
  ]
  if (request) {
    const after = scenario.after({ services, before, meanwhile, request, result })
    problems.push(...(await after.catch((error: unknown) => [`the branch is broken: ${error}`])))
  }
  if (productionNow(services) !== services.production) problems.push('production was changed')
  const { method, path } = request ?? { method: 'no', path: 'request' }
  return problems.map(
    (problem) => `at ${at}, ${method} ${path}: ${problem}\n${result.log.slice(0, 3000)}`,
  )
}

/** Runs the scenario at each request, or only at those that `only` selects. Returns all problems. */
const atEachRequest = async (
  scenario: Scenario,
  only: (request: LoggedRequest) => boolean = () => true,
): Promise<string[]> => {
  const [first] = serviceSets
  if (!first) throw new Error('no services were started')
  const requests = await requestsOf(first, scenario)
  const waiting = requests.flatMap((request, index) => (only(request) ? [index + 1] : []))
  expect(waiting.length).toBeGreaterThan(1)
  const problems: string[] = []
  const worker = async (services: Services): Promise<void> => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift())
      problems.push(...(await runCase(services, scenario, at)))
  }
  await Promise.all(serviceSets.map(worker))
  return problems
}

/** Checks that the data that existed before still exists. Auth may be on or off. */
const dataProblems = async ({ services, before }: Case): Promise<string[]> => {
  if (!before.schema) return []
  const now = await observeBranch(services, BRANCH)
  const isOther = now.mark !== undefined && before.mark !== undefined && now.mark !== before.mark
  return isOther || !now.schema ? ['its data is lost'] : []
}

const failureOf = (name: string, { exitCode, annotations }: StepResult): string[] =>
  exitCode === 0 ? [] : [`${name} fails: ${annotations.error[0]}`]

/** Returns an event that closes the pull request and runs the closing job. */
const closeDuring =
  (more: Partial<Workflow> = {}) =>
  async (services: Services): Promise<void> => {
    setPullState(services, PULL, 'closed')
    await run(services, 'close', more)
  }

/** Reruns the close and checks that auth is off. */
const offAfterRerun = async (
  { services }: Case,
  more: Partial<Workflow> = {},
): Promise<string[]> => {
  const again = await run(services, 'close', more)
  const { auth } = await observeBranch(services, BRANCH)
  return [
    ...failureOf('the rerun of the close', again),
    ...(auth === 'off' ? [] : ['auth is on after the rerun of the close']),
  ]
}

/** Reruns the enabling job and checks that the branch is as the workflow asks. */
const onAfterRerun = async ({ services }: Case): Promise<string[]> => {
  const again = await run(services, 'enable')
  const { auth, domains, localhost } = await observeBranch(services, BRANCH)
  const isConverged = auth === 'on' && domains.includes(workflow.domain) && !localhost
  return [
    ...failureOf('the rerun', again),
    ...(isConverged ? [] : [`it does not converge: ${domains}, ${localhost}`]),
  ]
}

/** Reruns the enabling job and checks that auth is still off, because somebody disabled it and kept its data. */
const staysOff = async ({ services, before }: Case): Promise<string[]> => {
  const again = await run(services, 'enable')
  const { auth } = await observeBranch(services, BRANCH)
  return [
    ...reportingProblems(again).map((problem) => `in the rerun, ${problem}`),
    ...(before.schema && auth === 'on' ? ['it is on again'] : []),
  ]
}

const disableByHand = async ({ neon }: Services): Promise<void> => {
  if (neon.branch(BRANCH).auth === 'on') await neon.disableAuth(BRANCH)
}

/** Checks that a schema that another run created in the meantime is not deleted as a leftover. */
const newSchemaProblems = async ({ services, meanwhile, request }: Case): Promise<string[]> => {
  const now = await observeBranch(services, BRANCH)
  const problems =
    now.auth === 'on' && now.schema ? [] : [`auth is ${now.auth}, schema: ${now.schema}`]
  // Neon has no conditional delete, so the time between the last read and this request is unprotected.
  const isUnprotected = request.operationId === 'disableNeonAuth'
  if (!isUnprotected && now.mark !== meanwhile?.mark) problems.push('the new data is lost')
  return problems
}

const RESTORE = { onOrphanSchema: 'restore' } as const

/** Reruns the restoring job and checks that the user is back and no schema is left over. */
const restoredAfterRerun = async ({ services }: Case): Promise<string[]> => {
  const { neon } = services
  setPullState(services, PULL, 'open')
  neon.updateBranch(BRANCH, { protected: false })
  const again = await run(services, 'enable', RESTORE)
  const emails = (await neon.users(BRANCH)).map(({ email }) => email)
  const schemas = await authSchemas(neon, BRANCH)
  return [
    ...failureOf('the rerun of the restoring run', again),
    ...(emails.includes(ADA) ? [] : [`its users are lost: ${emails}, ${schemas}`]),
    ...(schemas.length === 1 ? [] : [`a schema is left over: ${schemas}`]),
    ...(await profileProblems(neon, BRANCH)),
  ]
}

/** Selects the main requests of a restoring run: renaming the schema, enabling auth, and copying the rows. */
const isRestoring = ({ requestBody, operationId }: LoggedRequest): boolean =>
  /RENAME TO|INSERT INTO/.test(JSON.stringify(requestBody ?? '')) ||
  operationId === 'createNeonAuth'

const RECREATE = { onOrphanSchema: 'recreate' } as const
const INHERITED = 'auth on, inherited'
const ALL_STARTS = Object.keys(STARTS).filter((start) => start !== WITH_USERS)

interface Moment extends Omit<Scenario, 'start'> {
  readonly title: string
  /** The most telling initial states, which are part of `npm test`. */
  readonly starts: readonly string[]
  /** The initial states of the long campaign. */
  readonly longStarts: readonly string[]
  /** Selects the requests that are part of `npm test`. Default: all. */
  readonly only?: (request: LoggedRequest) => boolean
}

/** What happens at each request of a run, and what must hold in the end. */
const MOMENTS: readonly Moment[] = [
  {
    title: 'a close during an enabling run loses no data, and its rerun leaves auth off',
    kind: 'enable',
    during: closeDuring(),
    after: async (observed) => [
      ...(await dataProblems(observed)),
      ...(await offAfterRerun(observed)),
    ],
    starts: ['auth off', INHERITED],
    longStarts: ALL_STARTS,
  },
  {
    title: 'auth that somebody disables during an enabling run is not enabled over its data',
    kind: 'enable',
    // Right after enabling auth, the run waits until Neon shows it, so it uses its whole timeout.
    with: { timeout: 12 },
    during: disableByHand,
    after: async (observed) => [...(await dataProblems(observed)), ...(await staysOff(observed))],
    starts: [INHERITED],
    longStarts: ALL_STARTS,
  },
  {
    title: 'a killed enabling run loses no data, and the next one completes its work',
    kind: 'enable',
    isKilled: true,
    during: async (_, running) => running.kill('SIGKILL'),
    after: async (observed) => [
      ...(await dataProblems(observed)),
      ...(await onAfterRerun(observed)),
    ],
    starts: ['auth off'],
    longStarts: ALL_STARTS.filter((start) => start !== ORPHAN),
  },
  {
    title: 'a branch that is recreated during an enabling run is updated by the next run',
    kind: 'enable',
    during: (services) => recreateBranch(services, BRANCH, 'main'),
    after: onAfterRerun,
    starts: [],
    longStarts: ALL_STARTS,
  },
  {
    title:
      'a close with delete_data during an enabling run that may recreate leaves auth off after its rerun',
    kind: 'enable',
    with: RECREATE,
    during: closeDuring({ deleteData: true }),
    after: (observed) => offAfterRerun(observed, { deleteData: true }),
    starts: [],
    longStarts: ALL_STARTS,
  },
  {
    title: 'a schema that another run recreates during a run that recreates is kept',
    kind: 'enable',
    with: RECREATE,
    during: (services) => run(services, 'enable', RECREATE),
    after: newSchemaProblems,
    starts: [ORPHAN],
    longStarts: [ORPHAN],
    // Each case takes ten seconds. These requests come after Neon's delete.
    only: ({ plane, operationId }) =>
      plane === 'sql' || operationId === 'listProjectBranchDatabases',
  },
  {
    title: 'two simultaneous restoring runs restore the data once, and both succeed',
    kind: 'enable',
    with: RESTORE,
    during: async (services) => {
      const { exitCode, log } = await run(services, 'enable', RESTORE)
      expect(exitCode, log).toBe(0)
    },
    after: async (observed) => [
      ...failureOf('the slower run', observed.result),
      ...(await restoredAfterRerun(observed)),
    ],
    starts: [WITH_USERS],
    longStarts: [WITH_USERS],
    only: isRestoring,
  },
  {
    title:
      'a pull request that closes during a restoring run keeps its data, and a reopening restores it',
    kind: 'enable',
    with: RESTORE,
    during: closeDuring(RESTORE),
    after: restoredAfterRerun,
    starts: [],
    longStarts: [WITH_USERS],
  },
  {
    title:
      'a branch that becomes protected during a restoring run keeps its data, and a later run restores it',
    kind: 'enable',
    with: RESTORE,
    during: async ({ neon }) => neon.updateBranch(BRANCH, { protected: true }),
    after: restoredAfterRerun,
    starts: [],
    longStarts: [WITH_USERS],
  },
  {
    title: 'a killed closing run loses no data, and the next one completes its work',
    kind: 'close',
    isKilled: true,
    during: async (_, running) => running.kill('SIGKILL'),
    after: async (observed) => [
      ...(await dataProblems(observed)),
      ...(await offAfterRerun(observed)),
    ],
    starts: [INHERITED],
    longStarts: ALL_STARTS,
  },
  {
    title:
      'a pull request that is reopened during its closing run loses no data, and the close succeeds',
    kind: 'close',
    during: async (services) => {
      setPullState(services, PULL, 'open')
      await run(services, 'enable')
    },
    after: async (observed) => [
      ...(await dataProblems(observed)),
      ...failureOf('the close', observed.result),
    ],
    starts: [INHERITED],
    longStarts: ALL_STARTS,
  },
]

const CASES = MOMENTS.flatMap(({ title, starts, longStarts, only, ...moment }) =>
  (long ? longStarts : starts).map((start) => ({
    title,
    start,
    moment,
    only: long ? undefined : only,
  })),
)

describe('if an event happens at any request of a run', () => {
  it.each(CASES)(
    '$title ($start)',
    async ({ start, moment, only }) => {
      expect(await atEachRequest({ ...moment, start }, only)).toEqual([])
    },
    900_000,
  )
})
