import { BETTER_AUTH_EMAIL, MAX_EMAIL_LENGTH } from './email-address.ts'
import { OAUTH_PROVIDERS } from './oauth-providers.ts'
import type { Settings } from './settings.ts'

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

// Patterns limit the lengths, because `maxLength` would make the compiled validator need Ajv at run time.
const EMAIL = { pattern: `^(?=.{1,${MAX_EMAIL_LENGTH}}$)[^\\s@]+@[^\\s@]+$` }
const USER_EMAIL = { pattern: `^(?=.{1,${MAX_EMAIL_LENGTH}}$)${BETTER_AUTH_EMAIL}$` }
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
    'Credentials of your own OAuth app.',
    {
      client_id: textSetting('Client ID of the OAuth app.'),
      client_secret: textSetting(
        'Client secret of the OAuth app. Take it from the environment: ${NAME}.',
      ),
      ...more,
    },
    { required: ['client_id', 'client_secret'] },
  ),
})

const oauthDescription = (name: string): string =>
  `${name}: \`shared\` (Neon's own credentials, if Neon has any), \`absent\` (remove the provider), or your own credentials. With your own, register the callback URL of each branch with ${name}. The output \`callback_urls\` lists it.`

const providerSetting = (name: string) => ({
  $ref: '#/$defs/oauth_provider',
  description: oauthDescription(name),
})

const emailAndPassword = settingsGroup('Sign-in with email and password.', {
  enabled: booleanSetting('Whether it is on.'),
  email_verification_method: {
    enum: ['link', 'otp'],
    description: 'Verify an address with a link or a one-time password.',
  },
  require_email_verification: booleanSetting('Refuse sign-in until the address is verified.'),
  auto_sign_in_after_verification: booleanSetting('Sign the user in once the address is verified.'),
  send_verification_email_on_sign_up: booleanSetting('Send the verification email on sign-up.'),
  send_verification_email_on_sign_in: booleanSetting(
    'Send the verification email when an unverified user signs in.',
  ),
  disable_sign_up: booleanSetting(
    'Refuse new sign-ups. Applied after the users of this file are created.',
  ),
})

const MAIL_SERVER = {
  host: textSetting('Host of your SMTP server, without scheme, port, or path.', {
    pattern: '^(?!.*://)[^\\s/@]+$',
  }),
  port: integerSetting('Port of your SMTP server.', 1, 65_535),
  username: textSetting('User name for your SMTP server.'),
  password: textSetting('Password for your SMTP server. Take it from the environment: ${NAME}.'),
}

const microsoft = {
  description: oauthDescription('Microsoft'),
  ...oauthProvider({
    microsoft_tenant_id: textSetting('Tenant that may sign in. By default, every tenant may.'),
  }),
}

const oauthProviders = {
  ...Object.fromEntries(
    Object.entries(OAUTH_PROVIDERS).map(([id, { name }]) => [id, providerSetting(name)]),
  ),
  microsoft,
}

const emailProvider = settingsGroup(
  'The server that sends emails.',
  {
    type: {
      enum: ['shared', 'standard'],
      description: "`shared` is Neon's server. `standard` is your own SMTP server.",
    },
    ...MAIL_SERVER,
    sender_email: textSetting('Sender address.', EMAIL),
    sender_name: textSetting('Sender name.'),
  },
  {
    required: ['type'],
    if: { properties: { type: { const: 'shared' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: Object.fromEntries(Object.keys(MAIL_SERVER).map((key) => [key, false])) },
  },
)

const plugins = settingsGroup('Plugins of the auth service.', {
  organization: settingsGroup('Organizations, members, and invitations.', {
    enabled: booleanSetting('Whether the plugin is on.'),
    organization_limit: integerSetting(
      'Maximum number of organizations for a user.',
      1,
      2_147_483_647,
    ),
    membership_limit: integerSetting(
      'Maximum number of members in an organization.',
      1,
      2_147_483_647,
    ),
    creator_role: {
      enum: ['admin', 'owner'],
      description: 'Role of the user who creates an organization.',
    },
    send_invitation_email: booleanSetting('Send an email with each invitation.'),
  }),
  magic_link: settingsGroup('Sign-in with a link in an email.', {
    enabled: booleanSetting('Whether the plugin is on.'),
    expires_in: integerSetting('Lifetime of a link in minutes, not seconds.', 5, 1440),
    disable_sign_up: booleanSetting('Links sign in existing users only.'),
  }),
  phone_number: settingsGroup(
    'Sign-in with a phone number. Needs a webhook with the event `send.otp`.',
    {
      enabled: booleanSetting('Whether the plugin is on.'),
      otp_expires_in: integerSetting('Lifetime of a one-time password in seconds.', 60, 600),
    },
  ),
})

const webhook = settingsGroup(
  "The URL that Neon Auth sends events to. A branch inherits its parent's webhook.",
  {
    enabled: booleanSetting('Whether events are sent.'),
    webhook_url: textSetting('The receiver. Required if `enabled` is `true`.', {
      pattern: '^https?://\\S+$',
    }),
    enabled_events: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: EVENTS },
      description: 'The events to send.',
    },
    timeout_seconds: integerSetting('Time limit for the receiver in seconds.', 1, 10),
  },
  { required: ['enabled'] },
)

const user = settingsGroup(
  'A user to create. An existing user stays unchanged.',
  {
    email: textSetting('Email address.', USER_EMAIL),
    name: textSetting('Name. Defaults to the email address.', { pattern: '^(?=.*\\S).{1,255}$' }),
    roles: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: textSetting('A role: `user`, `admin`, or one of your own.'),
      description: 'Roles of the user.',
    },
    password: textSetting('Lets the user sign in at once. Take it from the environment: ${NAME}.', {
      // 8 UTF-16 units can be as few as 4 characters. value-faults.ts counts the units.
      pattern: '^.{4,128}$',
    }),
  },
  { required: ['email'] },
)

/**
 * The JSON Schema (draft 2020-12) of the settings file. `npm run docs` writes it to `settings.schema.json`
 * for editors, and compiles it to `validate.generated.js` for the action.
 */
export const SETTINGS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Settings of Neon Auth for preview branches',
  $defs: { oauth_provider: oauthProvider() },
  ...settingsGroup(
    'Settings that you do not mention stay unchanged. `${NAME}` in a value is read from the environment and masked.',
    {
      $schema: { type: 'string', description: 'This schema, for your editor.' },
      name: textSetting('Name of the app in emails.', { pattern: '^.{1,256}$' }),
      allow_localhost: booleanSetting('Whether to accept sign-in from localhost.'),
      email_and_password: emailAndPassword,
      email_provider: emailProvider,
      oauth_providers: settingsGroup('Sign-in with accounts of other services.', oauthProviders),
      plugins,
      webhook,
      users: {
        type: 'array',
        items: user,
        description: 'Users to create, for example for end-to-end tests.',
      },
      delete_users: {
        type: 'array',
        // Dots alone would change the path of the request.
        items: textSetting('A user ID.', { pattern: '^(?!\\.{1,2}$).*\\S' }),
        description: 'IDs of users to delete. This cannot be undone.',
      },
      test_email: textSetting(
        'Send one email to this address, and fail if it cannot be sent.',
        EMAIL,
      ),
      resend_secrets: booleanSetting(
        'Send the SMTP password and client secrets on every run. Otherwise, they are sent only if something visible differs too, because Neon does not show them.',
      ),
    } satisfies Record<'$schema' | keyof Settings, object>,
  ),
} as const
