import { describe, expect, it } from 'vitest'
import type { Inputs } from '../../src/action/inputs.ts'
import type { Target } from '../../src/action/intent.ts'
import { PullRequestClosed } from '../../src/auth/context.ts'
import type { ObservedOn } from '../../src/auth/observe.ts'
import type { Change, Desired } from '../../src/auth/plan.ts'
import type { Preconditions } from '../../src/auth/preconditions.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import type { CheckedOrigin } from '../../src/domains/check-domain.ts'
import type { DomainList } from '../../src/domains/list.ts'
import type { PullRequest } from '../../src/github/pull-request.ts'
import { createJournal } from '../../src/report/journal.ts'
import {
  canPrune,
  collectDomains,
  type Domains,
  NO_DOMAINS,
  warnIfDomainsUnknown,
} from '../../src/runs/collect-domains.ts'
import { changeContext, type RunContext, selectBranch } from '../../src/runs/context.ts'
import { listCreatedUsers } from '../../src/runs/delete-created-users.ts'
import { planInOrder, toDesired, withoutClosingSignUp } from '../../src/runs/desired-state.ts'
import { assertKnownOpen, assertOpen, isClosed } from '../../src/runs/pull-request-state.ts'
import { readEarly } from '../../src/runs/read-early.ts'
import { warnAboutInherited } from '../../src/runs/seed-users.ts'
import { domainContext, readRequestedDomains } from '../../src/runs/trusted-domains-input.ts'
import { BRANCH, collectingLog, fakeDeadline } from '../fakes.ts'

const PREVIEW = 'https://pr-2.example.com' as CheckedOrigin

/** Returns the context of a run with these inputs and without a token, and what it logs. */
const setUp = (inputs: Partial<Inputs> = {}, more: object = {}) => {
  const { log, lines, warnings } = collectingLog()
  const run = {
    env: {},
    event: { repository: 'octo/shop' },
    inputs,
    log,
    deadline: fakeDeadline(),
    journal: createJournal(),
    ...more,
  } as unknown as RunContext
  return { run, lines, warnings }
}

const requested = (more: Partial<DomainList> = {}): DomainList => ({
  origins: [],
  faults: [],
  warnings: [],
  hasGap: false,
  ...more,
})

describe('the desired state of an enabling run', () => {
  const complete = { ...NO_DOMAINS, former: [], prunes: false }

  it.each<[string, object, object | undefined, Partial<Desired>]>([
    ['shares OAuth with `oauth: shared`', { oauth: 'shared' }, undefined, { sharedOauth: true }],
    ['keeps OAuth otherwise', { oauth: 'keep' }, undefined, { sharedOauth: false }],
    ['sends secrets again on request', {}, { resend_secrets: true }, { resendSecrets: true }],
    ['sends secrets once by default', {}, {}, { resendSecrets: false }],
  ])('%s', (_, inputs, settings, expected) => {
    expect(toDesired(inputs as Inputs, settings, complete)).toMatchObject(expected)
  })

  it.each([true, false])('keeps every domain unless all are known (%s)', (isComplete) => {
    const desired = toDesired({} as Inputs, undefined, { ...complete, isComplete })
    expect(desired.keepDomains).toBe(!isComplete)
  })
})

describe('the desired state before users are created', () => {
  const USER = { email: 'ada@shop.example', password: 'correct horse battery' }
  const GUEST = { email: 'guest@shop.example' }
  const closed = { email_and_password: { enabled: true, disable_sign_up: true } }

  it.each([[[USER]], [[GUEST, USER]]])('lacks `disable_sign_up` for %j', (users) => {
    const desired = { settings: { ...closed, users } } as unknown as Desired
    expect(withoutClosingSignUp(desired).settings).toEqual({
      email_and_password: { enabled: true },
      users,
    })
  })

  it.each([
    ['without settings', undefined],
    ['without users', closed],
    ['for users without a password', { ...closed, users: [GUEST] }],
    ['if sign-up is open', { email_and_password: { disable_sign_up: false }, users: [USER] }],
    ['if the settings do not close sign-up', { users: [USER] }],
  ])('is the desired state itself %s', (_, settings) => {
    const desired = { settings } as unknown as Desired
    expect(withoutClosingSignUp(desired)).toBe(desired)
  })
})

describe('a plan with users', () => {
  const USER = { email: 'ada@shop.example', password: 'correct horse battery' }
  const CREATE = { change: 'create_user', email: USER.email }
  const set = (values: object) => ({ change: 'update_email_and_password', set: values })
  const plan = (settings: object, email_and_password: object | 'off') =>
    planInOrder(
      { trustedDomains: [], pruneDomains: false, settings } as Desired,
      email_and_password === 'off'
        ? { auth: 'off' }
        : {
            auth: 'on',
            trustedDomains: [],
            settings: { plugins: { email_and_password }, webhook: { enabled: false } } as never,
          },
    )
  const closing = { enabled: true, disable_sign_up: true }

  it.each<[string, object, object | 'off', object[]]>([
    [
      'closes sign-up after them if they must sign up',
      { email_and_password: closing, users: [USER] },
      { enabled: false, disable_sign_up: false },
      [set({ enabled: true }), CREATE, set({ disable_sign_up: true })],
    ],
    [
      'closes sign-up after them on a branch without auth',
      { email_and_password: closing, users: [USER] },
      'off',
      [{ change: 'enable_auth' }, set({ enabled: true }), CREATE, set({ disable_sign_up: true })],
    ],
    [
      'leaves sign-up closed if it is closed',
      { email_and_password: closing, users: [USER] },
      closing,
      [CREATE],
    ],
    [
      'closes sign-up before them if none must sign up',
      { email_and_password: closing, users: [{ email: USER.email }] },
      { enabled: true, disable_sign_up: false },
      [set({ disable_sign_up: true }), CREATE],
    ],
  ])('%s', (_, settings, stored, expected) => {
    expect(plan(settings, stored)).toEqual(expected)
  })
})

describe('the domains of a run', () => {
  const collect = async (target: Target, origins: readonly string[] = []) => {
    const list = requested({ origins: origins as CheckedOrigin[] })
    return collectDomains(target, list, setUp().run)
  }
  const deployedTo = (url?: string): Target => ({
    deployment: {
      state: 'success',
      environment: 'Preview',
      sha: 'abc',
      isFlaggedProduction: false,
      ...(url && { url }),
    },
  })

  it.each<[string, Target, string[], object]>([
    ['are complete without a deployment', {}, [PREVIEW], { trusted: [PREVIEW], isComplete: true }],
    [
      'include that of the deployment, once',
      deployedTo(`${PREVIEW}/page`),
      [PREVIEW],
      { trusted: [PREVIEW], isComplete: true },
    ],
    [
      'do not include one that cannot be trusted',
      deployedTo('http://localhost:3000'),
      [],
      { trusted: [], isComplete: true },
    ],
    [
      'are incomplete if the deployment has no URL',
      deployedTo(),
      [PREVIEW],
      { trusted: [PREVIEW], isComplete: false },
    ],
  ])('%s', async (_, target, origins, expected) => {
    expect(await collect(target, origins)).toMatchObject(expected)
  })
})

describe('the warning that a run removes no domain', () => {
  const warningsFor = (inputs: Partial<Inputs>, isComplete = false) => {
    const { run, warnings } = setUp(inputs)
    warnIfDomainsUnknown({ ...NO_DOMAINS, isComplete }, run)
    return warnings
  }

  it.each<Partial<Inputs>>([{ pruneDomains: true }, { isolate: true }, { comment: true }])(
    'appears if some domains are unknown, with %j',
    (inputs) => {
      expect(warningsFor(inputs)).toEqual([expect.stringContaining('removes no trusted domain')])
      expect(warningsFor(inputs, true)).toEqual([])
    },
  )

  it('does not appear in a run that never removes domains', () => {
    expect(warningsFor({})).toEqual([])
  })
})

describe('pruning', () => {
  const prune = (pruneDomains: boolean, trusted: CheckedOrigin[], hasGap = false) => {
    const { run, lines, warnings } = setUp({ pruneDomains })
    const domains: Domains = { ...NO_DOMAINS, trusted }
    return { prunes: canPrune(domains, requested({ hasGap }), run), lines, warnings }
  }

  it('happens only if the input is set', () => {
    expect(prune(true, [PREVIEW])).toEqual({ prunes: true, lines: [], warnings: [] })
    expect(prune(false, [PREVIEW])).toEqual({ prunes: false, lines: [], warnings: [] })
  })

  it('is off, with a line in the log, if there is no domain to trust', () => {
    expect(prune(false, [])).toMatchObject({
      prunes: false,
      lines: [expect.stringContaining('No domain to trust')],
    })
  })

  it.each([
    ['no domain', [], false, /no domain: a step output/],
    ['an empty entry', [PREVIEW], true, /an entry of `trusted_domains` is empty/],
  ])('is off with a warning if the list has %s', (_, trusted, hasGap, expected) => {
    expect(prune(true, trusted, hasGap)).toMatchObject({
      prunes: false,
      warnings: [expect.stringMatching(expected)],
    })
  })
})

describe('inherited settings', () => {
  const GOOGLE = { id: 'google', type: 'standard' }
  const warn = (settings: object | undefined, desired: object) => {
    const { run, lines, warnings } = setUp()
    const observed = { settings } as unknown as ObservedOn
    warnAboutInherited(observed, desired as Desired, 'https://auth.test/db/auth', run.log)
    return { lines, warnings }
  }
  const stored = (plugins: object = {}) => ({ plugins, webhook: { enabled: false } })
  const inherited = stored({ oauth_providers: [GOOGLE, { id: 'github', type: 'shared' }] })

  it('cause one warning that names the risks', () => {
    expect(warn(inherited, {})).toMatchObject({
      lines: [],
      warnings: [
        expect.stringMatching(/inherited from production: sign-in with google .*`isolate: true`/),
      ],
    })
  })

  it('cause a line in the log for each provider that still needs a redirect URI if `isolate` is set', () => {
    const callback = 'https://auth.test/db/auth/callback/google'
    expect(warn(inherited, { isolate: true })).toEqual({
      lines: [
        `Sign-in with google does not work here until ${callback} is registered with google.`,
      ],
      warnings: [],
    })
  })

  it.each([
    ['no risk', stored()],
    ['nothing that could be read', undefined],
  ])('cause no message if there is %s', (_, settings) => {
    expect(warn(settings, {})).toEqual({ lines: [], warnings: [] })
  })
})

describe('the context of a change', () => {
  const CHANGE: Change = { change: 'trust_domain', domain: PREVIEW }
  const CREATED = { auth_provider_project_id: 'ap-1' }
  const contextIn = (more: object = {}, result: object = { created: CREATED }) => {
    const neon = { createAuth: async () => result }
    const { run } = setUp({}, { ...more, neon: { ...neon, confirming: () => neon } })
    const preconditions = { beforeWrite: async () => {} } as unknown as Preconditions
    return { context: changeContext(BRANCH, preconditions, run), journal: run.journal }
  }

  it('records an applied change in the journal', () => {
    const { context, journal } = contextIn()
    context.record(CHANGE)
    expect(journal.applied).toEqual([CHANGE])
  })

  it('keeps the keys of new auth for the outputs of a run that fails later', async () => {
    const { context, journal } = contextIn()
    await context.neon.createAuth('br-1')
    expect(journal.created).toEqual(CREATED)
  })

  it('has the ID of the run, or `local`', () => {
    expect(contextIn({ env: { GITHUB_RUN_ID: '7' } }).context.runId).toBe('7')
    expect(contextIn().context.runId).toBe('local')
  })

  it('starts no change after the run was canceled', async () => {
    const signal = AbortSignal.abort('SIGTERM')
    const { context, journal } = contextIn({ deadline: fakeDeadline({ signal }) })
    let isStarted = false
    const work = async () => {
      isStarted = true
    }
    await expect(context.track(CHANGE, work)).rejects.toThrow(RunAborted)
    expect(isStarted).toBe(false)
    expect(journal.inFlight.size).toBe(0)
  })
})

it('selecting the branch adds it to the log and, for a failure report, to the journal', () => {
  const { run, lines } = setUp()
  selectBranch(BRANCH, run)
  expect(run.journal.branch).toBe(BRANCH)
  expect(lines).toEqual(['Branch: preview/pr-2 (br-1)'])
})

describe('the state of the pull request', () => {
  const withGitHub = (read: () => Promise<unknown>) => setUp({}, { github: { read } }).run
  const open = withGitHub(async () => ({ number: 2, state: 'open' }))
  const closed = withGitHub(async () => ({ number: 2, state: 'closed' }))

  it('is known if GitHub returns it', async () => {
    expect(await assertOpen({ prNumber: 2 }, open)).toBe(true)
    expect(await isClosed({ prNumber: 2 }, open)).toBe(false)
    expect(await isClosed({ prNumber: 2 }, closed)).toBe(true)
    await expect(assertOpen({ prNumber: 2 }, closed)).rejects.toThrow(PullRequestClosed)
  })

  it('is unknown without a pull request or a token', async () => {
    expect(await assertOpen({}, open)).toBe(false)
    expect(await isClosed({}, closed)).toBe(false)
    expect(await assertOpen({ prNumber: 2 }, setUp().run)).toBe(false)
  })

  it('does not matter before a removal if the run has no pull request', async () => {
    await expect(assertKnownOpen({}, closed)).resolves.toBeUndefined()
  })

  it('unknown is not none: stops a removal if there is no token to read it with', async () => {
    await expect(assertKnownOpen({ prNumber: 2 }, setUp().run)).rejects.toThrow(
      /could not confirm that pull request #2 is still open/,
    )
  })

  it('does not replace the error of a canceled run', async () => {
    const error = new RunAborted({ what: 'The run was canceled.' })
    const run = withGitHub(() => Promise.reject(error))
    await expect(assertKnownOpen({ prNumber: 2 }, run)).rejects.toBe(error)
  })
})

describe('the input `trusted_domains`', () => {
  it('is checked against the pull request, the repository, and the GitHub server of the run', () => {
    const env = { GITHUB_SERVER_URL: 'https://ghes.corp.example' }
    const { run } = setUp({ allowSharedWildcards: true }, { env })
    const pullRequest = { number: 2, headRef: 'changes' } as PullRequest
    expect(domainContext('workflow', { pullRequest }, run)).toEqual({
      source: 'workflow',
      allowSharedWildcards: true,
      headRef: 'changes',
      repository: 'octo/shop',
      githubHost: 'ghes.corp.example',
    })
  })

  it.each<[string, string[]]>([
    [`${PREVIEW},,https://b.example`, [expect.stringContaining('one entry is empty')]],
    [`${PREVIEW},https://b.example`, []],
  ])('causes a line in the log only if an entry is empty: %s', async (trustedDomains, expected) => {
    const { run, lines } = setUp({ trustedDomains })
    expect((await readRequestedDomains({}, run)).origins).toEqual([PREVIEW, 'https://b.example'])
    expect(lines).toEqual(expected)
  })
})

describe('reading auth while the run looks for the branch', () => {
  const readIds = (branch?: string): string[] => {
    const ids: string[] = []
    readEarly({ ...(branch !== undefined && { branch }) }, setUp().run, async ({ id }) =>
      ids.push(id),
    )
    return ids
  }

  it('happens only if the ID of the branch is known', () => {
    expect(readIds('br-cool-sun-1234')).toEqual(['br-cool-sun-1234'])
    expect(readIds('preview/pr-2')).toEqual([])
    expect(readIds()).toEqual([])
  })
})

describe('looking up the users of earlier sessions', () => {
  const lookUp = async (error: Error) => {
    const { run, warnings } = setUp({}, { neon: { getAuth: () => Promise.reject(error) } })
    return { ids: await listCreatedUsers(2, { ...run, branch: BRANCH }), warnings }
  }

  it('returns no user and warns if the lookup fails', async () => {
    expect(await lookUp(new Error('Neon is down'))).toMatchObject({
      ids: [],
      warnings: [expect.stringMatching(/were not deleted: .*Neon is down/)],
    })
  })

  it('stops if the run is canceled', async () => {
    const error = new RunAborted({ what: 'The run was canceled.' })
    await expect(lookUp(error)).rejects.toBe(error)
  })
})
