import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { campaignOf } from '../model/campaign.ts'
import { lookAt, manners, type Seen } from '../model/checks.ts'
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

/** How many requests an undisturbed run makes at Neon. */
const countRequests = async (world: World, scenario: Scenario): Promise<number> => {
  await arrange(world, scenario)
  await run(world, scenario.kind, scenario.with)
  return world.neon.requests.length
}

const playCase = async (world: World, scenario: Scenario, at: number): Promise<string[]> => {
  await arrange(world, scenario)
  const before = await lookAt(world, BRANCH)
  const hold = holdRequest(world, at)
  const running = begin(world, scenario.kind, scenario.with)
  const reached = await Promise.race([
    hold.held.then(() => true),
    running.finished.then(() => false),
  ])
  if (reached) await scenario.between(world, running)
  hold.forget()
  const held = await running.finished
  await world.quiet()
  const found = held.signal === null ? manners(held) : []
  if (reached) found.push(...(await scenario.after({ world, before, held })))
  if (productionNow(world) !== world.production) found.push('production was changed')
  return found.map((one) => `at request ${at}: ${one}\n${held.log.slice(0, 3000)}`)
}

/** Plays the scenario at each request there is; gives all that is wrong. */
const atEachRequest = async (scenario: Scenario): Promise<string[]> => {
  const [first] = worlds
  if (!first) throw new Error('no world was opened')
  const requests = await countRequests(first, scenario)
  expect(requests).toBeGreaterThan(1)
  const waiting = Array.from({ length: requests }, (_, index) => index + 1)
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
    ...manners(again).map((one) => `run again, ${one}`),
    ...(before.schema && auth === 'on' ? ['it is on again'] : []),
  ]
}

const disableByHand = async ({ neon }: World): Promise<void> => {
  if (neon.branch(BRANCH).auth === 'on') await neon.disableAuth(BRANCH)
}

/** What happens at each request of a run, and what must be so in the end. */
const MOMENTS: Record<string, Omit<Scenario, 'start'>> = {
  'a pull request that closes under an enabling run is off once the close was run again, and loses no data':
    {
      kind: 'enable',
      between: closeBetween(),
      after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
    },
  'auth that somebody disables under an enabling run is not switched on over its data': {
    kind: 'enable',
    // Right after it was enabled, the run waits for it to show, and GitHub says that it should.
    with: { timeout: 12 },
    between: disableByHand,
    after: async (one) => [...(await dataKept(one)), ...(await staysOff(one))],
  },
  'an enabling run that is killed has done no harm, and the next one does the rest': {
    kind: 'enable',
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await onAfterAll(one))],
  },
  'a branch that is made anew under an enabling run is brought up to date by the next one': {
    kind: 'enable',
    between: (world) => remakeBranch(world, BRANCH, 'main'),
    after: onAfterAll,
  },
  'a close with delete_data under an enabling run that may recreate is off in the end': {
    kind: 'enable',
    with: { onOrphanSchema: 'recreate' },
    between: closeBetween({ deleteData: true }),
    after: (one) => offAfterAll(one, { deleteData: true }),
  },
  'a closing run that is killed has lost no data, and the next one does the rest': {
    kind: 'close',
    between: async (_, running) => running.kill('SIGKILL'),
    after: async (one) => [...(await dataKept(one)), ...(await offAfterAll(one))],
  },
  'a pull request that is reopened under its closing run loses no data': {
    kind: 'close',
    between: async (world) => {
      tellGitHub(world, PULL, 'open')
      await run(world, 'enable')
    },
    after: async (one) => [...(await dataKept(one)), ...succeeds('the close', one.held)],
  },
}

const ALL = Object.keys(MOMENTS).flatMap((what) =>
  Object.keys(STARTS).map((start): [string, string] => [what, start]),
)
/** An orphan is no place to enable on, so there "everything as asked" is not what comes of it. */
const APPLY = ALL.filter(
  ([what, start]) => !(what.includes('killed has done no harm') && start === ORPHAN),
)
/** What is part of all tests: the starts that say most. `npm run model` plays the rest. */
const SHORT = APPLY.filter(([what, start]) =>
  start === 'auth on, inherited'
    ? /closes under|disables under|closing run/.test(what)
    : start === 'auth off' && /closes under|no harm/.test(what),
)

describe('at each request', () => {
  it.each(campaignOf(process.env).long ? APPLY : SHORT)(
    '%s (%s)',
    async (what, start) => {
      const moment = MOMENTS[what]
      if (!moment) throw new Error(`nothing is known of: ${what}`)
      expect(await atEachRequest({ ...moment, start })).toEqual([])
    },
    600_000,
  )
})
