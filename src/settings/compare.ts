import { domainToASCII } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

/** A secret may be masked whole, or in part: `https://hooks.example.com/***`. */
const MASK = /^[*•]+$|\*{3,}|•{3,}/

/**
 * Whether reading shows nothing of a value: it is absent, empty, or masked. That says nothing about
 * what is stored, so it is no difference.
 */
export const isHidden = (stored: unknown): boolean =>
  stored === undefined ||
  stored === null ||
  (typeof stored === 'string' && (stored.trim() === '' || MASK.test(stored)))

const asUrl = (text: string): string => (URL.canParse(text) ? new URL(text).href : text)
const asHost = (text: string): string => domainToASCII(text.replace(/\.$/, '')) || text

/** How a value of a key is brought into one spelling; other keys are compared as text. */
const SPELLING: Record<string, (text: string) => string> = {
  webhook_url: asUrl,
  host: asHost,
  sender_email: (text) => text.toLowerCase(),
}

const spelled = (key: string, value: unknown): unknown => {
  // Lists here are sets: their order means nothing.
  if (Array.isArray(value)) return [...value].map((item) => spelled(key, item)).sort()
  if (typeof value === 'object' && value !== null) return value
  const text = String(value).trim().normalize('NFC')
  return SPELLING[key]?.(text) ?? text
}

/**
 * Whether two values of `key` mean the same: URLs, hosts, and email addresses by meaning, lists in
 * any order, `587` and `"587"`, text without the white space around it.
 */
export const sameMeaning = (key: string, a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(spelled(key, a), spelled(key, b))
