import { APIError } from 'better-auth/api'
import type { ProjectConfig } from './auth-schema.ts'
import { type OutboxMail, sendMail } from './mail.ts'
import { callWebhook, isSubscribed, type WebhookEventType } from './webhooks.ts'

/** How long codes and links in emails are valid, in seconds. */
export const noticeLifetime = 15 * 60

/** The header with the IP address of a request's sender. */
export const ipHeader = 'x-local-neon-client-ip'

/** The known data of a user or recipient. */
export interface Person {
  id?: string
  email?: string
  name?: string
  phoneNumber?: string
  emailVerified?: boolean
  createdAt?: Date
}

/** A code to enter. */
export interface Code {
  code: string
  purpose: string
  to: Person
  /** In seconds. */
  lifetime: number
}

/** A link to click. */
export interface Link {
  url: string
  token: string
  purpose: string
  to: Person
  /** In seconds. */
  lifetime: number
}

/** Everything that an auth service sends out. `headers` are those of the request. */
export interface Notices {
  sendCode(code: Code, headers: Headers | undefined): Promise<void>
  sendLink(link: Link, headers: Headers | undefined): Promise<void>
  sendInvitation(to: string, organization: string): Promise<void>
  /** Throws to refuse a new user. */
  beforeCreate(user: Person, provider: string, headers: Headers | undefined): Promise<void>
  /** Does not wait, and cannot fail. */
  created(user: Person, provider: string, headers: Headers | undefined): void
}

/** What notices need to know. */
export interface NoticesOptions {
  branchId: string
  endpointId: string
  outbox: OutboxMail[]
  /** Returns the branch's current configuration. */
  config: () => ProjectConfig
  /** Returns whether the shared email provider really sends links. */
  sharedSendsLinks: () => boolean
}

/** Returns notices. Codes and links go out by webhook if one is subscribed, otherwise by email. */
export function createNotices(options: NoticesOptions): Notices {
  const { branchId, endpointId, outbox, config, sharedSendsLinks } = options
  const mail = (to: string | undefined, subject: string, text: string) => {
    if (to === undefined) throw new Error('the recipient has no email address')
    return sendMail(config().email_provider, { to, subject, text }, (sent) =>
      outbox.push({ ...sent, branch: branchId }),
    )
  }
  const subscribed = (type: WebhookEventType) => isSubscribed(config().webhook_config, type)
  const notify = (
    event_type: WebhookEventType,
    about: Person,
    data: Record<string, unknown>,
    headers: Headers | undefined,
  ) =>
    callWebhook(config().webhook_config, {
      event_type,
      context: { endpoint_id: endpointId, project_name: config().name },
      user: toUser(about),
      event_data: { ...data, ...requester(headers) },
    })
  return {
    sendCode: async (code, headers) => {
      if (subscribed('send.otp')) {
        await notify('send.otp', code.to, codeData(code), headers)
      } else {
        const text = `Your code for ${config().name} is ${code.code}`
        await mail(code.to.email, subjectOf(code.purpose), text)
      }
    },
    sendLink: async (link, headers) => {
      if (subscribed('send.magic_link')) {
        await notify('send.magic_link', link.to, linkData(link), headers)
      } else if (config().email_provider?.type !== 'shared' || sharedSendsLinks()) {
        const text = `Your link for ${config().name}:\n\n${link.url}`
        await mail(link.to.email, subjectOf(link.purpose), text)
      }
    },
    sendInvitation: (to, organization) =>
      mail(to, 'You are invited', `You are invited to join ${organization}.`),
    beforeCreate: async (user, provider, headers) => {
      if (!subscribed('user.before_create')) return
      const data = { auth_provider: provider }
      const verdict = await notify('user.before_create', user, data, headers).catch(() => undefined)
      refuseUnlessAllowed(verdict)
    },
    created: (user, provider, headers) => {
      if (!subscribed('user.created')) return
      notify('user.created', user, { auth_provider: provider }, headers).catch(() => {})
    },
  }
}

/** Notices that go nowhere. */
export const noNotices: Notices = {
  sendCode: async () => {},
  sendLink: async () => {},
  sendInvitation: async () => {},
  beforeCreate: async () => {},
  created: () => {},
}

function refuseUnlessAllowed(verdict: unknown): void {
  const { allowed, error_message, error_code } = (verdict ?? {}) as Record<string, unknown>
  if (allowed === true) return
  // If addresses must be verified, Better Auth turns a 403 into an apparent success, so that nobody
  // learns who has signed up.
  throw new APIError('BAD_REQUEST', {
    message: typeof error_message === 'string' ? error_message : 'Sign-up was rejected',
    code: typeof error_code === 'string' ? error_code : 'SIGN_UP_REJECTED',
  })
}

function codeData({ code, purpose, to, lifetime }: Code) {
  return {
    otp_code: code,
    otp_type: purpose,
    delivery_preference: to.email === undefined ? 'sms' : 'email',
    expires_at: expiry(lifetime),
  }
}

function linkData({ url, token, purpose, lifetime }: Link) {
  return { link_type: purpose, link_url: url, token, expires_at: expiry(lifetime) }
}

function subjectOf(purpose: string): string {
  switch (purpose) {
    case 'email-verification':
      return 'Verify your email address'
    case 'forget-password':
      return 'Reset your password'
    default:
      return 'Sign in'
  }
}

function toUser({ id, email, name, phoneNumber, emailVerified, createdAt }: Person) {
  return {
    id,
    email,
    name,
    phone_number: phoneNumber,
    email_verified: emailVerified,
    created_at: createdAt,
  }
}

function requester(headers: Headers | undefined) {
  return {
    ip_address: headers?.get(ipHeader) ?? '',
    user_agent: headers?.get('user-agent') ?? '',
  }
}

function expiry(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}
