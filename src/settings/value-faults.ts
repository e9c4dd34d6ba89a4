import { isIP, isIPv6 } from 'node:net'
import { BETTER_AUTH_EMAIL, MAX_EMAIL_LENGTH } from './email-address.ts'
import { type Path, pathText, settingOf } from './paths.ts'
import type { Fault } from './schema-faults.ts'

/** Returns the fault of a value, or `undefined`. The fault does not quote the value. */
type Check = (value: string) => string | undefined

/**
 * Matches characters that show nothing: format characters (zero-width spaces, byte order marks, direction marks),
 * fillers, odd spaces and separators, and code points that are private or unassigned.
 */
const INVISIBLE =
  /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u
const CONTROL = /\p{Cc}/u

const edgeFault: Check = (value) => {
  if (value.trim() === '') return 'is empty'
  if (/^[\r\n]/.test(value)) return 'starts with a line break'
  if (/[\r\n]$/.test(value)) return 'ends with a line break'
  if (/^\s/.test(value)) return 'starts with whitespace'
  if (/\s$/.test(value)) return 'ends with whitespace'
  return undefined
}

/** Finds whitespace around a secret and invisible characters in it. A secret may have several lines. */
const secretFault: Check = (value) =>
  edgeFault(value) ?? (INVISIBLE.test(value) ? 'contains an invisible character' : undefined)

/** Finds whitespace around a string that must be one line, and line breaks and invisible characters in it. */
const pasteFault: Check = (value) => {
  const edge = edgeFault(value)
  if (edge) return edge
  if (/[\r\n]/.test(value)) return 'contains a line break'
  if (CONTROL.test(value)) return 'contains a tab or another control character'
  return INVISIBLE.test(value) ? 'contains an invisible character' : undefined
}

const idFault: Check = (value) => {
  const fault = pasteFault(value)
  if (fault) return fault
  if (/^(["']).*\1$/s.test(value)) return 'is wrapped in quotes'
  // Dots alone would change the path of the request.
  if (/^\.{1,2}$/.test(value)) return 'is not an ID'
  return /\s/.test(value) ? 'contains a space' : undefined
}

const lengthFault = (limit: number, length: number): string | undefined =>
  length > limit ? `is ${length} characters long; at most ${limit} are allowed` : undefined

/** Returns a check that a name is one line of at most `limit` characters, as Neon counts them. */
const nameFault =
  (limit: number): Check =>
  (value) => {
    if (value.trim() === '') return 'is empty'
    if (/[\r\n]/.test(value)) return 'contains a line break'
    return lengthFault(limit, [...value].length)
  }

/** The default limits of Better Auth, which counts UTF-16 units (`password.length`). */
const MIN_PASSWORD_LENGTH = 8
const MAX_PASSWORD_LENGTH = 128

const userPasswordFault: Check = (value) => {
  const fault = pasteFault(value)
  if (fault) return fault
  if (value.length < MIN_PASSWORD_LENGTH) {
    return `is ${value.length} characters long; at least ${MIN_PASSWORD_LENGTH} are required`
  }
  return lengthFault(MAX_PASSWORD_LENGTH, value.length)
}

const USER_EMAIL = new RegExp(`^${BETTER_AUTH_EMAIL}$`)

const addressFault: Check = (value) => {
  const fault = pasteFault(value)
  if (fault) return fault
  if (/[<>]/.test(value)) return 'has a display name or angle brackets; use only the address'
  if (/[\s,;]/.test(value)) return 'contains a space, comma, or semicolon; use only one address'
  if (value.split('@').length !== 2) return 'is not an address: it needs exactly one `@`'
  if (/^@|@$/.test(value)) return 'is not an address: one side of the `@` is empty'
  return lengthFault(MAX_EMAIL_LENGTH, value.length)
}

const userEmailFault: Check = (value) => {
  const fault = addressFault(value)
  if (fault) return fault
  if (USER_EMAIL.test(value)) return undefined
  const [local = '', domain = ''] = value.split('@')
  if (/[^\0-\x7f]/.test(value)) return 'contains a character that is not ASCII'
  if (/^\.|\.$|\.\./.test(local)) return 'has a misplaced dot before the `@`'
  if (!/\.[A-Za-z]{2,}$/.test(domain)) return 'needs a domain such as `example.com` after the `@`'
  return 'is not an address that Better Auth accepts'
}

const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u

const hostFault: Check = (value) => {
  const fault = pasteFault(value)
  if (fault) return fault
  if (isIP(value) || isIPv6(/^\[(.*)\]$/.exec(value)?.[1] ?? '')) return undefined
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return 'has a scheme; use only the host name'
  if (/@/.test(value)) return 'has a user name or is an email address; use only the host name'
  if (/[/?#\\]/.test(value)) return 'has a path; use only the host name'
  if (/:\d*$/.test(value)) return 'has a port; use only the host name, and set `port`'
  return HOST.test(value) && !value.includes('..') ? undefined : 'is not a host name'
}

const urlFault: Check = (value) => {
  const fault = pasteFault(value)
  if (fault) return fault
  if (!/^https?:\/\//.test(value)) return 'does not start with `https://` or `http://`'
  if (/\s/.test(value)) return 'contains a space'
  return URL.canParse(value) ? undefined : 'is not a URL'
}

const emptyFault: Check = (value) => (value.trim() === '' ? 'is empty' : undefined)

const CHECKS: Readonly<Record<string, Check>> = {
  name: nameFault(256),
  'email_provider.host': hostFault,
  'email_provider.username': pasteFault,
  'email_provider.password': secretFault,
  'email_provider.sender_email': addressFault,
  'email_provider.sender_name': nameFault(256),
  'oauth_providers.*.client_id': idFault,
  'oauth_providers.*.client_secret': secretFault,
  'oauth_providers.*.microsoft_tenant_id': idFault,
  'webhook.webhook_url': urlFault,
  'users[].email': userEmailFault,
  'users[].name': nameFault(255),
  'users[].roles[]': emptyFault,
  'users[].password': userPasswordFault,
  'delete_users[]': idFault,
  test_email: addressFault,
}

const checkOf = (setting: string): Check | undefined => {
  const key = setting.replace(/^oauth_providers\.\w+\./, 'oauth_providers.*.')
  return Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined
}

const faultOf = (value: string, path: Path): Fault[] => {
  const text = checkOf(settingOf(path))?.(value)
  return text === undefined ? [] : [{ path: pathText(path), text }]
}

/**
 * Returns the faults in the strings of a settings file that {@link CHECKS} find. A fault describes the value without
 * quoting it.
 */
export const valueFaults = (value: unknown, path: Path = []): Fault[] => {
  if (typeof value === 'string') return faultOf(value, path)
  if (Array.isArray(value))
    return value.flatMap((item, index) => valueFaults(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => valueFaults(item, [...path, key]))
}
