import type { AuthUrlsFound } from './observations.ts'

/** Matches an auth URL at Neon: `https://ep-a-b-123.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth`. */
const NEON_AUTH = /https:\/\/[a-z\d-]+\.neonauth\.[a-z\d.-]+(?:\/[\w.~%-]*)*/gi

/**
 * Matches the variables that Neon's SDKs and starters read, with the value from the build. The first group
 * shows that code reads the variable (`env.NAME`, `env["NAME"]`). Other text may only mention its name.
 */
const VARIABLE =
  /(\.|\[["'])?\b((?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_)?NEON_AUTH_(?:BASE_)?URL)\b(?:["'\]]{0,2}\s*[:=]\s*["'`]([^"'`\s]{0,300})["'`])?/g

const MISSING = /\bhttps?:\/\/(?:undefined|null|\[object%20Object\]|\[object Object\])(?![\w.-])/gi
const NO_VALUE = ['', 'undefined', 'null', 'https://', 'http://']

/** Matches the variables that builds replace with their value. Others are never set in a browser. */
const PUBLIC = /^(?:NEXT_PUBLIC|VITE|PUBLIC|REACT_APP)_/

/** The maximum number of URLs to keep. No app's page has more. */
const MAX_URLS = 20

/** Restores the slashes that JSON and JavaScript may escape. */
const restoreSlashes = (text: string): string => text.replace(/\\u002f|\\+\//gi, '/')

const withoutSlash = (url: string): string => url.replace(/[/.]+$/, '')

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].slice(0, MAX_URLS)

/**
 * Finds the auth URLs in the text of a page or a script: URLs at Neon, URLs in `known`, and the values of
 * Neon's variables. Pure.
 */
export const authUrlsIn = (text: string, known: readonly string[]): AuthUrlsFound => {
  const plain = restoreSlashes(text)
  const variables = [...plain.matchAll(VARIABLE)].map(([, access, name = '', value]) => ({
    name,
    value,
    isRead: access !== undefined && PUBLIC.test(name),
  }))
  const values = variables.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const isMissing = (value: string) =>
    NO_VALUE.includes(value) || new RegExp(MISSING, 'i').test(value)
  const unset =
    variables.find(({ value }) => value !== undefined && isMissing(value)) ??
    variables.find(({ value, isRead }) => value === undefined && isRead)
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

/** Merges what was found in several texts. Pure. */
export const mergeFound = (all: readonly AuthUrlsFound[]): AuthUrlsFound => {
  const unset = all.find((one) => one.unset !== undefined)?.unset
  return {
    urls: unique(all.flatMap(({ urls }) => urls)),
    broken: unique(all.flatMap((one) => one.broken)),
    ...(unset !== undefined && { unset }),
  }
}

/** Returns whether `url` is the auth URL `base` or one of its routes. Pure. */
export const belongsTo = (url: string, base: string): boolean => {
  const start = withoutSlash(base)
  return url === start || url.startsWith(`${start}/`)
}
