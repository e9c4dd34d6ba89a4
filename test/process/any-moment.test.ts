import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { campaignOf } from '../model/campaign.ts'
import { lookAt, reportingProblems, type Seen } from '../model/checks.ts'
import type { Workflow } from '../model/model.ts'
import {
  holdRequest,
  openWorld,
  productionNow,
  remakeBranch,
  startDoing,
  tellGitHub,
  type World,
} from '../model/world.ts'
import type { Finished, Running } from '../runner.ts'

// A run makes its requests one after the other, and the world does not wait for it. Here everything
// that can come between does so at each request: the request is held, the other thing happens from
// beginning to end, and the request goes on.

/** How many cases go on side by side, each with a Neon of its own. */
const LANES = 3
const PULL = 2
const BRANCH = 'preview/pr-2'

const workflow: Workflow = {
  pull: PULL,
  branch: BRANCH,
  parent: 'bare',
  domain: 'https://pr-2.shop.example',
  onClose: 'disable',
  deleteData: false,
  onOrphanSchema: 'fail',
  pruneDomains: false,
  isolate: false,
  allowLocalhost: false,
  verify: false,
}

let worlds: World[] = []
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: LANES }, openWorld))
})
afterAll(async () => {
  for (const world of worlds) expect(world.neon.contractBreaches).toEqual([])
  await Promise.all(worlds.map((world) => world.close()))
})

type Kind = 'enable' | 'close'
const ORPHAN = 'auth off, its data kept'

const begin = (world: World, kind: Kind, more: Partial<Workflow> = {}) =>
  startDoing(
    world,
    kind === 'close'
      ? { kind, pull: PULL, event: 'closed', dry: false }
      : { kind, pull: PULL, event: 'synchronize', dry: false },
    { ...workflow, ...more },
  )

const run = (world: World, kind: Kind, more: Partial<Workflow> = {}): Promise<Finished> =>
  begin(world, kind, more).finished

/** How a branch may be found. */
const STARTS: Record<string, (world: World) => Promise<void>> = {
  'auth off': (world) => remakeBranch(world, BRANCH, 'bare'),
  'auth on, inherited': (world) => remakeBranch(world, BRANCH, 'main'),
  'auth on, from an earlier run': async (world) => {
    await remakeBranch(world, BRANCH, 'bare')
    await world.neon.enableAuth(BRANCH, { domains: ['https://console.example', workflow.domain] })
  },
  [ORPHAN]: async (world) => {
    await remakeBranch(world, BRANCH, 'bare')
    await world.neon.enableAuth(BRANCH)
    await world.neon.disableAuth(BRANCH)
  },
}

/** One case: what was found before, and the run under which something happened. */
interface Case {
  readonly world: World
  readonly before: Seen
  /** What was there when the other thing had happened. */
  readonly meanwhile: Seen | undefined
  /** The request that was held. */
  readonly request: LoggedRequest
  readonly held: Finished
}

interface Scenario {
  readonly start: string
  readonly kind: Kind
  readonly with?: Partial<Workflow>
  /** What happens while the request is held. */
  between(world: World, running: Running): Promise<unknown>
  /** What is wrong after both have ended. */
  after(one: Case): Promise<string[]>
}

const arrange = async (world: World, { start, kind }: Scenario): Promise<void> => {
  await STARTS[start]?.(world)
  tellGitHub(world, PULL, kind === 'close' ? 'closed' : 'open')
  world.neon.clearRequests()
}

/** The requests that an undisturbed run makes at Neon. */
const requestsOf = async (world: World, scenario: Scenario): Promise<LoggedRequest[]> => {
  await arrange(world, scenario)
  await run(world, scenario.kind, scenario.with)
  return [...world.neon.requests]
}

/** An enabling run that was told that auth is on never switches it on after that: somebody switched it off. */
const switchedOnAgain = ({ neon }: World, at: number): string[] => {
  const told = neon.requests.findIndex(
    ({ operationId, status }) => operationId === 'getNeonAuth' && status === 200,
  )
  // From the held request on, others make requests, too.
  if (told < 0 || told >= at - 1) return []
  const tries = neon.requests
    .slice(told)
    .filter(({ operationId }) => operationId === 'createNeonAuth')
  return tries.length > 0 ? ['it found auth on, and then switched it on'] : []
}

const playCase = async (world: World, scenario: Scenario, at: number): Promise<string[]> => {
  await arrange(world, scenario)
  const before = await lookAt(world, BRANCH)
  const hold = holdRequest(world, at)
  const running = begin(world, scenario.kind, scenario.with)
  const request = await Promise.race([hold.held, running.finished.then(() => undefined)])
  if (request) await scenario.between(world, running)
  const meanwhile = request && (await lookAt(world, BRANCH))
  hold.forget()
  const held = await running.finished
  await world.quiet()
  const found = [
    ...(held.signal === null ? reportingProblems(held) : []),
    ...(scenario.kind === 'enable' ? switchedOnAgain(world, at) : []),
  ]
  if (request) {
    const after = scenario.after({ world, before, meanwhile, request, held })
    found.push(...(await after.catch((error: unknown) => [`the branch is broken: ${error}`])))
  }
  if (productionNow(world) !== world.production) found.push('production was changed')
  const { method, path } = request ?? { method: 'no', path: 'request' }
  return found.map((one) => `at ${at}, ${method} ${path}: ${one}\n${held.log.slice(0, 3000)}`)
}

/** Plays the scenario at each request there is, or at `only` some; gives all that is wrong. */
const atEachRequest = async (
  scenario: Scenario,
  only: (request: LoggedRequest) => boolean = () => true,
): Promise<string[]> => {
  const [first] = worlds
  if (!first) throw new Error('no world was opened')
  const requests = await requestsOf(first, scenario)
  const waiting = requests.flatMap((request, index) => (only(request) ? [index + 1] : []))
  expect(waiting.length).toBeGreaterThan(1)
  const wrong: string[] = []
  const lane = async (world: World): Promise<void> => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift())
      wrong.push(...(await playCase(world, scenario, at)))
  }
  await Promise.all(worlds.map(lane))
  return wrong
}

/** The data that was there is still there, switched on or kept. */
const dataKept = async ({ world, before }: Case): Promise<string[]> => {
  if (!before.schema) return []
  const now = await lookAt(world, BRANCH)
  const other = now.mark !== undefined && before.mark !== undefined && now.mark !== before.mark
  return other || !now.schema ? ['its data is lost'] : []
}

const succeeds = (what: string, { exitCode, annotations }: Finished): string[] =>
  exitCode === 0 ? [] : [`${what} fails: ${annotations.error[0]}`]

const closeBetween =
  (more: Partial<Workflow> = {}) =>
  async (world: World): Promise<void> => {
    tellGitHub(world, PULL, 'closed')
    await run(world, 'close', more)
  }

/** After the close's job was run again, nothing is on. */
const offAfterAll = async ({ world }: Case, more: Partial<Workflow> = {}): Promise<string[]> => {
  const again = await run(world, 'close', more)
  const { auth } = await lookAt(world, BRANCH)
  return [
    ...succeeds('the close, run again,', again),
    ...(auth === 'off' ? [] : ['it is on after the close was run again']),
  ]
}

/** After the enabling job was run again, everything is as it was asked for. */
const onAfterAll = async ({ world }: Case): Promise<string[]> => {
  const again = await run(world, 'enable')
  const { auth, domains, localhost } = await lookAt(world, BRANCH)
  const reached = auth === 'on' && domains.includes(workflow.domain) && !localhost
  return [
    ...succeeds('the run, made again,', again),
    ...(reached ? [] : [`it does not come to what was asked: ${domains}, ${localhost}`]),
  ]
}

/** Auth that somebody switched off over data stays off, in this run and in the next. */
const staysOff = async ({ world, before }: Case): Promise<string[]> => {
  const again = await run(world, 'enable')
  const { auth } = await lookAt(world, BRANCH)
  return [
    ...reportingProblems(again).map((one) => `run again, ${one}`),
    ...(before.schema && auth === 'on' ? ['it is on again'] : []),
  ]
}

const disableByHand = async ({ neon }: World): Promise<void> => {
  if (neon.branch(BRANCH).auth === 'on') await neon.disableAuth(BRANCH)
}

/** What another run made of the leftover by now, with its new users, is nobody's leftover. */
const madeOnce = async ({ world, meanwhile, request }: Case): Promise<string[]> => {
  const now = await lookAt(world, BRANCH)
  const found =
    now.auth === 'on' && now.schema ? [] : [`auth is ${now.auth}, schema: ${now.schema}`]
  // Neon's delete knows no condition: between the last look at auth and this request lies nothing.
  const tooLate = request.operationId === 'disableNeonAuth'
  if (!tooLate && now.mark !== meanwhile?.mark) found.push('the new data is lost')
  return found
}

const RECREATE = { onOrphanSchema: 'recreate' } as const
const INHERITED = 'auth on, inherited'
const EVERY = Object.keys(STARTS)

interface Moment extends Omit<Scenario, 'start'> {
  readonly what: string
  /** The starts that are part of all tests, those that say most, and the others. */
  readonly starts: readonly string[]
  readonly more: readonly string[]
  /** The requests that are part of all tests, where not all of them are. */
  readonly only?: (request: LoggedRequest) => boolean
}

/** What happens at each request of a run, and what must be so in the end. */
const MOMENTS: readonly Moment[] = [
  {
    what: 'a pull request that closes under an enabling run is off once the close was run again, and loses no data',
    kind: 'enable',
    between: closeBetween(),
    after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
    starts: ['auth off', INHERITED],
    more: EVERY,
  },
  {
    what: 'auth that somebody disables under an enabling run is not switched on over its data',
    kind: 'enable',
    // Right after it was enabled, the run waits for it to show, and GitHub says that it should.
    with: { timeout: 12 },
    between: disableByHand,
    after: async (one) => [...(await dataKept(one)), ...(await staysOff(one))],
    starts: [INHERITED],
    more: EVERY,
  },
  {
    what: 'an enabling run that is killed has done no harm, and the next one does the rest',
    kind: 'enable',
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await onAfterAll(one))],
    starts: ['auth off'],
    more: EVERY.filter((start) => start !== ORPHAN),
  },
  {
    what: 'a branch that is made anew under an enabling run is brought up to date by the next one',
    kind: 'enable',
    between: (world) => remakeBranch(world, BRANCH, 'main'),
    after: onAfterAll,
    starts: [],
    more: EVERY,
  },
  {
    what: 'a close with delete_data under an enabling run that may recreate is off in the end',
    kind: 'enable',
    with: RECREATE,
    between: closeBetween({ deleteData: true }),
    after: (one) => offAfterAll(one, { deleteData: true }),
    starts: [],
    more: EVERY,
  },
  {
    what: 'what another run recreates under a run that recreates, too, is kept',
    kind: 'enable',
    with: RECREATE,
    between: (world) => run(world, 'enable', RECREATE),
    after: madeOnce,
    starts: [ORPHAN],
    more: [ORPHAN],
    // Each takes ten seconds of pauses; these come after Neon's delete.
    only: ({ plane, operationId }) =>
      plane === 'sql' || operationId === 'listProjectBranchDatabases',
  },
  {
    what: 'a closing run that is killed has lost no data, and the next one does the rest',
    kind: 'close',
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
    starts: [INHERITED],
    more: EVERY,
  },
  {
    what: 'a pull request that is reopened under its closing run loses no data',
    kind: 'close',
    between: async (world) => {
      tellGitHub(world, PULL, 'open')
      await run(world, 'enable')
    },
    after: async (one) => [...(await dataKept(one)), ...succeeds('the close', one.held)],
    starts: [INHERITED],
    more: EVERY,
  },
]

const { long } = campaignOf(process.env)
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
