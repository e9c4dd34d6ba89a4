import { distance } from 'fastest-levenshtein'
import { knownKeys } from './validate.generated.js'

/** The path text for the whole file. */
export const TOP_LEVEL = 'the top level'

/** The path of a setting in the file: keys, and indexes in lists. */
export type Path = readonly (string | number)[]

/** The known keys of all levels. Errors quote no other keys from a file, except misspellings of these. */
const KNOWN_KEYS = new Set(Object.values(knownKeys).flat())

const normalizeKey = (key: string): string => key.toLowerCase().replaceAll('-', '_')

/** Returns the candidate that `word` most likely misspells, or `undefined` if none is close. */
export const closestTo = (word: string, candidates: readonly string[]): string | undefined => {
  // Many passwords contain a digit, but no known key does.
  if (!/^[A-Za-z][A-Za-z_-]{0,39}$/.test(word)) return undefined
  const closest = candidates
    .map((candidate) => ({
      candidate,
      edits: distance(normalizeKey(word), normalizeKey(candidate)),
    }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
  return closest[0]?.candidate
}

/**
 * Returns whether an error may quote a key: it is a known key, or a misspelled one. Any other key may be part of
 * a secret: the second key of `{ password: hun,ter2 }` is `ter2`.
 */
const isPrintable = (key: string): boolean =>
  KNOWN_KEYS.has(key) || closestTo(key, [...KNOWN_KEYS]) !== undefined

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

/** Returns the setting at a path, without list indexes: `users[].email`. */
export const settingOf = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[]`
    return text === '' ? part : `${text}.${part}`
  }, '')

/** Converts a JSON pointer from Ajv to a path. */
export const parsePointer = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
