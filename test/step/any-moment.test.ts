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

// A run sends its requests one after the other, and other things happen in between. These tests try
// each of them at each request: they hold the request, let the other thing happen from start to finish,
// and then let the request continue.

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
  for (const services of serviceSets) expect(services.neon.contractBreaches).toEqual([])
  await Promise.all(serviceSets.map((services) => services.close()))
})

type Kind = 'enable' | 'close'
const ORPHAN = 'auth off, its data kept'
const WITH_USERS = 'auth off, its users kept'
const ADA = 'ada@example.com'

const begin = (services: Services, kind: Kind, more: Partial<Workflow> = {}) =>
  startRun(
    services,
    kind === 'close'
      ? { kind, pull: PULL, event: 'closed', dry: false }
      : { kind, pull: PULL, event: 'synchronize', dry: false },
    { ...workflow, ...more },
  )

const run = (services: Services, kind: Kind, more: Partial<Workflow> = {}): Promise<StepResult> =>
  begin(services, kind, more).finished

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

/** One case: the state before, and the run during which something happened. */
interface Case {
  readonly services: Services
  readonly before: ObservedBranch
  /** The state right after the other thing happened. */
  readonly meanwhile: ObservedBranch | undefined
  /** The held request. */
  readonly request: LoggedRequest
  readonly held: StepResult
}

interface Scenario {
  readonly start: string
  readonly kind: Kind
  readonly with?: Partial<Workflow>
  /** It needs a separate process. */
  readonly isKilled?: boolean
  /** What happens while the request is held. */
  between(services: Services, running: RunningStep): Promise<unknown>
  /** Returns what is wrong after both have ended. */
  after(one: Case): Promise<string[]>
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

/** Returns a problem if a run read auth as on and then enabled it, although somebody had disabled it. */
const switchedOnAgain = ({ neon }: Services, at: number): string[] => {
  const readOn = neon.requests.findIndex(
    ({ operationId, status }) => operationId === 'getNeonAuth' && status === 200,
  )
  // From the held request on, the log also contains requests of others.
  if (readOn < 0 || readOn >= at - 1) return []
  const tries = neon.requests
    .slice(readOn)
    .filter(({ operationId }) => operationId === 'createNeonAuth')
  return tries.length > 0 ? ['it read auth as on and then enabled it'] : []
}

const runCase = async (services: Services, scenario: Scenario, at: number): Promise<string[]> => {
  await arrange(services, scenario)
  const before = await observeBranch(services, BRANCH)
  const hold = holdRequest(services, at)
  const running = begin(
    scenario.isKilled ? { ...services, start: startStep } : services,
    scenario.kind,
    scenario.with,
  )
  const request = await Promise.race([hold.held, running.finished.then(() => undefined)])
  if (request) await scenario.between(services, running)
  const meanwhile = request && (await observeBranch(services, BRANCH))
  hold.forget()
  const held = await running.finished
  await services.whenIdle()
  const found = [
    ...(held.signal === null ? reportingProblems(held) : []),
    ...(scenario.kind === 'enable' ? switchedOnAgain(services, at) : []),
  ]
  if (request) {
    const after = scenario.after({ services, before, meanwhile, request, held })
    found.push(...(await after.catch((error: unknown) => [`the branch is broken: ${error}`])))
  }
  if (productionNow(services) !== services.production) found.push('production was changed')
  const { method, path } = request ?? { method: 'no', path: 'request' }
  return found.map((one) => `at ${at}, ${method} ${path}: ${one}\n${held.log.slice(0, 3000)}`)
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

/** Checks that the data still exists, whether auth is on or off. */
const dataKept = async ({ services, before }: Case): Promise<string[]> => {
  if (!before.schema) return []
  const now = await observeBranch(services, BRANCH)
  const other = now.mark !== undefined && before.mark !== undefined && now.mark !== before.mark
  return other || !now.schema ? ['its data is lost'] : []
}

const succeeds = (what: string, { exitCode, annotations }: StepResult): string[] =>
  exitCode === 0 ? [] : [`${what} fails: ${annotations.error[0]}`]

const closeBetween =
  (more: Partial<Workflow> = {}) =>
  async (services: Services): Promise<void> => {
    setPullState(services, PULL, 'closed')
    await run(services, 'close', more)
  }

/** Checks that auth is off after a rerun of the close. */
const offAfterAll = async ({ services }: Case, more: Partial<Workflow> = {}): Promise<string[]> => {
  const again = await run(services, 'close', more)
  const { auth } = await observeBranch(services, BRANCH)
  return [
    ...succeeds('the rerun of the close', again),
    ...(auth === 'off' ? [] : ['auth is on after the rerun of the close']),
  ]
}

/** Checks that everything is as the workflow asks after a rerun of the enabling job. */
const onAfterAll = async ({ services }: Case): Promise<string[]> => {
  const again = await run(services, 'enable')
  const { auth, domains, localhost } = await observeBranch(services, BRANCH)
  const reached = auth === 'on' && domains.includes(workflow.domain) && !localhost
  return [
    ...succeeds('the rerun', again),
    ...(reached ? [] : [`it does not converge: ${domains}, ${localhost}`]),
  ]
}

/** Checks that auth that somebody disabled while keeping data stays off, in this run and the next. */
const staysOff = async ({ services, before }: Case): Promise<string[]> => {
  const again = await run(services, 'enable')
  const { auth } = await observeBranch(services, BRANCH)
  return [
    ...reportingProblems(again).map((one) => `in the rerun, ${one}`),
    ...(before.schema && auth === 'on' ? ['it is on again'] : []),
  ]
}

const disableByHand = async ({ neon }: Services): Promise<void> => {
  if (neon.branch(BRANCH).auth === 'on') await neon.disableAuth(BRANCH)
}

/** Checks that the schema that another run has created in the meantime is not deleted as a leftover. */
const madeOnce = async ({ services, meanwhile, request }: Case): Promise<string[]> => {
  const now = await observeBranch(services, BRANCH)
  const found =
    now.auth === 'on' && now.schema ? [] : [`auth is ${now.auth}, schema: ${now.schema}`]
  // Neon has no conditional delete, so nothing can protect the gap between the last read and this request.
  const tooLate = request.operationId === 'disableNeonAuth'
  if (!tooLate && now.mark !== meanwhile?.mark) found.push('the new data is lost')
  return found
}

const RESTORE = { onOrphanSchema: 'restore' } as const

/** Reruns the restoring job and checks that the users from before the close are back and no schema is left over. */
const restoredAfterAll = async ({ services }: Case): Promise<string[]> => {
  const { neon } = services
  setPullState(services, PULL, 'open')
  neon.updateBranch(BRANCH, { protected: false })
  const again = await run(services, 'enable', RESTORE)
  const emails = (await neon.users(BRANCH)).map(({ email }) => email)
  const schemas = await authSchemas(neon, BRANCH)
  return [
    ...succeeds('the rerun of the restoring run', again),
    ...(emails.includes(ADA) ? [] : [`its users are lost: ${emails}, ${schemas}`]),
    ...(schemas.length === 1 ? [] : [`a schema is left over: ${schemas}`]),
    ...(await profileProblems(neon, BRANCH)),
  ]
}

/** Selects the main requests of a restoring run: renaming the schema, enabling auth, and copying the rows. */
const restores = ({ requestBody, operationId }: LoggedRequest): boolean =>
  /RENAME TO|INSERT INTO/.test(JSON.stringify(requestBody ?? '')) ||
  operationId === 'createNeonAuth'

const RECREATE = { onOrphanSchema: 'recreate' } as const
const INHERITED = 'auth on, inherited'
const EVERY = Object.keys(STARTS).filter((start) => start !== WITH_USERS)

interface Moment extends Omit<Scenario, 'start'> {
  readonly what: string
  /** The most telling initial states, which are part of `npm test`. */
  readonly starts: readonly string[]
  readonly more: readonly string[]
  /** Selects the requests that are part of `npm test`. Default: all. */
  readonly only?: (request: LoggedRequest) => boolean
}

/** What happens at each request of a run, and what must hold in the end. */
const MOMENTS: readonly Moment[] = [
  {
    what: 'a pull request that closes during an enabling run is off after a rerun of the close, and loses no data',
    kind: 'enable',
    between: closeBetween(),
    after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
    starts: ['auth off', INHERITED],
    more: EVERY,
  },
  {
    what: 'auth that somebody disables during an enabling run is not enabled over its data',
    kind: 'enable',
    // Right after enabling auth, the run waits until Neon shows it, so it uses its whole timeout.
    with: { timeout: 12 },
    between: disableByHand,
    after: async (one) => [...(await dataKept(one)), ...(await staysOff(one))],
    starts: [INHERITED],
    more: EVERY,
  },
  {
    what: 'a killed enabling run does no harm, and the next one completes it',
    kind: 'enable',
    isKilled: true,
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await onAfterAll(one))],
    starts: ['auth off'],
    more: EVERY.filter((start) => start !== ORPHAN),
  },
  {
    what: 'a branch that is recreated during an enabling run is updated by the next one',
    kind: 'enable',
    between: (services) => recreateBranch(services, BRANCH, 'main'),
    after: onAfterAll,
    starts: [],
    more: EVERY,
  },
  {
    what: 'auth is off after a close with delete_data during an enabling run that may recreate',
    kind: 'enable',
    with: RECREATE,
    between: closeBetween({ deleteData: true }),
    after: (one) => offAfterAll(one, { deleteData: true }),
    starts: [],
    more: EVERY,
  },
  {
    what: 'a schema that another run recreates during a run that recreates too is kept',
    kind: 'enable',
    with: RECREATE,
    between: (services) => run(services, 'enable', RECREATE),
    after: madeOnce,
    starts: [ORPHAN],
    more: [ORPHAN],
    // Each case waits for ten seconds. These requests come after Neon's delete.
    only: ({ plane, operationId }) =>
      plane === 'sql' || operationId === 'listProjectBranchDatabases',
  },
  {
    what: 'two simultaneous restoring runs restore the data once, and both succeed',
    kind: 'enable',
    with: RESTORE,
    between: (services) => run(services, 'enable', RESTORE),
    after: async (one) => [
      ...succeeds('the slower run', one.held),
      ...(await restoredAfterAll(one)),
    ],
    starts: [WITH_USERS],
    more: [WITH_USERS],
    only: restores,
  },
  {
    what: 'a pull request that closes during a restoring run keeps its data, and has it when it is reopened',
    kind: 'enable',
    with: RESTORE,
    between: closeBetween(RESTORE),
    after: restoredAfterAll,
    starts: [],
    more: [WITH_USERS],
  },
  {
    what: 'a branch that becomes protected during a restoring run keeps its data, and has it afterwards',
    kind: 'enable',
    with: RESTORE,
    between: async ({ neon }) => neon.updateBranch(BRANCH, { protected: true }),
    after: restoredAfterAll,
    starts: [],
    more: [WITH_USERS],
  },
  {
    what: 'a killed closing run loses no data, and the next one completes it',
    kind: 'close',
    isKilled: true,
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
    starts: [INHERITED],
    more: EVERY,
  },
  {
    what: 'a pull request that is reopened during its closing run loses no data',
    kind: 'close',
    between: async (services) => {
      setPullState(services, PULL, 'open')
      await run(services, 'enable')
    },
    after: async (one) => [...(await dataKept(one)), ...succeeds('the close', one.held)],
    starts: [INHERITED],
    more: EVERY,
  },
]

const CASES = MOMENTS.flatMap(({ what, starts, more, only, ...moment }) =>
  (long ? more : starts).map((start) => ({ what, start, moment, only: long ? undefined : only })),
)

describe('at each request', () => {
  it.each(CASES)(
    '$what ($start)',
    async ({ start, moment, only }) => {
      expect(await atEachRequest({ ...moment, start }, only)).toEqual([])
    },
    900_000,
  )
})
