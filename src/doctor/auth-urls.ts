import type { AuthUrlsFound } from './observations.ts'

/** An auth service at Neon: `https://ep-a-b-123.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth`. */
const NEON_AUTH = /https:\/\/[a-z\d-]+\.neonauth\.[a-z\d.-]+(?:\/[\w.~%-]*)*/gi

/**
 * The variables that Neon's SDKs and starters read, with the value that the build put in. A name alone is
 * one only where code reads it (`env.NAME`, `env["NAME"]`): messages and pages mention it too.
 */
const VARIABLE =
  /(\.|\[["'])?\b((?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_)?NEON_AUTH_(?:BASE_)?URL)\b(?:["'\]]{0,2}\s*[:=]\s*["'`]([^"'`\s]{0,300})["'`])?/g

const MISSING = /\bhttps?:\/\/(?:undefined|null|\[object%20Object\]|\[object Object\])(?![\w.-])/gi
const NO_VALUE = ['', 'undefined', 'null', 'https://', 'http://']

/** Builds put in only variables with such a name. Elsewhere, others are never set. */
const PUBLIC = /^(?:NEXT_PUBLIC|VITE|PUBLIC|REACT_APP)_/

/** The maximum number of URLs to keep. A page with more is not a page of an app. */
const MOST = 20

/** Writes slashes as they are: JSON and JavaScript may escape them. */
const unescaped = (text: string): string => text.replace(/\\u002f|\\+\//gi, '/')

const withoutSlash = (url: string): string => url.replace(/[/.]+$/, '')

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].slice(0, MOST)

/**
 * Finds the auth URLs in the text of a page or a script: those at Neon, those in `known`, and the values of
 * Neon's variables. Pure.
 */
export const authUrlsIn = (text: string, known: readonly string[]): AuthUrlsFound => {
  const plain = unescaped(text)
  const variables = [...plain.matchAll(VARIABLE)].map(([, access, name = '', value]) => ({
    name,
    value,
    isRead: access !== undefined && PUBLIC.test(name),
  }))
  const values = variables.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const isMissing = (value: string) =>
    NO_VALUE.includes(value) || new RegExp(MISSING, 'i').test(value)
  const empty = variables.find(({ value }) => value !== undefined && isMissing(value))
  const unset = empty ?? variables.find(({ value, isRead }) => value === undefined && isRead)
  const urls = [
    ...known.filter((url) => plain.includes(withoutSlash(url))).map(withoutSlash),
    ...[...plain.matchAll(NEON_AUTH)].map(([url]) => withoutSlash(url)),
    ...values.filter((value) => !isMissing(value) && URL.canParse(value)).map(withoutSlash),
  ]
  return {
    urls: unique(urls),
    broken: unique([...plain.matchAll(MISSING)].map(([url]) => url)),
    ...(unset && { unset: unset.name }),
  }
}

/** Returns what several texts contain. Pure. */
export const mergeFound = (all: readonly AuthUrlsFound[]): AuthUrlsFound => {
  const unset = all.find((one) => one.unset !== undefined)?.unset
  return {
    urls: unique(all.flatMap(({ urls }) => urls)),
    broken: unique(all.flatMap((one) => one.broken)),
    ...(unset !== undefined && { unset }),
  }
}

/** Returns whether `url` is the auth service at `base`, or one of its routes. */
export const isOf = (url: string, base: string): boolean => {
  const start = withoutSlash(base)
  return url === start || url.startsWith(`${start}/`)
}
