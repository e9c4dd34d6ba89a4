import assert from 'node:assert/strict'
import { BRANCH } from '../preview.ts'
import { assertDeployed, assertNoWrites, assertOff, assertSignUp } from './checks.ts'
import { composedScenarios } from './composed.ts'
import { previewUrl } from './deploy-target.ts'
import {
  asTarget,
  deploymentStatus,
  dispatched,
  fromDependabot,
  fromFork,
  HEAD_SHA,
  merged,
  pullRequest,
  pushedTo,
  scheduled,
  type TriggerEvent,
} from './events.ts'
import { lifecycleScenario } from './lifecycle.ts'
import { settingsOnPage } from './pages.ts'
import type { EventCase, ExpectedJob, ExpectedJobs, Scenario } from './scenario.ts'
import type { Services } from './services.ts'

const PREVIEW = previewUrl('pr-2')

const branchExists = ({ neon }: Services): Promise<unknown> => neon.createBranch({ name: BRANCH })

/** Returns what to expect of a workflow that creates the branch and deploys between two steps of this action. */
const twoSteps = (more: ExpectedJob = {}) => ({
  fork: {},
  dependabot: {},
  opened: { deploy: { actions: ['unchanged', 'updated'], ...more } },
  pushed: { deploy: { actions: ['unchanged', 'unchanged'], ...more } },
  closed: { close: { actions: ['disabled'] } },
  reopened: { deploy: { actions: ['enabled', 'updated'], ...more } },
  whileOpen: async (services: Services) => {
    assertDeployed(services, 'pr-2')
    await assertSignUp(services, [PREVIEW])
  },
  onceClosed: (services: Services) => assertOff(services),
})

/** Returns what to expect of a workflow with one step of this action, on a branch that exists. */
const oneStep = (job: string, preview: string) => {
  const does = (action: string): ExpectedJobs => ({ [job]: { actions: [action] } })
  return {
    given: branchExists,
    fork: does('skipped'),
    dependabot: does('skipped'),
    opened: does('updated'),
    pushed: does('unchanged'),
    closed: does('disabled'),
    reopened: does('enabled'),
    whileOpen: (services: Services) => assertSignUp(services, [preview]),
    onceClosed: (services: Services) => assertOff(services),
  }
}

const quickStart = lifecycleScenario({
  workflow: 'README.md#Quick start',
  ...oneStep('neon-auth', 'https://pr-2.preview.example.com'),
})

const readmeDeploy = lifecycleScenario({
  workflow: 'README.md#If the URL is known only after the deploy',
  ...twoSteps(),
})

const viteExample = lifecycleScenario({
  workflow: 'examples/vite-app/README.md#On every pull request',
  ...twoSteps(),
  whileOpen: async (services) => {
    const { env = {} } = services.target.deployments.at(-1) ?? {}
    const { baseUrl = '' } = services.neon.branch(BRANCH)
    assert.match(env['NEON_AUTH_JWKS_URL'] ?? '', /^http:.*jwks/, "the backend's JWKS URL")
    assert.equal(env['NEON_AUTH_ISSUER'], new URL(baseUrl).origin, "the backend's issuer")
    await assertSignUp(services, [PREVIEW])
  },
})

const netlify = lifecycleScenario({ workflow: 'docs/recipes/netlify.yml', ...twoSteps() })

const cloudflareWorkers = lifecycleScenario({
  workflow: 'docs/recipes/cloudflare.yml',
  title: 'Workers',
  ...twoSteps({ skipped: ['pages'] }),
})

const cloudflarePages = lifecycleScenario({
  workflow: 'docs/recipes/cloudflare.yml',
  title: 'Pages',
  vars: { CLOUDFLARE_PAGES_PROJECT: 'shop' },
  ...twoSteps({ skipped: ['worker'] }),
})

const VERCEL_ALIAS = 'https://my-shop-pr-2.vercel.app'
const vercelPrebuilt = lifecycleScenario({
  workflow: 'docs/recipes/vercel-prebuilt.yml',
  ...twoSteps(),
  whileOpen: async (services) => {
    const [build, alias] = services.target.deployments.slice(-2)
    const { baseUrl } = services.neon.branch(BRANCH)
    assert.equal(build?.files?.['auth-url.txt'], baseUrl, 'the auth URL of the build')
    assert.equal(build?.env?.['NEON_AUTH_BASE_URL'], baseUrl, 'the auth URL of the functions')
    assert.equal(alias?.name, new URL(VERCEL_ALIAS).host, 'the alias')
    assert.equal(alias?.files?.['alias-of'], build?.url, 'the deployment that it points to')
    await assertSignUp(services, [VERCEL_ALIAS])
  },
})

const oneComment = ({ github }: Services, says: RegExp): void => {
  const bodies = github.comments.filter(({ number }) => number === 2).map(({ body }) => body)
  assert.equal(bodies.length, 1, 'comments on the pull request')
  assert.match(bodies[0] ?? '', says)
}

const ownBranch = lifecycleScenario({
  workflow: 'docs/recipes/create-and-delete-branch.yml',
  ...twoSteps(),
  // The branch is deleted on close, so a new one inherits auth again.
  reopened: { deploy: { actions: ['unchanged', 'updated'] } },
  whileOpen: async (services) => {
    oneComment(services, /pr-2\.previews\.example\.com/)
    await twoSteps().whileOpen(services)
  },
  onceClosed: (services) => {
    oneComment(services, /Neon Auth/)
    assert.throws(() => services.neon.branch(BRANCH), 'the branch should be gone')
  },
})

const functionOrigin = ({ neon }: Services): string =>
  `https://${neon.branch(BRANCH).id}-shop.compute.c-1.us-east-2.aws.neon.tech`

const neonFunctions = lifecycleScenario({
  workflow: 'docs/recipes/neon-functions.yml',
  fork: {},
  dependabot: {},
  opened: { deploy: { actions: ['updated'] } },
  pushed: { deploy: { actions: ['unchanged'] } },
  closed: { close: { actions: ['disabled'] } },
  reopened: { deploy: { actions: ['updated'] } },
  whileOpen: async (services) => {
    oneComment(services, /shop\.compute/)
    await assertSignUp(services, [functionOrigin(services)])
  },
  onceClosed: (services) =>
    assert.throws(() => services.neon.branch(BRANCH), 'the branch is still there'),
})

const branchGone: Scenario = {
  workflow: 'docs/recipes/create-and-delete-branch.yml',
  title: 'closed after the branch is gone',
  cases: [
    {
      title: 'closed',
      event: pullRequest('closed'),
      jobs: { close: { actions: ['already_gone'], skipped: ['1'] } },
      check: assertNoWrites,
    },
  ],
}

const withTests = (actions: readonly string[]): ExpectedJobs => ({ deploy: { actions }, test: {} })
const playwright = lifecycleScenario({
  workflow: 'docs/recipes/own-deploy-playwright.yml',
  ...twoSteps(),
  // The first step isolates the branch from production.
  opened: withTests(['updated', 'updated']),
  pushed: withTests(['unchanged', 'unchanged']),
  reopened: withTests(['enabled', 'updated']),
  whileOpen: async (services) => {
    await twoSteps().whileOpen(services)
    const users = await services.neon.users(BRANCH)
    assert.equal(users.filter(({ email }) => email === 'e2e@example.com').length, 1)
  },
})

const signedIn = lifecycleScenario({
  workflow: 'docs/recipes/playwright-session.yml',
  ...twoSteps(),
  // The first step isolates the branch from production.
  opened: { test: { actions: ['updated', 'updated'] } },
  // Each run signs in its own user.
  pushed: { test: { actions: ['unchanged', 'updated'] } },
  reopened: { test: { actions: ['enabled', 'updated'] } },
  whileOpen: async (services) => {
    await twoSteps().whileOpen(services)
    const users = await services.neon.users(BRANCH)
    assert.ok(users.some(({ email }) => email.startsWith('neon-auth-e2e-pr2-')))
  },
})

const stagingUrl = (number: number): string => `https://pr-${number}.staging.example.com`
const staging = (action: string): ExpectedJobs => ({ 'neon-auth': { actions: [action] } })
const trustsOnStaging = (numbers: readonly number[]) => async (services: Services) => {
  await assertSignUp(services, numbers.map(stagingUrl), 'staging')
  const trusted = services.neon.branch('staging').trustedDomains
  assert.deepEqual(
    trusted.filter((domain) => domain.includes('staging')).sort(),
    numbers.map(stagingUrl),
  )
}
const sharedStaging: Scenario = {
  workflow: 'docs/recipes/shared-staging.yml',
  cases: [
    {
      title: 'opened',
      given: ({ neon }) => neon.createBranch({ name: 'staging' }),
      event: pullRequest('opened'),
      jobs: staging('updated'),
      check: trustsOnStaging([2]),
    },
    {
      title: 'another one is opened',
      event: pullRequest('opened', { number: 5, headRef: 'other' }),
      jobs: staging('updated'),
      check: trustsOnStaging([2, 5]),
    },
    { title: 'pushed to', event: pullRequest('synchronize'), jobs: staging('unchanged') },
    { title: 'a fork', event: fromFork('opened'), jobs: staging('skipped') },
    { title: 'Dependabot', event: fromDependabot('opened'), jobs: staging('skipped') },
    {
      title: 'merged',
      event: merged(),
      jobs: staging('untrusted'),
      check: trustsOnStaging([5]),
    },
    {
      title: 'reopened',
      event: pullRequest('reopened'),
      jobs: staging('updated'),
      check: trustsOnStaging([2, 5]),
    },
  ],
}

const VERCEL = 'https://shop-git-changes-team.vercel.app'
const DOCS = 'https://docs-git-changes-team.vercel.app'
const vercel: Scenario = {
  workflow: 'docs/recipes/vercel.yml',
  cases: [
    {
      title: 'a stranger opens one from a fork',
      given: async ({ neon }) => {
        await neon.createBranch({ name: 'preview/changes' })
        neon.clearRequests()
      },
      event: fromFork('opened'),
      jobs: { trust: { actions: ['skipped'] } },
      check: assertNoWrites,
    },
    {
      title: 'Dependabot opens one',
      event: fromDependabot('opened'),
      jobs: { trust: { actions: ['skipped'] } },
      check: assertNoWrites,
    },
    {
      title: 'opened, before anything is deployed',
      event: pullRequest('opened'),
      jobs: { trust: { actions: ['unchanged'] } },
    },
    {
      title: 'Vercel starts a build',
      event: deploymentStatus({ state: 'pending' }),
      jobs: {},
    },
    {
      title: 'production is deployed',
      event: deploymentStatus({ state: 'success', environment: 'Production', url: VERCEL }),
      jobs: {},
    },
    {
      title: 'somebody else reports a preview',
      event: deploymentStatus({
        state: 'success',
        creator: 'mallory',
        url: 'https://evil.example',
      }),
      jobs: {},
      check: assertNoWrites,
    },
    {
      title: 'the preview is up',
      event: deploymentStatus({ state: 'success', url: VERCEL }),
      jobs: { trust: { actions: ['updated'] } },
      check: (services) => assertSignUp(services, [VERCEL], 'preview/changes'),
    },
    {
      title: "another project's preview of the commit is up",
      event: deploymentStatus({ state: 'success', environment: 'Preview – docs', url: DOCS }),
      jobs: { trust: { actions: ['updated'] } },
      check: (services) => assertSignUp(services, [VERCEL, DOCS], 'preview/changes'),
    },
    {
      title: 'the preview of a project that sounds like production is up',
      event: deploymentStatus({
        state: 'success',
        environment: 'Preview – live-shop',
        url: 'https://live-shop-git-changes-team.vercel.app',
      }),
      jobs: { trust: { actions: ['skipped'] } },
      given: ({ neon }) => neon.clearRequests(),
      check: assertNoWrites,
    },
    {
      title: 'the preview is inactive',
      event: deploymentStatus({ state: 'inactive', url: VERCEL }),
      jobs: {},
    },
    { title: 'pushed to', event: pullRequest('synchronize'), jobs: 'not started' },
    {
      title: 'merged',
      event: merged(),
      jobs: { close: { actions: ['disabled'] } },
      check: (services) => assertOff(services, 'deleted', 'preview/changes'),
    },
    {
      title: 'a build ends after the merge',
      event: deploymentStatus({ state: 'success', url: VERCEL }),
      jobs: { trust: { actions: ['skipped'] } },
      check: (services) => assertOff(services, 'deleted', 'preview/changes'),
    },
    {
      title: 'reopened, with two previews of its head commit',
      event: pullRequest('reopened'),
      given: ({ github }) => {
        github.deploy(HEAD_SHA, 'Preview', ['pending', 'success'], VERCEL)
        github.deploy(HEAD_SHA, 'Preview – docs', ['success', 'inactive'], DOCS)
        github.deploy(HEAD_SHA, 'Production', ['success'], 'https://shop.example.net')
      },
      jobs: { trust: { actions: ['enabled'] } },
      check: async (services) => {
        await assertSignUp(services, [VERCEL, DOCS], 'preview/changes')
        assert.equal(services.neon.branch('preview/changes').trustedDomains.length, 2)
      },
    },
  ],
}

const leftBehind = async ({ neon, github }: Services): Promise<void> => {
  await neon.createBranch({ name: BRANCH })
  await neon.createBranch({ name: 'preview/pr-5' })
  github.setPull(2, { state: 'closed', headRef: 'changes' })
  github.setPull(5, { state: 'open', headRef: 'other' })
}
const sweep: Scenario = {
  workflow: 'docs/recipes/nightly-sweep.yml',
  cases: [
    {
      title: 'started by hand, which only reports',
      given: leftBehind,
      event: dispatched({ dry_run: 'true' }),
      jobs: { sweep: { actions: ['planned'] } },
      check: assertNoWrites,
    },
    {
      title: 'the open one is pushed to',
      event: pullRequest('synchronize', { number: 5, headRef: 'other' }),
      jobs: 'not started',
    },
    {
      title: 'at night',
      event: scheduled(),
      jobs: { sweep: { actions: ['swept'] } },
      check: async (services) => {
        await assertOff(services, 'kept')
        assert.equal(services.neon.branch('preview/pr-5').auth, 'on', 'the open one')
        assert.equal(services.neon.branch('main').auth, 'on', 'production')
      },
    },
    {
      title: 'the next night',
      event: scheduled(),
      jobs: { sweep: { actions: ['swept'] } },
      given: ({ neon }) => neon.clearRequests(),
      check: assertNoWrites,
    },
  ],
}

const onConflict: Scenario = {
  workflow: 'docs/recipes/cleanup-on-conflict.yml',
  cases: [
    { title: 'opened', event: asTarget(pullRequest('opened')), jobs: 'not started' },
    {
      title: "a fork's is closed",
      event: asTarget(fromFork('closed')),
      given: branchExists,
      jobs: {},
    },
    {
      title: 'closed with merge conflicts',
      event: asTarget(pullRequest('closed')),
      jobs: { close: { actions: ['disabled'] } },
      check: (services) => assertOff(services),
    },
    {
      title: 'the other workflow closed it first',
      event: asTarget(pullRequest('closed')),
      jobs: { close: { actions: ['already_gone'] } },
    },
  ],
}

const enterprise = lifecycleScenario({
  workflow: 'docs/recipes/ghes-proxy.yml',
  ...oneStep('neon-auth', 'https://pr-2.preview.corp.example.com'),
})

/** Returns an event of a pull request that has the labels `labels`. `label` was added or removed. */
const withLabels = (
  action: string,
  labels: readonly string[],
  label?: string,
  by = pullRequest,
): TriggerEvent => {
  const { payload, ...happening } = by(action)
  const named = labels.map((name) => ({ name }))
  const pull_request = { ...(payload['pull_request'] as object), labels: named }
  return {
    ...happening,
    payload: { ...payload, pull_request, ...(label && { label: { name: label } }) },
  }
}

const LABELED_PREVIEW = 'https://pr-2.preview.example.com'
const byLabel: Scenario = {
  workflow: 'docs/recipes/preview-label.yml',
  cases: [
    ...[fromFork, fromDependabot].map(
      (by): EventCase => ({
        title: `${by('labeled').actor} has one that is labeled`,
        event: withLabels('labeled', ['preview'], 'preview', by),
        jobs: { 'neon-auth': { actions: ['skipped'] } },
        check: assertNoWrites,
      }),
    ),
    {
      title: 'another label',
      given: branchExists,
      event: withLabels('labeled', ['bug'], 'bug'),
      jobs: {},
      check: assertNoWrites,
    },
    {
      title: 'labeled',
      event: withLabels('labeled', ['bug', 'preview'], 'preview'),
      jobs: { 'neon-auth': { actions: ['updated'] } },
      check: (services) => assertSignUp(services, [LABELED_PREVIEW]),
    },
    {
      title: 'another label removed',
      event: withLabels('unlabeled', ['preview'], 'bug'),
      jobs: { 'neon-auth': { actions: ['unchanged'] } },
    },
    {
      title: 'unlabeled',
      event: withLabels('unlabeled', [], 'preview'),
      jobs: { close: { actions: ['disabled'] } },
      check: (services) => assertOff(services),
    },
    {
      title: 'labeled again',
      event: withLabels('labeled', ['preview'], 'preview'),
      jobs: { 'neon-auth': { actions: ['enabled'] } },
      check: (services) => assertSignUp(services, [LABELED_PREVIEW]),
    },
    {
      title: 'closed',
      event: withLabels('closed', ['preview']),
      jobs: { close: { actions: ['disabled'] } },
      check: (services) => assertOff(services),
    },
  ],
}

const SHARED_SETTINGS = 'plugins: { magic_link: { enabled: true, expires_in: 15 } }\n'
const magicLinkIsOn = ({ neon }: Services, isOn: boolean): void => {
  const { plugin_configs } = neon.settingsOf('main')
  assert.equal(plugin_configs.magic_link?.enabled ?? false, isOn, 'magic links in production')
}
const promotion: Scenario = {
  workflow: 'docs/recipes/promote-settings.yml',
  files: { '.github/neon-auth.yml': SHARED_SETTINGS },
  cases: [
    {
      title: 'a fork proposes other settings',
      event: fromFork('opened'),
      jobs: { plan: { actions: ['skipped'] } },
      check: assertNoWrites,
    },
    {
      title: 'Dependabot opens one',
      event: fromDependabot('opened'),
      jobs: { plan: { actions: ['skipped'] } },
      check: assertNoWrites,
    },
    {
      title: 'opened, with a setting that production does not have',
      event: pullRequest('opened'),
      jobs: { plan: { actions: ['planned'] } },
      check: (services, { summaries }) => {
        assert.match(summaries.join(), /magic/i)
        assertNoWrites(services)
        magicLinkIsOn(services, false)
      },
    },
    { title: 'merged, which only its push reports', event: merged(), jobs: 'not started' },
    {
      title: 'another branch is pushed to',
      event: pushedTo('other'),
      jobs: 'not started',
    },
    {
      title: 'the merge is pushed',
      event: pushedTo('main'),
      jobs: { apply: { actions: ['updated'] } },
      check: (services) => magicLinkIsOn(services, true),
    },
    {
      title: 'another merge that changes no setting',
      event: pushedTo('main'),
      jobs: { apply: { actions: ['unchanged'] } },
      given: ({ neon }) => neon.clearRequests(),
      check: assertNoWrites,
    },
  ],
}

const exported: Scenario = {
  workflow: "README.md#Your app's environment",
  cases: [
    {
      title: 'opened',
      given: branchExists,
      event: pullRequest('opened'),
      jobs: { steps: { actions: ['unchanged'] } },
      check: ({ neon }) => assert.equal(neon.branch(BRANCH).auth, 'on'),
    },
  ],
}

const PASSING = 'docs/settings.md#Passing settings'
const settings = [PASSING, `${PASSING} (2)`].map(
  (workflow): Scenario => ({
    workflow,
    files: { '.github/neon-auth.yml': 'name: Shop (preview)\n' },
    cases: [
      {
        title: 'opened',
        given: branchExists,
        event: pullRequest('opened'),
        jobs: { steps: { actions: ['updated'] } },
        check: ({ neon }) => assert.equal(neon.settingsOf(BRANCH).name, 'Shop (preview)'),
      },
    ],
  }),
)

const settingsTests = lifecycleScenario({
  workflow: 'docs/settings.md#End-to-end tests',
  files: {
    '.github/neon-auth.yml': settingsOnPage('docs/settings.md', 'End-to-end tests'),
  },
  ...oneStep('e2e', 'https://pr-2.preview.example.com'),
  fork: {},
  dependabot: {},
  closed: 'not started',
  reopened: { e2e: { actions: ['unchanged'] } },
  onceClosed: ({ neon }) => assert.equal(neon.branch(BRANCH).auth, 'on'),
})

const doctor: Scenario = {
  workflow: 'docs/doctor.md#In a workflow',
  cases: [
    {
      title: 'before the preview has a URL',
      given: async (services) => {
        services.github.setPull(2, { state: 'open', headRef: 'changes' })
        await branchExists(services)
        services.neon.clearRequests()
      },
      event: dispatched({ pr_number: '2', url: '' }),
      jobs: { doctor: { actions: ['status'] } },
      check: assertNoWrites,
    },
    {
      title: 'while auth is off',
      given: async ({ neon }) => {
        await neon.disableAuth(BRANCH, { deleteData: true })
        neon.clearRequests()
      },
      event: dispatched({ pr_number: '2', url: '' }),
      jobs: { doctor: { failed: ['0'] } },
      check: assertNoWrites,
    },
  ],
}

const ownEndToEnd: Scenario = {
  workflow: '.github/workflows/ci.yml',
  ownJob: 'end-to-end',
  cases: [
    {
      title: 'opened',
      event: pullRequest('opened'),
      jobs: {
        'end-to-end': {
          actions: ['unchanged', 'updated', 'unchanged', 'disabled'],
          skipped: ['12'],
        },
      },
    },
  ],
}

/** The expected behavior of each workflow in the documentation and in test/workflows/composed. */
export const scenarios: readonly Scenario[] = [
  quickStart,
  readmeDeploy,
  viteExample,
  exported,
  netlify,
  cloudflareWorkers,
  cloudflarePages,
  ownBranch,
  branchGone,
  neonFunctions,
  playwright,
  signedIn,
  sharedStaging,
  vercel,
  vercelPrebuilt,
  promotion,
  sweep,
  onConflict,
  enterprise,
  byLabel,
  ...settings,
  settingsTests,
  doctor,
  ...composedScenarios,
  ownEndToEnd,
]
