import { distance } from 'fastest-levenshtein'
import { knownKeys } from './validate.generated.js'

/** The path text of a fault in the whole file. */
export const TOP_LEVEL = 'the top level'

/** The path of a setting in the file: keys, and indexes of lists. */
export type Path = readonly (string | number)[]

/** The known keys of every level. Errors repeat no other words of a file. */
const KNOWN = new Set(Object.values(knownKeys).flat())

const plain = (key: string): string => key.toLowerCase().replaceAll('-', '_')

/** Returns the candidate that `word` is most likely a misspelling of, if there is one. */
export const closestTo = (word: string, candidates: readonly string[]): string | undefined => {
  // Many passwords contain a digit, but no known key does.
  if (!/^[A-Za-z][A-Za-z_-]{0,39}$/.test(word)) return undefined
  const near = candidates
    .map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
  return near[0]?.candidate
}

/**
 * Whether an error may repeat a key: it is known, or a misspelling of a known one. Any other may be
 * a part of a secret, as in `{ password: hun,ter2 }`, whose second key is `ter2`.
 */
const isPrintable = (key: string): boolean =>
  KNOWN.has(key) || closestTo(key, [...KNOWN]) !== undefined

/**
 * Returns a path as people write it: `plugins.magic_link.expires_in`, `users[0].email`, or
 * `the top level` for the whole file. An unknown key is shown as `…`.
 */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const key = isPrintable(part) ? part : '…'
    return text === '' ? key : `${text}.${key}`
  }, '') || TOP_LEVEL

/** Returns the setting that a path leads to, such as `users[].email`. */
export const settingOf = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[]`
    return text === '' ? part : `${text}.${part}`
  }, '')

/** Converts a JSON pointer from Ajv to a path. */
export const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
