import assert from 'node:assert/strict'
import { BRANCH } from '../preview.ts'
import type { ActProcess } from './act.ts'
import { assertDeployed, assertNoWrites, assertOff, assertSignUp } from './checks.ts'
import { previewUrl } from './deploy-target.ts'
import { fromFork, mergeGroup, pullRequest } from './events.ts'
import type { Scenario } from './scenario.ts'
import type { Services } from './services.ts'

const createBranch = ({ neon }: Services): Promise<unknown> => neon.createBranch({ name: BRANCH })
const trusts =
  (...names: readonly string[]) =>
  (services: Services): Promise<void> =>
    assertSignUp(services, names.map(previewUrl))

const reusable: Scenario = {
  workflow: 'composed/calls-reusable.yml',
  cases: [
    {
      title: 'a stranger opens one from a fork',
      event: fromFork('opened'),
      given: async (services) => {
        await createBranch(services)
        services.neon.clearRequests()
      },
      jobs: { auth: { actions: ['skipped'] } },
      check: assertNoWrites,
    },
    {
      title: 'opened',
      event: pullRequest('opened'),
      jobs: { auth: { actions: ['updated'] }, deploy: {} },
      check: async (services) => {
        assertDeployed(services, 'pr-2')
        await assertSignUp(services, [previewUrl('pr-2')])
      },
    },
    {
      title: 'closed',
      event: pullRequest('closed'),
      jobs: { auth: { actions: ['disabled'] } },
      check: (services) => assertOff(services),
    },
  ],
}

const both = (action: string) => [{ actions: [action] }, { actions: [action] }]
const monorepo: Scenario = {
  workflow: 'composed/monorepo.yml',
  cases: [
    {
      title: 'opened',
      event: pullRequest('opened'),
      given: createBranch,
      jobs: { deploy: both('updated') },
      check: trusts('pr-2-shop', 'pr-2-admin'),
    },
    {
      title: 'pushed to',
      event: pullRequest('synchronize'),
      jobs: { deploy: both('unchanged') },
      check: trusts('pr-2-shop', 'pr-2-admin'),
    },
    {
      title: 'closed',
      event: pullRequest('closed'),
      jobs: { close: { actions: ['disabled'] } },
      check: (services) => assertOff(services),
    },
  ],
}

/** Creates a branch whose auth is off, so that both runs try to enable it. */
const branchWithoutAuth = async (services: Services): Promise<void> => {
  await createBranch(services)
  await services.neon.wipeAuth(BRANCH)
}
const sameTime: Scenario = {
  workflow: 'composed/same-time.yml',
  cases: [
    {
      title: 'opened while auth is off',
      event: pullRequest('opened'),
      given: branchWithoutAuth,
      // Either of the two may be first.
      jobs: { auth: [{ actions: 'any' }, { actions: 'any' }] },
      check: trusts('pr-2'),
    },
  ],
}

const mergeQueue: Scenario = {
  workflow: 'composed/merge-group.yml',
  cases: [
    {
      title: 'opened',
      event: pullRequest('opened'),
      given: createBranch,
      jobs: { auth: { actions: ['unchanged'] }, 'without-if': { actions: ['unchanged'] } },
    },
    {
      title: 'the merge queue checks a group',
      event: mergeGroup(),
      given: ({ neon }) => neon.clearRequests(),
      jobs: { auth: { skipped: ['0'] }, 'without-if': { failed: ['0'] } },
      check: (services, { log }) => {
        assert.match(log, /merge_group/)
        assert.match(log, /mode/)
        assertNoWrites(services)
      },
    },
  ],
}

const ADD_DOMAIN = 'addBranchNeonAuthTrustedDomain'

/** Cancels the run after Neon has executed the first of its two writes. */
const cancelAfterWrite = async ({ neon }: Services, run: ActProcess): Promise<void> => {
  neon.faults.add({ match: { operationId: ADD_DOMAIN }, skip: 1, fault: 'hang' })
  await neon.nextEffect(({ operationId }) => operationId === ADD_DOMAIN, {
    signal: AbortSignal.timeout(20_000),
  })
  run.cancel()
}
const cancelled: Scenario = {
  workflow: 'composed/cancelled.yml',
  cases: [
    {
      title: 'opened, and cancelled by a push after the first write',
      event: pullRequest('opened'),
      given: createBranch,
      during: cancelAfterWrite,
      jobs: { auth: { failed: ['auth'] } },
      check: ({ neon }, { log }) => {
        assert.match(log, /auth ended with failure/)
        const added = neon.branch(BRANCH).trustedDomains.filter((each) => each.includes('pr-2'))
        assert.equal(added.length, 1, 'domains added before the run was cancelled')
      },
    },
    {
      title: 'the push itself',
      event: pullRequest('synchronize'),
      given: ({ neon }) => neon.faults.clear(),
      jobs: { auth: { actions: ['updated'] } },
      check: trusts('pr-2', 'pr-2-docs'),
    },
  ],
}

/** Scenarios of workflows that users may write with this action, but that no page shows. */
export const composedScenarios: readonly Scenario[] = [
  reusable,
  monorepo,
  sameTime,
  mergeQueue,
  cancelled,
]
