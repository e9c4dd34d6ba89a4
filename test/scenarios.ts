import { isDeepStrictEqual } from 'node:util'
import {
  addAuthData,
  authRows,
  authSchemas,
  dropRenamedSchemas,
  lostRows,
  profileProblems,
} from './auth-rows.ts'
import { type LocalGitHub, startLocalGitHub } from './local-github.ts'
import { type LocalNeon, startLocalNeon } from './local-neon/local-neon.ts'
import { type SmtpSink, startSmtpSink } from './local-neon/smtp-sink.ts'
import { startWebhookReceiver, type WebhookReceiver } from './local-neon/webhook-receiver.ts'
import { BRANCH, PASSWORD, PREVIEW, PRODUCTION_MAIL, signIn, stepOf } from './preview.ts'
import { type StartStep, type Step, type StepResult, startStep } from './runner.ts'

// Scenarios: each has an initial state, a step, and the state that must follow. The campaigns run them with
// faults and kills.

const PRODUCTION = 'production'

const SHOP = 'https://shop.example'
const OTHER_PREVIEW = 'https://pr-3.shop.example'
/** The client secret of the settings' own GitHub app. */
export const CLIENT_SECRET = 'gh-very-secret'

/** The services around the action: Neon, GitHub, production's webhook receiver, and a mail server. */
export interface Services {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly production: WebhookReceiver
  readonly mail: SmtpSink
  readonly start: StartStep
  /** Waits until no request to Neon is in progress. */
  whenIdle(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the services, with the production branch and its child, the preview's branch. By default, its steps
 * run in separate processes.
 */
export const startServices = async (start: StartStep = startStep): Promise<Services> => {
  let ended = Promise.withResolvers<void>()
  const neon = await startLocalNeon({
    rateLimit: false,
    onRequest: () => {
      ended.resolve()
      ended = Promise.withResolvers<void>()
    },
  })
  const [github, production, mail] = await Promise.all([
    startLocalGitHub(),
    startWebhookReceiver(),
    startSmtpSink(),
  ])
  const parent = await neon.createBranch({ name: PRODUCTION })
  await neon.createBranch({ name: BRANCH, parent: parent.id })
  const busy = (): boolean => neon.requests.some(({ status }) => status === 'pending')
  return {
    neon,
    github,
    production,
    mail,
    start,
    whenIdle: async () => {
      while (busy()) await ended.promise
    },
    close: async () => {
      await Promise.all([neon.close(), github.close(), production.close(), mail.close()])
    },
  }
}

/** The IDs of the branches that {@link reset} must delete. */
const createdBranches = new WeakMap<LocalNeon, string[]>()

/** Resets Neon and GitHub to their initial state. Keeps the two branches, because a new branch starts a Postgres. */
const reset = async ({ neon, github }: Services): Promise<void> => {
  neon.faults.clear()
  github.reset()
  github.setState(2, 'open')
  for (const id of createdBranches.get(neon) ?? []) await neon.deleteBranch(id)
  createdBranches.delete(neon)
  await neon.wipeAuth(BRANCH)
  await neon.wipeAuth(PRODUCTION)
  neon.clearRequests()
}

/** Deletes a branch at the next {@link reset}. */
export const deleteLater = ({ neon }: Services, id: string): void => {
  createdBranches.set(neon, [...(createdBranches.get(neon) ?? []), id])
}

/** A prepared scenario: the step to run, and the checks to run after it. */
export interface PreparedScenario {
  /** The step that GitHub starts, and starts again when somebody reruns the job. */
  readonly step: Step
  /** Returns what is wrong after a step that succeeded. */
  problems(finished: StepResult): Promise<string[]>
  /** Returns the damage that no run may do, whether it succeeds or fails. */
  damage(): Promise<string[]>
}

/** An initial state and an event. */
export interface Scenario<Prepared extends PreparedScenario = PreparedScenario> {
  readonly name: string
  /** How long the step waits even if nothing goes wrong, in seconds. */
  readonly waitSeconds: number
  prepare(services: Services): Promise<Prepared>
}

/** Returns a scenario whose `arrange` starts from the initial state. */
export const scenario = <Prepared extends PreparedScenario>(
  name: string,
  arrange: (services: Services) => Promise<Prepared>,
  waitSeconds = 0,
): Scenario<Prepared> => ({
  name,
  waitSeconds,
  prepare: async (services) => {
    await reset(services)
    const prepared = await arrange(services)
    services.neon.clearRequests()
    return prepared
  },
})

/** Returns a line for each field of `expected` that differs in `actual`. */
const differences = (subject: string, actual: object, expected: object): string[] =>
  Object.entries(expected).flatMap(([key, value]) => {
    const found = (actual as Record<string, unknown>)[key]
    if (isDeepStrictEqual(found, value)) return []
    return `${subject}, ${key}: ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`
  })

const usersOf = async (
  neon: LocalNeon,
  branch = BRANCH,
): Promise<Record<string, string | null>> => {
  const users = await neon.users(branch)
  return Object.fromEntries(users.map(({ email, role }) => [email, role]))
}

interface State {
  readonly auth: 'on' | 'off'
  readonly domains?: readonly string[]
  readonly schema?: boolean
  readonly users?: Readonly<Record<string, string | null>>
}

/** Returns what is wrong with a branch's auth. */
export const stateProblems = async (
  { neon }: Services,
  { users, schema, domains, auth }: State,
  branch = BRANCH,
): Promise<string[]> => {
  const { trustedDomains, ...view } = neon.branch(branch)
  const actual = {
    auth: view.auth,
    domains: trustedDomains.toSorted(),
    schema: await neon.hasAuthSchema(branch),
    ...(users && { users: await usersOf(neon, branch) }),
  }
  return differences(branch, actual, {
    auth,
    schema: schema ?? auth === 'on',
    ...(domains && { domains: domains.toSorted() }),
    ...(users && { users }),
  })
}

/** Returns what is wrong with the outputs of an enabling step. */
export const outputProblems = async (
  { neon }: Services,
  { outputs, annotations }: StepResult,
): Promise<string[]> => {
  const incomplete = annotations.warning.some((text) =>
    text.includes('`callback_urls` may be incomplete'),
  )
  const { baseUrl, trustedDomains, id } = neon.branch(BRANCH)
  const parse = (text: string | undefined): unknown => (text ? JSON.parse(text) : undefined)
  const ids = new Map((await neon.users(BRANCH)).map((user) => [user.email, user.id]))
  const listedUsers = Object.entries((parse(outputs.users) ?? {}) as Record<string, string>)
  const settings = neon.settingsOf(BRANCH)
  const callbacks = settings.social_providers.map((provider) => [
    provider.id,
    `${baseUrl}/callback/${provider.id}`,
  ])
  return [
    ...differences(
      'outputs',
      { ...outputs, trusted_domains: parse(outputs.trusted_domains) },
      {
        base_url: baseUrl,
        jwks_url: `${baseUrl}/.well-known/jwks.json`,
        branch_id: id,
        trusted_domains: trustedDomains,
      },
    ),
    ...differences('callback_urls', parse(outputs.callback_urls) as object, {
      ...(!incomplete && Object.fromEntries(callbacks)),
    }),
    ...listedUsers
      .filter(([email, userId]) => ids.get(email) !== userId)
      .map(([email]) => `outputs: the ID of ${email} is not that user's`),
  ]
}

/** Returns a problem unless `action_taken` is one of these. */
export const actionProblems = ({ outputs }: StepResult, ...actions: string[]): string[] =>
  actions.includes(outputs.action_taken ?? '')
    ? []
    : [`outputs: action_taken is ${outputs.action_taken}, not ${actions.join(' or ')}`]

const SENTINEL = 'somebody@example.com'

/**
 * Enables auth on the preview's branch, adds users, and returns their IDs. By default, adds the one who must
 * survive everything except a requested deletion of the data.
 */
export const enableWithUsers = async (
  { neon }: Services,
  domains: string[],
  emails = [SENTINEL],
): Promise<string[]> => {
  await neon.enableAuth(BRANCH, { domains })
  const ids: string[] = []
  for (const email of emails) ids.push(await neon.addUser(BRANCH, email))
  return ids
}

const sentinelProblems = async ({ neon }: Services): Promise<string[]> =>
  SENTINEL in (await usersOf(neon)) ? [] : [`data lost: ${SENTINEL} is gone`]

const canSignIn = async ({ neon }: Services, email: string): Promise<boolean> => {
  const attempt = () => signIn(neon.branch(BRANCH).baseUrl, PREVIEW, email)
  // A kept-alive connection may be closed by the time it is reused.
  return (await attempt().catch(attempt)) === 200
}

const noProblems = async (): Promise<string[]> => []

/** The input that trusts the preview. */
export const TRUSTED_INPUT = { trusted_domains: PREVIEW }

const open = scenario('open', async (services) => ({
  step: stepOf(services, 'opened', TRUSTED_INPUT),
  damage: noProblems,
  problems: async (finished) => [
    ...(await stateProblems(services, { auth: 'on', domains: [PREVIEW], users: {} })),
    ...(await outputProblems(services, finished)),
    ...actionProblems(finished, 'enabled', 'updated', 'unchanged'),
  ],
}))

const inherited = scenario('inherited', async (services) => {
  // The state that a child inherits from its parent. Copying the parent's Postgres would be slower.
  await services.neon.enableAuth(PRODUCTION, { domains: [SHOP] })
  await enableWithUsers(services, [SHOP])
  return {
    step: stepOf(services, 'opened', TRUSTED_INPUT),
    damage: async () => [
      ...(await sentinelProblems(services)),
      ...(await stateProblems(services, { auth: 'on', domains: [SHOP] }, PRODUCTION)),
    ],
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'on', domains: [SHOP, PREVIEW] })),
      ...(await outputProblems(services, finished)),
      ...actionProblems(finished, 'updated', 'unchanged'),
    ],
  }
})

const steady = scenario('steady', async (services) => {
  await enableWithUsers(services, [PREVIEW])
  return {
    step: stepOf(services, 'synchronize', TRUSTED_INPUT),
    damage: async () => [
      ...(await sentinelProblems(services)),
      ...(await stateProblems(services, { auth: 'on', domains: [PREVIEW] })),
    ],
    problems: async (finished) => [
      ...(await outputProblems(services, finished)),
      ...actionProblems(finished, 'unchanged'),
    ],
  }
})

const SETTINGS = `
name: Shop (preview)
email_and_password: { require_email_verification: false, auto_sign_in_after_verification: false }
email_provider: { type: shared, sender_name: Shop }
oauth_providers:
  google: shared
  github: { client_id: gh-id, client_secret: "\${GH_SECRET}" }
  vercel: absent
plugins:
  organization: { enabled: false }
  magic_link: { enabled: true, expires_in: 15 }
  phone_number: { enabled: true, otp_expires_in: 120 }
users:
  - { email: admin@example.com, name: Admin, roles: [admin], password: "\${E2E_PASSWORD}" }
  - { email: guest@example.com, roles: [editor] }
`

/** Gives a branch production's settings, as if it had inherited them. */
const configureLikeProduction = async (
  { neon, production }: Services,
  branch: string,
): Promise<void> =>
  neon.configure(branch, {
    name: 'Shop',
    webhook_config: {
      enabled: true,
      webhook_url: production.url,
      enabled_events: ['user.created'],
    },
    email_provider: PRODUCTION_MAIL,
    social_providers: [
      { id: 'github', client_id: 'production', client_secret: 's' },
      { id: 'vercel', client_id: 'production', client_secret: 's' },
    ],
  })

const settingsProblems = ({ neon }: Services): string[] => {
  const { social_providers, plugin_configs, email_and_password, ...stored } =
    neon.settingsOf(BRANCH)
  return [
    ...differences(
      'settings',
      {
        ...stored,
        webhook: stored.webhook_config.enabled,
        providers: social_providers.toSorted((a, b) => a.id.localeCompare(b.id)),
      },
      {
        name: 'Shop (preview)',
        allow_localhost: false,
        webhook: false,
        email_provider: { type: 'shared', sender_name: 'Shop' },
        providers: [
          { id: 'github', client_id: 'gh-id', client_secret: CLIENT_SECRET },
          { id: 'google' },
        ],
      },
    ),
    ...differences('organization', plugin_configs.organization, { enabled: false }),
    ...differences('magic_link', plugin_configs.magic_link, { enabled: true, expires_in: 15 }),
    ...differences('phone_number', plugin_configs.phone_number, {
      enabled: true,
      otp_expires_in: 120,
    }),
    ...differences('email_and_password', email_and_password, {
      require_email_verification: false,
      auto_sign_in_after_verification: false,
    }),
  ]
}

const settings = scenario('settings', async (services) => {
  const { neon, production } = services
  await neon.enableAuth(PRODUCTION, { domains: [SHOP] })
  const [, oldUserId] = await enableWithUsers(services, [SHOP], [SENTINEL, 'old@example.com'])
  await configureLikeProduction(services, PRODUCTION)
  await configureLikeProduction(services, BRANCH)
  const productionSettings = neon.settingsOf(PRODUCTION)
  const webhookCalls = production.received.length
  return {
    step: stepOf(
      services,
      'opened',
      { ...TRUSTED_INPUT, isolate: 'true', settings: `${SETTINGS}delete_users: ["${oldUserId}"]` },
      { GH_SECRET: CLIENT_SECRET, E2E_PASSWORD: PASSWORD },
    ),
    damage: async () => [
      ...(await sentinelProblems(services)),
      ...differences('production', neon.settingsOf(PRODUCTION), productionSettings),
      ...(production.received.length === webhookCalls
        ? []
        : ["production's webhook was called for a preview's user"]),
    ],
    problems: async (finished) => [
      ...(await stateProblems(services, {
        auth: 'on',
        domains: [PREVIEW],
        users: {
          [SENTINEL]: 'user',
          'admin@example.com': 'admin',
          'guest@example.com': 'editor',
        },
      })),
      ...settingsProblems(services),
      ...(await outputProblems(services, finished)),
      ...actionProblems(finished, 'updated', 'unchanged'),
      ...((await canSignIn(services, 'admin@example.com')) ? [] : ['admin cannot sign in']),
    ],
  }
})

const mail = scenario('mail', async (services) => {
  const { mail: sink } = services
  const earlierMessages = sink.messages.length
  const sent = (to: string): number =>
    sink.messages.slice(earlierMessages).filter((message) => message.to === to).length
  const text = `
email_provider:
  type: standard
  host: 127.0.0.1
  port: ${sink.port}
  username: ${sink.username}
  password: "\${SMTP_PASSWORD}"
  sender_email: shop@example.com
  sender_name: Shop
email_and_password: { require_email_verification: true, send_verification_email_on_sign_up: true }
users: [{ email: ada@example.com, password: "\${E2E_PASSWORD}" }]
test_email: qa@example.com`
  return {
    step: stepOf(
      services,
      'opened',
      { ...TRUSTED_INPUT, settings: text },
      { SMTP_PASSWORD: sink.password, E2E_PASSWORD: PASSWORD },
    ),
    damage: async () => (sent('ada@example.com') > 1 ? ['ada got several emails'] : []),
    problems: async (finished) => [
      ...(await stateProblems(services, {
        auth: 'on',
        domains: [PREVIEW],
        users: { 'ada@example.com': 'user' },
      })),
      ...differences('settings', services.neon.settingsOf(BRANCH).email_and_password, {
        require_email_verification: true,
        send_verification_email_on_sign_up: true,
      }),
      ...(await outputProblems(services, finished)),
      ...(sent('qa@example.com') > 0 ? [] : ['no test email was sent']),
    ],
  }
})

const lateUser = scenario('late-user', async (services) => {
  const { neon } = services
  await enableWithUsers(services, [PREVIEW])
  await neon.configure(BRANCH, { email_and_password: { disable_sign_up: true } })
  const text = `
email_and_password: { disable_sign_up: true }
users: [{ email: late@example.com, password: "\${E2E_PASSWORD}" }]`
  return {
    step: stepOf(
      services,
      'synchronize',
      { ...TRUSTED_INPUT, settings: text },
      { E2E_PASSWORD: PASSWORD },
    ),
    damage: () => sentinelProblems(services),
    problems: async (finished) => [
      ...(await stateProblems(services, {
        auth: 'on',
        domains: [PREVIEW],
        users: { [SENTINEL]: 'user', 'late@example.com': 'user' },
      })),
      ...differences('settings', neon.settingsOf(BRANCH).email_and_password, {
        disable_sign_up: true,
      }),
      ...(await outputProblems(services, finished)),
    ],
  }
})

const close = scenario('close', async (services) => {
  services.github.setState(2, 'closed')
  await enableWithUsers(services, [PREVIEW])
  return {
    step: stepOf(services, 'closed'),
    damage: () => sentinelProblems(services),
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'off', schema: true })),
      ...actionProblems(finished, 'disabled', 'already_gone'),
    ],
  }
})

const closeDelete = scenario('close-delete', async (services) => {
  services.github.setState(2, 'closed')
  await services.neon.enableAuth(PRODUCTION, { domains: [SHOP] })
  await enableWithUsers(services, [PREVIEW])
  return {
    step: stepOf(services, 'closed', { delete_data: 'true' }),
    damage: () => stateProblems(services, { auth: 'on', domains: [SHOP] }, PRODUCTION),
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'off', schema: false, users: {} })),
      ...actionProblems(finished, 'disabled', 'already_gone'),
    ],
  }
})

const recreate = scenario(
  'recreate',
  async (services) => {
    const { neon } = services
    await neon.enableAuth(PRODUCTION, { domains: [SHOP] })
    await enableWithUsers(services, [PREVIEW])
    await neon.disableAuth(BRANCH)
    return {
      step: stepOf(services, 'reopened', { ...TRUSTED_INPUT, on_orphan_schema: 'recreate' }),
      damage: () => stateProblems(services, { auth: 'on', domains: [SHOP] }, PRODUCTION),
      problems: async (finished) => [
        ...(await stateProblems(services, { auth: 'on', domains: [PREVIEW], users: {} })),
        ...(await outputProblems(services, finished)),
        ...actionProblems(finished, 'enabled', 'updated', 'unchanged'),
      ],
    }
  },
  6,
)

/** The settings of the preview to restore. */
const CONFIGURED = {
  name: 'Shop (preview)',
  allow_localhost: false,
  email_provider: PRODUCTION_MAIL,
  social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: CLIENT_SECRET }],
} as const

const restore = scenario(
  'restore',
  async (services) => {
    const { neon, production } = services
    await dropRenamedSchemas(neon, BRANCH)
    await neon.enableAuth(BRANCH, { domains: [OTHER_PREVIEW, PREVIEW] })
    const webhook_config = {
      enabled: true,
      webhook_url: production.url,
      enabled_events: ['user.created' as const],
    }
    await neon.configure(BRANCH, {
      ...CONFIGURED,
      social_providers: [...CONFIGURED.social_providers],
      webhook_config,
      plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
    })
    await addAuthData(neon, BRANCH, SENTINEL, PASSWORD)
    const rows = await authRows(neon, BRANCH, ['neon_auth'])
    await neon.disableAuth(BRANCH)
    const webhookCalls = production.received.length
    return {
      step: stepOf(services, 'reopened', { ...TRUSTED_INPUT, on_orphan_schema: 'restore' }),
      damage: async () => [
        ...(await lostRows(neon, BRANCH, rows)),
        ...(production.received.length === webhookCalls
          ? []
          : ['the webhook was called for old users']),
      ],
      problems: async (finished) => [
        ...(await stateProblems(services, {
          auth: 'on',
          domains: [OTHER_PREVIEW, PREVIEW],
          users: { [SENTINEL]: 'user' },
        })),
        ...differences(
          'schemas',
          { names: await authSchemas(neon, BRANCH) },
          { names: ['neon_auth'] },
        ),
        ...differences('settings', neon.settingsOf(BRANCH), CONFIGURED),
        ...differences('webhook', neon.settingsOf(BRANCH).webhook_config, webhook_config),
        ...differences('magic_link', neon.settingsOf(BRANCH).plugin_configs.magic_link, {
          enabled: true,
          expires_in: 15,
        }),
        ...(await profileProblems(neon, BRANCH)),
        ...((await canSignIn(services, SENTINEL)) ? [] : ['the old user cannot sign in']),
        ...(await outputProblems(services, finished)),
        ...actionProblems(finished, 'enabled', 'updated', 'unchanged'),
      ],
    }
  },
  6,
)

const untrust = scenario('untrust', async (services) => {
  services.github.setState(2, 'closed')
  await enableWithUsers(services, [SHOP, PREVIEW, OTHER_PREVIEW])
  return {
    step: stepOf(services, 'closed', { ...TRUSTED_INPUT, on_close: 'untrust' }),
    damage: () => sentinelProblems(services),
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'on', domains: [SHOP, OTHER_PREVIEW] })),
      ...differences(
        'outputs',
        { trusted_domains: JSON.parse(finished.outputs.trusted_domains ?? '""') },
        { trusted_domains: [SHOP, OTHER_PREVIEW] },
      ),
      ...actionProblems(finished, 'untrusted'),
    ],
  }
})

const CLOSED_BRANCHES = ['preview/pr-11', 'preview/done', 'pr-14-fix']
const OPEN_BRANCHES = ['preview/pr-12', 'staging']

/** A sweep of the branches of closed and open pull requests, and of a branch that belongs to none. */
export const sweep = scenario('sweep', async (services) => {
  const { neon, github } = services
  const branches = [...CLOSED_BRANCHES, ...OPEN_BRANCHES, 'preview/pr-13']
  github.setPull(11, { state: 'closed', headRef: 'eleven' })
  github.setPull(12, { state: 'open', headRef: 'twelve' })
  github.setPull(13, { state: 'closed', headRef: 'thirteen' })
  github.setPull(14, { state: 'closed', headRef: 'fix' })
  github.setPull(15, { state: 'closed', headRef: 'done' })
  for (const name of branches) {
    deleteLater(services, (await neon.createBranch({ name })).id)
    if (name !== 'preview/pr-13') await neon.enableAuth(name, { domains: [PREVIEW] })
  }
  const branchProblems = (names: readonly string[], state: State): Promise<string[]> =>
    Promise.all(names.map((name) => stateProblems(services, state, name))).then((problems) =>
      problems.flat(),
    )
  return {
    step: {
      ...stepOf(services, '', { mode: 'sweep', delete_data: 'true' }),
      event: ['schedule'],
      payload: {},
    },
    damage: () => branchProblems(OPEN_BRANCHES, { auth: 'on', domains: [PREVIEW] }),
    problems: async (finished) => [
      ...(await branchProblems(CLOSED_BRANCHES, { auth: 'off', schema: false })),
      ...actionProblems(finished, 'swept'),
    ],
  }
})

/** The scenarios of the campaigns, in the order of a pull request's life. */
export const SCENARIOS: readonly Scenario[] = [
  open,
  inherited,
  steady,
  settings,
  mail,
  lateUser,
  close,
  closeDelete,
  recreate,
  restore,
  untrust,
  sweep,
]
