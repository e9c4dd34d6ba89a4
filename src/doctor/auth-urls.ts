import type { AuthUrlsFound } from './observations.ts'

/** Matches an auth URL at Neon: `https://ep-a-b-123.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth`. */
const NEON_AUTH_URL = /https:\/\/[a-z\d-]+\.neonauth\.[a-z\d.-]+(?:\/[\w.~%-]*)*/gi

/**
 * Matches the variables that Neon's SDKs and starters read. Captures the start of an access (`env.NAME`,
 * `env["NAME"]`), the name, and the value from the build. Without an access, the text may only mention the name.
 */
const VARIABLE =
  /(\.|\[["'])?\b((?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_)?NEON_AUTH_(?:BASE_)?URL)\b(?:["'\]]{0,2}\s*[:=]\s*["'`]([^"'`\s]{0,300})["'`])?/g

/** Matches URLs that were built from a missing value, such as `https://undefined`. */
const PLACEHOLDER_URL =
  /\bhttps?:\/\/(?:undefined|null|\[object%20Object\]|\[object Object\])(?![\w.-])/gi
const EMPTY_VALUES = ['', 'undefined', 'null', 'https://', 'http://']

/** Matches variables whose value becomes part of the build. Others are never set in a browser. */
const PUBLIC_NAME = /^(?:NEXT_PUBLIC|VITE|PUBLIC|REACT_APP)_/

/** The maximum number of URLs to keep. A real page has only a few. */
const MAX_URLS = 20

/** Unescapes the slashes that JSON and JavaScript may escape. */
const unescapeSlashes = (text: string): string => text.replace(/\\u002f|\\+\//gi, '/')

/** Removes slashes at the end of a URL, and the period of a sentence that ends with it. */
const trimUrl = (url: string): string => url.replace(/[/.]+$/, '')

const uniqueUrls = (urls: readonly string[]): string[] => [...new Set(urls)].slice(0, MAX_URLS)

/**
 * Finds the auth URLs in the text of a page or a script: URLs at Neon, URLs in `known`, and the values of
 * Neon's variables. Also finds URLs and variables whose value is missing. Pure.
 */
export const authUrlsIn = (text: string, known: readonly string[]): AuthUrlsFound => {
  const unescaped = unescapeSlashes(text)
  const variables = [...unescaped.matchAll(VARIABLE)].map(([, access, name = '', value]) => ({
    name,
    value,
    isRead: access !== undefined && PUBLIC_NAME.test(name),
  }))
  const values = variables.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const isMissing = (value: string) =>
    EMPTY_VALUES.includes(value) || new RegExp(PLACEHOLDER_URL, 'i').test(value)
  const unset =
    variables.find(({ value }) => value !== undefined && isMissing(value)) ??
    variables.find(({ value, isRead }) => value === undefined && isRead)
  const urls = [
    ...known.filter((url) => unescaped.includes(trimUrl(url))),
    ...[...unescaped.matchAll(NEON_AUTH_URL)].map(([url]) => url),
    ...values.filter((value) => !isMissing(value)),
  ]
  return {
    urls: uniqueUrls(urls.map(trimUrl).filter((url) => URL.canParse(url))),
    broken: uniqueUrls([...unescaped.matchAll(PLACEHOLDER_URL)].map(([url]) => url)),
    ...(unset && { unset: unset.name }),
  }
}

/** Merges the auth URLs of several texts. Pure. */
export const mergeAuthUrls = (results: readonly AuthUrlsFound[]): AuthUrlsFound => {
  const { unset } = results.find((result) => result.unset !== undefined) ?? {}
  return {
    urls: uniqueUrls(results.flatMap(({ urls }) => urls)),
    broken: uniqueUrls(results.flatMap(({ broken }) => broken)),
    ...(unset !== undefined && { unset }),
  }
}

/** Returns whether `url` is `authUrl` or one of its routes. Pure. */
export const isUnderAuthUrl = (url: string, authUrl: string): boolean => {
  const base = trimUrl(authUrl)
  return url === base || url.startsWith(`${base}/`)
}
