import type { NeonAuthOauthProviderId } from '@neon/sdk/raw'

const booleanSetting = (description: string) => ({ type: 'boolean', description })
const textSetting = (description: string, more: object = {}) => ({
  type: 'string',
  pattern: '\\S',
  description,
  ...more,
})
const integerSetting = (
  description: string,
  minimum: number,
  maximum: number,
  more: object = {},
) => ({
  type: 'integer',
  minimum,
  maximum,
  description,
  ...more,
})
const settingsGroup = (description: string, properties: object, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  description,
  properties,
  ...more,
})

// Lengths are patterns: `maxLength` would make the compiled validator need Ajv at run time.
const EMAIL = { pattern: '^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$' }
/** What Better Auth accepts: the pattern of Zod's `email()`, https://zod.dev/api#emails. */
const USER_EMAIL = {
  pattern:
    "^(?=.{1,256}$)(?:[A-Za-z0-9_'+-]+\\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$",
}
const EVENTS = [
  'user.before_create',
  'user.created',
  'send.otp',
  'send.magic_link',
  'organization.invitation.created',
  'organization.invitation.accepted',
  'phone_number.verified',
]

const oauthProvider = (more: object = {}) => ({
  type: ['string', 'object'],
  if: { type: 'string' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { enum: ['shared', 'absent'] },
  else: settingsGroup(
    'Credentials of an OAuth app of your own.',
    {
      client_id: textSetting('Client id of the OAuth app.'),
      client_secret: textSetting(
        'Client secret of the OAuth app; take it from the environment: ${NAME}.',
      ),
      ...more,
    },
    { required: ['client_id', 'client_secret'] },
  ),
})

const oauthDescription = (name: string): string =>
  `${name}: \`shared\` (Neon's own credentials, where Neon has some), \`absent\` (removed if there) or credentials of your own. With your own, register the callback URL of each branch with ${name}: see the output \`callback_urls\`.`

const ownOrShared = (name: string) => ({
  $ref: '#/$defs/oauth_provider',
  description: oauthDescription(name),
})

const emailAndPassword = settingsGroup('Sign-in with email and password.', {
  enabled: booleanSetting('Whether it is offered at all.'),
  email_verification_method: {
    enum: ['link', 'otp'],
    description: 'How an address is verified: by a link or by a one-time password.',
  },
  require_email_verification: booleanSetting('Refuse sign-in until the address is verified.'),
  auto_sign_in_after_verification: booleanSetting('Sign the user in when the address is verified.'),
  send_verification_email_on_sign_up: booleanSetting('Send the verification email on sign-up.'),
  send_verification_email_on_sign_in: booleanSetting(
    'Send it on sign-in of an unverified user, too.',
  ),
  disable_sign_up: booleanSetting(
    'Let nobody sign up. Users of this file are signed up before that.',
  ),
})

const MAIL_SERVER = {
  host: textSetting('Host of your SMTP server, without scheme and port.', {
    pattern: '^(?!.*://)[^\\s/@]+$',
  }),
  port: integerSetting('Port of your SMTP server.', 1, 65_535),
  username: textSetting('User name at your SMTP server.'),
  password: textSetting('Password at your SMTP server; take it from the environment: ${NAME}.'),
}

// Typed by Neon's list of providers: a new one there is a type error here.
const oauthProviders = {
  google: ownOrShared('Google'),
  github: ownOrShared('GitHub'),
  microsoft: {
    description: oauthDescription('Microsoft'),
    ...oauthProvider({
      microsoft_tenant_id: textSetting('Tenant that may sign in; by default every one.'),
    }),
  },
  vercel: ownOrShared('Vercel'),
} satisfies Record<NeonAuthOauthProviderId, object>

const emailProvider = settingsGroup(
  'Who sends the emails.',
  {
    type: {
      enum: ['shared', 'standard'],
      description: "`shared` is Neon's own server, `standard` an SMTP server of yours.",
    },
    ...MAIL_SERVER,
    sender_email: textSetting('Address that emails come from.', EMAIL),
    sender_name: textSetting('Name that emails come from.'),
  },
  {
    required: ['type'],
    if: { properties: { type: { const: 'shared' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: Object.fromEntries(Object.keys(MAIL_SERVER).map((key) => [key, false])) },
  },
)

const plugins = settingsGroup('Plugins of the auth service.', {
  organization: settingsGroup('Organizations, members and invitations.', {
    enabled: booleanSetting('Whether the plugin is on.'),
    organization_limit: integerSetting(
      'How many organizations a user can belong to.',
      1,
      2_147_483_647,
    ),
    membership_limit: integerSetting(
      'How many members an organization may have.',
      1,
      2_147_483_647,
    ),
    creator_role: {
      enum: ['admin', 'owner'],
      description: 'Role of whoever creates an organization.',
    },
    send_invitation_email: booleanSetting('Send an email with each invitation.'),
  }),
  magic_link: settingsGroup('Sign-in by a link in an email.', {
    enabled: booleanSetting('Whether the plugin is on.'),
    expires_in: integerSetting('Minutes (not seconds) that a link is good for.', 5, 1440),
    disable_sign_up: booleanSetting('Let links sign in only, never sign up.'),
  }),
  phone_number: settingsGroup('Sign-in by phone number; needs a webhook that sends `send.otp`.', {
    enabled: booleanSetting('Whether the plugin is on.'),
    otp_expires_in: integerSetting('Seconds that a one-time password is good for.', 60, 600),
  }),
})

const webhook = settingsGroup(
  'Where Neon Auth sends its events. Inherited by branches: off in previews unless it is theirs.',
  {
    enabled: booleanSetting('Whether events are sent.'),
    webhook_url: textSetting('URL that receives the events.', { pattern: '^https?://\\S+$' }),
    enabled_events: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: EVENTS },
      description: 'The events that are sent.',
    },
    timeout_seconds: integerSetting('Seconds that the receiver may take.', 1, 10),
  },
  { required: ['enabled'] },
)

const user = settingsGroup(
  'A user; one that is there already is left alone.',
  {
    email: textSetting('Email address.', USER_EMAIL),
    name: textSetting('Name; by default the email address.', { pattern: '^(?=.*\\S).{1,255}$' }),
    roles: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: textSetting('A role: `user`, `admin` or one of your own.'),
      description: 'Roles of the user.',
    },
    password: textSetting('Signs the user up at the auth service, able to sign in: ${NAME}.', {
      // 8 to 128 UTF-16 units, which are at least 4 characters. values.ts counts exactly.
      pattern: '^.{4,128}$',
    }),
  },
  { required: ['email'] },
)

/**
 * The JSON Schema (draft 2020-12) of the settings file: what editors complete with
 * (`settings.schema.json` at the repository's root is this, generated) and what the action validates
 * with (`validate.generated.js`, compiled from it).
 */
export const SETTINGS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Settings of Neon Auth for preview branches',
  $defs: { oauth_provider: oauthProvider() },
  ...settingsGroup(
    'What is not mentioned is left alone. `${NAME}` in a value is taken from the environment and masked.',
    {
      $schema: { type: 'string', description: 'This schema, for your editor.' },
      name: textSetting('Application name in emails.', { pattern: '^.{1,256}$' }),
      allow_localhost: booleanSetting('Whether sign-in from localhost is accepted.'),
      email_and_password: emailAndPassword,
      email_provider: emailProvider,
      oauth_providers: settingsGroup('Sign-in with other accounts.', oauthProviders),
      plugins,
      webhook,
      users: {
        type: 'array',
        items: user,
        description: 'Users to have, ready for end-to-end tests.',
      },
      delete_users: {
        type: 'array',
        // Dots would lead the request's path elsewhere.
        items: textSetting('A user id.', { pattern: '^(?!\\.{1,2}$).*\\S' }),
        description: 'Ids of users to delete. Cannot be undone.',
      },
      test_email: textSetting(
        'Send one test email to this address, and fail if that cannot be done.',
        EMAIL,
      ),
      resend_secrets: booleanSetting(
        'Send passwords and client secrets on every run. Reading does not show them, so otherwise they are only sent along when something else differs.',
      ),
    },
  ),
} as const
