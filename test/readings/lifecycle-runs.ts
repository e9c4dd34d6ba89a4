import { BRANCH, PREVIEW } from '../preview.ts'
import type { Step, StepResult } from '../runner.ts'
import { isTrusted, lifecycleStep, SENTINEL, type Services, signIn } from './services.ts'

/** One run of the action in a lifecycle. */
export interface LifecycleRun {
  readonly name: string
  step(services: Services): Step
  /** Arranges what happens just before or during the run. */
  arrange?(services: Services): Promise<void> | void
  /** Returns what is wrong after a run that succeeded. */
  problems(services: Services, finished: StepResult): Promise<string[]>
  /** The error with which the run may fail, whatever the service answers. */
  readonly refusal?: RegExp
  /** Whether the run may delete the data of the preview's users. */
  readonly isDestructive?: true
}

const SETTINGS = `
name: "Shop (preview) "
email_provider: { type: shared, sender_name: Shop }
oauth_providers:
  google: shared
  github: { client_id: gh-id, client_secret: "\${GH_SECRET}" }
plugins:
  magic_link: { enabled: true, expires_in: 15 }
  phone_number: { enabled: true, otp_expires_in: 120 }
webhook:
  enabled: true
  webhook_url: https://hooks.example
  enabled_events: [organization.invitation.created]
  timeout_seconds: 7
users:
  - { email: admin@example.com, name: Admin, roles: [admin], password: "\${E2E_PASSWORD}" }
  - { email: guest@example.com, roles: [editor] }
`
const SMTP = `
email_provider:
  type: standard
  host: smtp.example.com
  port: 587
  username: shop
  password: "\${SMTP_PASSWORD}"
  sender_email: shop@example.com
  sender_name: Shop
`

/** Returns what is wrong after an enabling run that succeeded, false claims above all. */
const enabledProblems = async (
  services: Services,
  { outputs, annotations }: StepResult,
): Promise<string[]> => {
  const { neon, behavior } = services
  const { auth, baseUrl, trustedDomains } = neon.branch(BRANCH)
  if (auth === 'off') return ['false green: auth is off']
  const doubts = annotations.warning.some((text) =>
    /not proven|could not (prove|check|verify)|proof|verif/i.test(text),
  )
  const unproven = behavior.signOutCheck === 'unchecked'
  const mistrusts = annotations.warning.some((text) =>
    /could not verify that .* trusted/i.test(text),
  )
  const stored = trustedDomains.map((domain) => domain.replace(/\/$/, ''))
  const keys = await fetch(outputs.jwks_url ?? '').then(
    ({ status }) => status,
    () => 0,
  )
  return [
    ...(outputs.base_url === baseUrl ? [] : [`false green: base_url is "${outputs.base_url}"`]),
    ...(keys === 200 ? [] : [`false green: jwks_url answers ${keys}`]),
    ...(stored.includes(PREVIEW) ? [] : ['false green: the domain is not in the list']),
    ...(doubts || (await isTrusted(services, PREVIEW))
      ? []
      : ['false green: the domain is not trusted, and no warning says so']),
    ...(mistrusts && !unproven ? ['it warns about trust that it could prove'] : []),
    ...(unproven && !doubts
      ? ['false green: it claims proof although every origin is accepted']
      : []),
  ]
}

const unchangedProblems = async (services: Services, finished: StepResult): Promise<string[]> => {
  const writes = services.neon
    .writes()
    // A run tries to create existing users again, and Neon refuses.
    .filter(({ status }) => Number(status) < 300)
    .map(({ method, path }) => `${method} ${path.split('/br-')[1]?.replace(/^[^/]+/, '')}`)
  return [
    ...(await enabledProblems(services, finished)),
    ...(writes.length === 0
      ? []
      : [`a second run writes again: ${[...new Set(writes)].join(', ')}`]),
  ]
}

const settingsProblems = async (services: Services, finished: StepResult): Promise<string[]> => {
  const stored = services.neon.settingsOf(BRANCH)
  const users = await services.neon.users(BRANCH)
  const roles = Object.fromEntries(users.map(({ email, role }) => [email, role]))
  const providers = stored.social_providers.map(({ id }) => id).sort()
  const { magic_link, phone_number } = stored.plugin_configs
  const checks: Record<string, boolean> = {
    name: stored.name.trim() === 'Shop (preview)',
    providers: providers.join() === 'github,google',
    plugins: magic_link.expires_in === 15 && phone_number.otp_expires_in === 120,
    webhook: new URL(stored.webhook_config.webhook_url ?? 'x:').href === 'https://hooks.example/',
    users: roles['admin@example.com'] === 'admin' && roles['guest@example.com'] === 'editor',
    'sign-in': (await signIn(services.neon, PREVIEW, 'admin@example.com')) === 200,
  }
  const failed = Object.entries(checks).filter(([, isRight]) => !isRight)
  const trust = await enabledProblems(services, finished)
  return [...trust, ...failed.map(([what]) => `false green: the setting "${what}" is not set`)]
}

const isolationProblems = async (services: Services, finished: StepResult): Promise<string[]> => {
  const stored = services.neon.settingsOf(BRANCH)
  const { email_provider, email_and_password, trusted_origins, webhook_config } = stored
  const links = email_and_password.email_verification_method === 'link'
  const warns = finished.annotations.warning.some((text) => /verification|link/i.test(text))
  const isSilent = services.behavior.sharedLinks === 'never-sent' && links && !warns
  return [
    ...(await enabledProblems(services, finished)),
    ...(email_provider?.type === 'standard'
      ? ['false green: it still sends email through production']
      : []),
    ...(webhook_config.enabled ? ['false green: the webhook is on'] : []),
    ...(stored.allow_localhost ? ['false green: localhost is trusted'] : []),
    ...(trusted_origins.length > 1 ? ["false green: production's domains are trusted"] : []),
    ...(isSilent ? ['false green: verification links are never sent, and no warning says so'] : []),
  ]
}

const offProblems =
  (schema: 'kept' | 'deleted') =>
  async ({ neon }: Services): Promise<string[]> => {
    const hasSchema = await neon.hasAuthSchema(BRANCH)
    return [
      ...(neon.branch(BRANCH).auth === 'off' ? [] : ['false green: auth is on']),
      ...(schema === 'deleted' && hasSchema ? ['false green: the schema is still there'] : []),
      ...(schema === 'kept' && !hasSchema ? ['data lost: the schema is gone'] : []),
    ]
  }

const trusting = { trusted_domains: PREVIEW }
const LEFTOVER_SCHEMA = /neon_auth schema|on_orphan_schema/

const run = (
  name: string,
  [action, inputs]: [action: string, inputs?: Step['inputs']],
  problems: LifecycleRun['problems'],
  rest: Partial<LifecycleRun> = {},
): LifecycleRun => ({
  name,
  step: (services) => lifecycleStep(services, action, inputs),
  problems,
  ...rest,
})

const addSentinel = async ({ neon, github }: Services): Promise<void> => {
  github.setState(2, 'open')
  const known = neon.branch(BRANCH).auth === 'on' ? await neon.users(BRANCH) : undefined
  if (known && !known.some(({ email }) => email === SENTINEL)) await neon.addUser(BRANCH, SENTINEL)
}
const closing = { arrange: ({ github }: Services) => github.setState(2, 'closed') }
const opening = { arrange: ({ github }: Services) => github.setState(2, 'open') }

/** Lets `work` change auth between the run's read and its write, as another run could. */
const withRace = (
  operationId: string,
  work: (services: Services) => Promise<unknown>,
): Partial<LifecycleRun> => ({
  arrange: (services) => {
    const { neon, github } = services
    github.setState(2, 'open')
    const arrived = neon.nextRequest((request) => request.operationId === operationId)
    const until = arrived.then(() => work(services))
    neon.faults.add({ match: { operationId }, fault: { kind: 'hold', until } })
  },
})

/** The lifecycle of a preview on a branch whose parent has no auth. */
export const FRESH: readonly LifecycleRun[] = [
  run('open', ['opened', trusting], enabledProblems, { arrange: arrangeOpening }),
  run('push', ['synchronize', trusting], unchangedProblems, { arrange: addSentinel }),
  run('settings', ['synchronize', { ...trusting, settings: SETTINGS }], settingsProblems, {
    arrange: arrangeLimit,
  }),
  run('settings again', ['synchronize', { ...trusting, settings: SETTINGS }], unchangedProblems),
  run('untrust', ['closed', { ...trusting, on_close: 'untrust' }], untrustedProblems, closing),
  run(
    'reopen while another run trusts',
    ['reopened', trusting],
    enabledProblems,
    withRace('addBranchNeonAuthTrustedDomain', ({ neon, behavior }) =>
      neon.setDomains(BRANCH, [behavior.storedDomain === 'slash' ? `${PREVIEW}/` : PREVIEW]),
    ),
  ),
  run('close', ['closed'], offProblems('kept'), closing),
  run('close again', ['closed'], offProblems('kept'), closing),
  run('reopen over data', ['reopened', trusting], enabledProblems, {
    refusal: LEFTOVER_SCHEMA,
    ...opening,
  }),
  run('recreate', ['reopened', { ...trusting, on_orphan_schema: 'recreate' }], enabledProblems, {
    isDestructive: true,
    ...opening,
  }),
  run('close and delete', ['closed', { delete_data: 'true' }], offProblems('deleted'), {
    isDestructive: true,
    ...closing,
  }),
  run(
    'reopen while another run enables',
    ['reopened', trusting],
    enabledProblems,
    withRace('createNeonAuth', ({ neon }) => neon.enableAuth(BRANCH)),
  ),
  {
    ...run('sweep', ['', { mode: 'sweep' }], offProblems('kept'), closing),
    step: (services) => ({
      ...lifecycleStep(services, '', { mode: 'sweep' }),
      event: ['schedule'],
      payload: {},
    }),
  },
]

/** The lifecycle of a preview on a child of a branch with auth. */
export const CHILD: readonly LifecycleRun[] = [
  run(
    'open a child',
    ['opened', { ...trusting, on_orphan_schema: 'recreate' }],
    enabledProblems,
    opening,
  ),
  run('isolate', ['synchronize', { ...trusting, isolate: 'true' }], isolationProblems),
  run('isolate again', ['synchronize', { ...trusting, isolate: 'true' }], unchangedProblems),
  run('own email server', ['synchronize', { ...trusting, settings: SMTP }], enabledProblems),
  run(
    'own email server again',
    ['synchronize', { ...trusting, settings: SMTP }],
    unchangedProblems,
  ),
  run(
    'wildcard',
    ['synchronize', { trusted_domains: `${PREVIEW},https://*.pr-2.shop.example` }],
    enabledProblems,
  ),
  run('close and delete a child', ['closed', { delete_data: 'true' }], offProblems('deleted'), {
    isDestructive: true,
    ...closing,
  }),
]

/** The first run on a branch that has its parent's schema without the data. */
export const SCHEMA_ONLY: readonly LifecycleRun[] = [
  run('open a schema-only child', ['opened', trusting], enabledProblems, opening),
]

const INTERNATIONAL_DOMAIN = 'https://xn--bcher-kva.shop.example'
const international = { trusted_domains: `${PREVIEW}, ${INTERNATIONAL_DOMAIN}` }

const internationalProblems =
  (problems: LifecycleRun['problems']): LifecycleRun['problems'] =>
  async (services, finished) => {
    const isAccepted = await isTrusted(services, INTERNATIONAL_DOMAIN)
    return [
      ...(await problems(services, finished)),
      ...(isAccepted ? [] : [`false green: ${INTERNATIONAL_DOMAIN} is not trusted`]),
    ]
  }

/** Two runs with a domain that Neon may store in another spelling, and a run that prunes domains. */
export const INTERNATIONAL: readonly LifecycleRun[] = [
  run(
    'international domain',
    ['opened', international],
    internationalProblems(enabledProblems),
    opening,
  ),
  run(
    'international domain again',
    ['synchronize', international],
    internationalProblems(unchangedProblems),
  ),
  run(
    'prune beside an international domain',
    ['synchronize', { ...international, prune_domains: 'true' }],
    internationalProblems(enabledProblems),
  ),
]

async function untrustedProblems({ neon }: Services): Promise<string[]> {
  const { auth, trustedDomains } = neon.branch(BRANCH)
  if (auth === 'off') return ['auth was disabled']
  const stored = trustedDomains.map((domain) => domain.replace(/\/$/, ''))
  return stored.includes(PREVIEW) ? ['false green: the domain is still listed'] : []
}

function arrangeOpening({ neon, github, focus }: Services): void {
  github.setState(2, 'open')
  if (focus.has('archivedBranch')) neon.updateBranch(BRANCH, { state: 'archived' })
  if (!focus.has('unreadyBranch')) return
  neon.updateBranch(BRANCH, { state: 'init' })
  const tried = neon.nextRequest(({ plane, method }) => plane === 'control' && method !== 'GET')
  void tried.then(() => setTimeout(() => neon.updateBranch(BRANCH, { state: 'ready' }), 1500))
}

function arrangeLimit({ neon, focus, behavior }: Services): void {
  if (!focus.has('rateLimitHeader')) return
  neon.faults.add({
    match: { method: 'POST', path: /\/sign-up\/email$/ },
    times: 2,
    fault: { kind: 'status', status: 429, headers: { [behavior.rateLimitHeader]: '2' }, body: {} },
  })
}
