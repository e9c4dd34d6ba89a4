import type { Settings } from './settings.ts'

/** The settings file, and `isolate`, which provides defaults for it. */
interface Context {
  readonly settings: Settings
  readonly isolate: boolean
}

const usesSharedProvider = ({ settings, isolate }: Context): boolean =>
  (settings.email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared'

const emailProviderCause = ({ settings }: Context): string =>
  settings.email_provider ? '`email_provider.type: shared`' : '`isolate: true`'

const formatPaths = (indexes: readonly number[], key: string): string =>
  indexes.map((index) => `\`users[${index}].${key}\``).join(', ')

const usersWithPassword = ({ users = [] }: Settings): number[] =>
  users.flatMap(({ password }, index) => (password === undefined ? [] : [index]))

const repeatedUsers = ({ users = [] }: Settings): string[] => {
  const emails = users.map(({ email }) => email.toLowerCase())
  return emails.flatMap((email, index) => {
    const first = emails.indexOf(email)
    return first === index
      ? []
      : [`\`users[${index}].email\` is the same address as \`users[${first}].email\``]
  })
}

/** Reports users with a password if sign-in with email and password is off. */
const usersWithoutPasswordSignIn = (settings: Settings): string[] => {
  const users = usersWithPassword(settings)
  if (settings.email_and_password?.enabled !== false || users.length === 0) return []
  return [
    `${formatPaths(users, 'password')}: users with a password sign in with email and password, which \`email_and_password.enabled: false\` turns off; remove one of the two`,
  ]
}

/**
 * Reports links with Neon's shared provider, which sends only codes:
 * https://neon.com/docs/auth/production-checklist.
 */
const linkWithSharedProvider = (context: Context): string[] =>
  context.settings.email_and_password?.email_verification_method === 'link' &&
  usesSharedProvider(context)
    ? [
        `\`email_and_password.email_verification_method: link\` needs your own SMTP server, but ${emailProviderCause(context)} selects Neon's shared provider, which sends codes only; use \`otp\`, or set \`email_provider\` with \`type: standard\``,
      ]
    : []

const testEmailWithSharedProvider = (context: Context): string[] =>
  context.settings.test_email !== undefined && usesSharedProvider(context)
    ? [
        `\`test_email\` needs an \`email_provider\` with \`type: standard\`; ${emailProviderCause(context)} selects the shared one, which cannot be tested`,
      ]
    : []

const webhookWithoutUrl = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.webhook_url === undefined
    ? [
        "`webhook.enabled: true` needs `webhook.webhook_url`; without it, events go to the inherited URL, most likely production's, or nowhere",
      ]
    : []

/** Returns one sentence for each contradiction in the settings. Pure. */
export const contradictions = (settings: Settings, isolate: boolean): string[] => {
  const context = { settings, isolate }
  return [
    ...repeatedUsers(settings),
    ...usersWithoutPasswordSignIn(settings),
    ...linkWithSharedProvider(context),
    ...testEmailWithSharedProvider(context),
    ...webhookWithoutUrl(settings),
  ]
}

/** Warns if no webhook delivers the phone codes. Neon sends them only as the webhook event `send.otp`. */
const undeliveredCodes = ({ settings, isolate }: Context): string[] => {
  const { webhook, plugins } = settings
  if (!plugins?.phone_number?.enabled) return []
  const isOff = webhook ? !webhook.enabled : isolate
  const lacksEvent = webhook?.enabled_events && !webhook.enabled_events.includes('send.otp')
  if (!isOff && !lacksEvent) return []
  const reason = isOff ? 'the webhook is off' : 'the webhook does not receive `send.otp`'
  return [
    `\`plugins.phone_number.enabled: true\`: nobody receives a code, because ${reason}; enable a \`webhook\` with the event \`send.otp\``,
  ]
}

const webhookWithoutEvents = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.enabled_events?.length === 0
    ? ['`webhook.enabled_events` is empty: the webhook is on but receives nothing']
    : []

/** Better Auth's own option is in seconds, so a multiple of 300 most likely means seconds. */
const SECONDS_STEP = 300

const secondsForMinutes = ({ plugins }: Settings): string[] => {
  const minutes = plugins?.magic_link?.expires_in
  if (minutes === undefined || minutes % SECONDS_STEP !== 0) return []
  return [
    `\`plugins.magic_link.expires_in: ${minutes}\` means ${minutes} minutes (${minutes / 60} hours); if you mean seconds, write ${minutes / 60}`,
  ]
}

/** Returns one sentence for each valid setting that is most likely a mistake. Pure. */
export const settingsWarnings = (settings: Settings, isolate: boolean): string[] => [
  ...undeliveredCodes({ settings, isolate }),
  ...webhookWithoutEvents(settings),
  ...secondsForMinutes(settings),
]
