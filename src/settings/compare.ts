import { domainToASCII } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

/** Matches a value that is masked, completely or in part: `https://hooks.example.com/***`. */
const MASK = /^[*•]+$|\*{3,}|•{3,}/

/** Returns whether Neon hides a stored value: it is absent, empty, or masked. */
export const isHidden = (stored: unknown): boolean =>
  stored === undefined ||
  stored === null ||
  (typeof stored === 'string' && (stored.trim() === '' || MASK.test(stored)))

const asUrl = (text: string): string => (URL.canParse(text) ? new URL(text).href : text)
const asHost = (text: string): string => domainToASCII(text.replace(/\.$/, '')) || text

/** The normalizers, by key. Values of other keys are compared as text. */
const NORMALIZERS: Record<string, (text: string) => string> = {
  webhook_url: asUrl,
  host: asHost,
  sender_email: (text) => text.toLowerCase(),
}

const normalize = (key: string, value: unknown): unknown => {
  // Lists in the settings are sets, so their order does not matter.
  if (Array.isArray(value)) return [...value].map((item) => normalize(key, item)).sort()
  if (typeof value === 'object' && value !== null) return value
  const text = String(value).trim().normalize('NFC')
  return NORMALIZERS[key]?.(text) ?? text
}

/**
 * Returns whether two values of `key` mean the same. Normalizes URLs, hosts, and email addresses. Ignores the
 * order of lists, white space around text, and quotes around numbers.
 */
export const hasSameMeaning = (key: string, a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(normalize(key, a), normalize(key, b))
