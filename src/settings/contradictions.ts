import type { Settings } from './settings.ts'

/** The settings file and `isolate`, which sets what the file does not. */
interface Context {
  readonly settings: Settings
  readonly isolate: boolean
}

const sharesEmailProvider = ({ settings, isolate }: Context): boolean =>
  (settings.email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared'

const emailProviderCause = ({ settings }: Context): string =>
  settings.email_provider ? '`email_provider.type: shared`' : '`isolate: true`'

const listed = (indexes: readonly number[], key: string): string =>
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

/** Users with a password need sign-in with email and password. */
const usersWithoutPasswordSignIn = (settings: Settings): string[] => {
  const users = usersWithPassword(settings)
  if (settings.email_and_password?.enabled !== false || users.length === 0) return []
  return [
    `${listed(users, 'password')}: users with a password sign in with email and password, which \`email_and_password.enabled: false\` turns off; remove one of the two`,
  ]
}

/** Neon's shared provider sends codes only: https://neon.com/docs/auth/production-checklist. */
const linkWithSharedProvider = (given: Context): string[] =>
  given.settings.email_and_password?.email_verification_method === 'link' &&
  sharesEmailProvider(given)
    ? [
        `\`email_and_password.email_verification_method: link\` needs an SMTP server of your own, but ${emailProviderCause(given)} selects Neon's shared provider, which sends codes only; use \`otp\`, or set \`email_provider\` with \`type: standard\``,
      ]
    : []

const testEmailWithSharedProvider = (given: Context): string[] =>
  given.settings.test_email !== undefined && sharesEmailProvider(given)
    ? [
        `\`test_email\` needs an \`email_provider\` of \`type: standard\`; ${emailProviderCause(given)} selects the shared one, which cannot be tested`,
      ]
    : []

const webhookWithoutUrl = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.webhook_url === undefined
    ? [
        "`webhook.enabled: true` needs `webhook.webhook_url`; without it, events go to the inherited URL, most likely production's, or nowhere",
      ]
    : []

/** Returns one sentence for each contradiction in the settings, which no branch could satisfy. Pure. */
export const contradictions = (settings: Settings, isolate: boolean): string[] => {
  const given = { settings, isolate }
  return [
    ...repeatedUsers(settings),
    ...usersWithoutPasswordSignIn(settings),
    ...linkWithSharedProvider(given),
    ...testEmailWithSharedProvider(given),
    ...webhookWithoutUrl(settings),
  ]
}

/** Neon does not send text messages. A webhook must receive the event `send.otp` and send them. */
const undeliveredCodes = ({ settings, isolate }: Context): string[] => {
  const { webhook, plugins } = settings
  if (!plugins?.phone_number?.enabled) return []
  const off = webhook ? !webhook.enabled : isolate
  const lacksEvent = webhook?.enabled_events && !webhook.enabled_events.includes('send.otp')
  if (!off && !lacksEvent) return []
  const reason =
    lacksEvent && !off ? 'the webhook does not receive `send.otp`' : 'the webhook is off'
  return [
    `\`plugins.phone_number.enabled: true\`: nobody receives a code, because ${reason}; enable a \`webhook\` with the event \`send.otp\``,
  ]
}

const webhookWithoutEvents = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.enabled_events?.length === 0
    ? ['`webhook.enabled_events` is empty: the webhook is on but receives nothing']
    : []

/** Better Auth's own option takes seconds. Multiples of five minutes in seconds are likely mistakes. */
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
