import type { Settings } from './settings.ts'

/** The settings as they will be applied: `isolate` decides what the file does not. */
interface Given {
  readonly settings: Settings
  readonly isolate: boolean
}

const sharesEmailProvider = ({ settings, isolate }: Given): boolean =>
  (settings.email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared'

const cause = ({ settings }: Given): string =>
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

/** A password user signs up with email and password, which must be on for that. */
const passwordSignInOff = (settings: Settings): string[] => {
  const users = usersWithPassword(settings)
  if (settings.email_and_password?.enabled !== false || users.length === 0) return []
  return [
    `${listed(users, 'password')}: such a user signs in with email and password, which \`email_and_password.enabled: false\` turns off; delete one of the two`,
  ]
}

/** Neon's shared provider sends codes only: https://neon.com/docs/auth/production-checklist. */
const linkWithSharedProvider = (given: Given): string[] =>
  given.settings.email_and_password?.email_verification_method === 'link' &&
  sharesEmailProvider(given)
    ? [
        `\`email_and_password.email_verification_method: link\` needs an SMTP server of your own, but ${cause(given)} selects Neon's shared provider, which sends codes only; use \`otp\`, or set \`email_provider\` with \`type: standard\``,
      ]
    : []

const testOfSharedProvider = (given: Given): string[] =>
  given.settings.test_email !== undefined && sharesEmailProvider(given)
    ? [
        `\`test_email\` needs an \`email_provider\` of \`type: standard\`; ${cause(given)} selects the shared one, which cannot be tested`,
      ]
    : []

const webhookWithoutUrl = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.webhook_url === undefined
    ? [
        "`webhook.enabled: true` needs `webhook.webhook_url`; without it, events would go to the inherited URL, which is most likely production's, or nowhere",
      ]
    : []

/**
 * Returns what contradicts itself within the settings, so that no branch could be as they say: one
 * sentence each. Pure.
 */
export const contradictions = (settings: Settings, isolate: boolean): string[] => {
  const given = { settings, isolate }
  return [
    ...repeatedUsers(settings),
    ...passwordSignInOff(settings),
    ...linkWithSharedProvider(given),
    ...testOfSharedProvider(given),
    ...webhookWithoutUrl(settings),
  ]
}

const unverifiedUsers = (settings: Settings): string[] => {
  const users = usersWithPassword(settings)
  if (!settings.email_and_password?.require_email_verification || users.length === 0) return []
  return [
    `${listed(users, 'password')}: with \`email_and_password.require_email_verification: true\`, such a user cannot sign in before the address is verified; tests that sign in need \`require_email_verification: false\``,
  ]
}

/** Neon sends no text messages itself: a webhook has to take the event `send.otp`. */
const undeliveredCodes = ({ settings, isolate }: Given): string[] => {
  const { webhook, plugins } = settings
  if (!plugins?.phone_number?.enabled) return []
  const off = webhook ? !webhook.enabled : isolate
  const deaf = webhook?.enabled_events && !webhook.enabled_events.includes('send.otp')
  if (!off && !deaf) return []
  const reason = deaf && !off ? 'the webhook does not take `send.otp`' : 'the webhook is off'
  return [
    `\`plugins.phone_number.enabled: true\`: nobody receives a code, because ${reason}; enable a \`webhook\` with the event \`send.otp\``,
  ]
}

const deafWebhook = ({ webhook }: Settings): string[] =>
  webhook?.enabled && webhook.enabled_events?.length === 0
    ? ['`webhook.enabled_events` is empty: the webhook is on but receives nothing']
    : []

/** Five, ten, fifteen, and twenty minutes in seconds, which Better Auth's own option takes. */
const SECONDS_STEP = 300

const secondsForMinutes = ({ plugins }: Settings): string[] => {
  const minutes = plugins?.magic_link?.expires_in
  if (minutes === undefined || minutes % SECONDS_STEP !== 0) return []
  return [
    `\`plugins.magic_link.expires_in: ${minutes}\` means ${minutes} minutes (${minutes / 60} hours); if you mean seconds, write ${minutes / 60}`,
  ]
}

/** Returns what is possible but most likely a mistake in the settings: one sentence each. Pure. */
export const settingsWarnings = (settings: Settings, isolate: boolean): string[] => [
  ...unverifiedUsers(settings),
  ...undeliveredCodes({ settings, isolate }),
  ...deafWebhook(settings),
  ...secondsForMinutes(settings),
]
