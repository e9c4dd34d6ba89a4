import { isIP } from 'node:net'
import type { Fault } from './faults.ts'
import { type Path, pathText, settingOf } from './paths.ts'

/** Returns what is wrong with a value, in words that do not show it. */
type Check = (value: string) => string | undefined

// Format characters (zero-width spaces, byte order marks, direction marks) and odd spaces.
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cn}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u
const CONTROL = /\p{Cc}/u

const edgeFault: Check = (value) => {
  if (value.trim() === '') return 'is empty'
  if (/^[\r\n]/.test(value)) return 'starts with a line break'
  if (/[\r\n]$/.test(value)) return 'ends with a line break'
  if (/^\s/.test(value)) return 'starts with a space'
  if (/\s$/.test(value)) return 'ends with a space'
  return undefined
}

/** Secrets and IDs that were pasted with what stood around them. */
const pasted: Check = (value) => {
  const edge = edgeFault(value)
  if (edge) return edge
  if (/[\r\n]/.test(value)) return 'contains a line break'
  if (CONTROL.test(value)) return 'contains a tab or another control character'
  return INVISIBLE.test(value) ? 'contains an invisible character' : undefined
}

const id: Check = (value) => {
  const fault = pasted(value)
  if (fault) return fault
  if (/^(["']).*\1$/s.test(value)) return 'is wrapped in quotes'
  // Dots alone would lead a request's path elsewhere.
  if (/^\.{1,2}$/.test(value)) return 'is not an ID'
  return /\s/.test(value) ? 'contains a space' : undefined
}

const longest = (most: number, length: number): string | undefined =>
  length > most ? `is ${length} characters long; at most ${most} are allowed` : undefined

/** Names are one line, and counted in characters as Neon counts them. */
const name =
  (most: number): Check =>
  (value) => {
    if (value.trim() === '') return 'is empty'
    if (/[\r\n]/.test(value)) return 'contains a line break'
    return longest(most, [...value].length)
  }

/** The default limits of Better Auth, which counts UTF-16 units (`password.length`). */
const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 128

const userPassword: Check = (value) => {
  const fault = pasted(value)
  if (fault) return fault
  if (value.length < SHORTEST_PASSWORD) {
    return `is ${value.length} characters long; at least ${SHORTEST_PASSWORD} are needed`
  }
  return longest(LONGEST_PASSWORD, value.length)
}

const LONGEST_EMAIL = 256

/** What Better Auth accepts: the pattern of Zod's `email()`, https://zod.dev/api#emails. */
const BETTER_AUTH_EMAIL =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/

const address: Check = (value) => {
  const fault = pasted(value)
  if (fault) return fault
  if (/[<>]/.test(value)) return 'has a name or angle brackets around the address'
  if (/[\s,;]/.test(value)) return 'contains a space, comma, or semicolon; it takes one address'
  if (value.split('@').length !== 2) return 'is not an address: it needs exactly one `@`'
  if (/^@|@$/.test(value)) return 'is not an address: one side of the `@` is empty'
  return longest(LONGEST_EMAIL, value.length)
}

const userEmail: Check = (value) => {
  const fault = address(value)
  if (fault) return fault
  if (BETTER_AUTH_EMAIL.test(value)) return undefined
  const [local = '', domain = ''] = value.split('@')
  if (/[^\0-\x7f]/.test(value)) return 'contains a character that is not ASCII'
  if (/^\.|\.$|\.\./.test(local)) return 'has a misplaced dot before the `@`'
  if (!/\.[A-Za-z]{2,}$/.test(domain)) return 'needs a domain such as `example.com` after the `@`'
  return 'contains a character that Better Auth does not accept in an address'
}

const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u

const host: Check = (value) => {
  const fault = pasted(value)
  if (fault) return fault
  if (isIP(value.replace(/^\[(.*)\]$/, '$1'))) return undefined
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return 'has a scheme; give the host name only'
  if (/@/.test(value)) return 'has a user name or is an email address; give the host name only'
  if (/[/?#\\]/.test(value)) return 'has a path; give the host name only'
  if (/:\d*$/.test(value)) return 'has a port; give the host name only, and set `port`'
  return HOST.test(value) && !value.includes('..') ? undefined : 'is not a host name'
}

const url: Check = (value) => {
  const fault = pasted(value)
  if (fault) return fault
  if (!/^https?:\/\//.test(value)) return 'does not start with `https://` or `http://`'
  if (/\s/.test(value)) return 'contains a space'
  return URL.canParse(value) ? undefined : 'is not a URL'
}

const notEmpty: Check = (value) => (value.trim() === '' ? 'is empty' : undefined)

const OAUTH: Readonly<Record<string, Check>> = {
  client_id: id,
  client_secret: id,
  microsoft_tenant_id: id,
}

const CHECKS: Readonly<Record<string, Check>> = {
  name: name(256),
  'email_provider.host': host,
  'email_provider.username': pasted,
  'email_provider.password': pasted,
  'email_provider.sender_email': address,
  'email_provider.sender_name': name(256),
  'webhook.webhook_url': url,
  'users[].email': userEmail,
  'users[].name': name(255),
  'users[].roles[]': notEmpty,
  'users[].password': userPassword,
  'delete_users[]': id,
  test_email: address,
}

const checkOf = (setting: string): Check | undefined => {
  const [, oauth] = /^oauth_providers\.\w+\.(\w+)$/.exec(setting) ?? []
  return oauth !== undefined && Object.hasOwn(OAUTH, oauth)
    ? OAUTH[oauth]
    : Object.hasOwn(CHECKS, setting)
      ? CHECKS[setting]
      : undefined
}

const checked = (value: string, path: Path): Fault[] => {
  const text = checkOf(settingOf(path))?.(value)
  return text === undefined ? [] : [{ path: pathText(path), text }]
}

/**
 * Returns what is wrong with the texts of a settings file: pasted line breaks and spaces, lengths,
 * addresses, hosts, and URLs. The words explain a hidden value ("ends with a line break") and never
 * show it.
 */
export const valueFaults = (value: unknown, path: Path = []): Fault[] => {
  if (typeof value === 'string') return checked(value, path)
  if (Array.isArray(value))
    return value.flatMap((item, index) => valueFaults(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => valueFaults(item, [...path, key]))
}
