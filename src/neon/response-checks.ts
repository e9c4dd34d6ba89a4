import type { RequestName } from '../network/errors.ts'
import { UnexpectedResponseError } from './errors.ts'

type Fields = Record<string, unknown>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `value` as a JSON object. Throws {@link UnexpectedResponseError} when it is none. */
export const expectRecord = (request: RequestName, value: unknown, name: string): Fields => {
  if (isRecord(value)) return value
  throw new UnexpectedResponseError(request, `${name} is not a JSON object`)
}

/** An answer's text as a JSON object. Throws {@link UnexpectedResponseError} when it is none. */
export const expectJson = (request: RequestName, text: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UnexpectedResponseError(request, 'it is not JSON')
  }
  return expectRecord(request, value, 'the response')
}

/** The field as an array of objects. Throws {@link UnexpectedResponseError} when it is none. */
export const expectArray = (request: RequestName, fields: Fields, name: string): Fields[] => {
  const value = fields[name]
  if (Array.isArray(value) && value.every(isRecord)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a list of objects`)
}

/** The field as a text that is not empty. Throws {@link UnexpectedResponseError} when it is none. */
export const expectText = (request: RequestName, fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new UnexpectedResponseError(request, `\`${name}\` is missing or not a string`)
}

/**
 * The field as a text; `undefined` where it is absent, `null` or empty. Throws
 * {@link UnexpectedResponseError} when it is anything else.
 */
export const optionalText = (
  request: RequestName,
  fields: Fields,
  name: string,
): string | undefined =>
  (fields[name] ?? '') === '' ? undefined : expectText(request, fields, name)

/** As {@link optionalText}, for a JSON object; an empty one where there is none. */
export const optionalRecord = (request: RequestName, fields: Fields, name: string): Fields =>
  expectRecord(request, fields[name] ?? {}, `\`${name}\``)

/** Throws {@link UnexpectedResponseError} unless the field is a list of texts, absent or `null`. */
export const optionalTexts = (request: RequestName, fields: Fields, name: string): void => {
  const value = fields[name] ?? []
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return
  throw new UnexpectedResponseError(request, `\`${name}\` is not a list of strings`)
}

/** The field as an id, which stays in its place in a path. */
export const expectId = (request: RequestName, fields: Fields, name: string): string => {
  const value = expectText(request, fields, name)
  if (/^[\w-]+$/.test(value)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a valid ID`)
}

/** The field as `true` or `false`. Throws {@link UnexpectedResponseError} when it is neither. */
export const expectBoolean = (request: RequestName, fields: Fields, name: string): boolean => {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  throw new UnexpectedResponseError(request, `\`${name}\` is neither true nor false`)
}

const CONNECTION_URI = /^postgres(ql)?:\/\/\S+@[^\s@/]+\/\S+$/

/**
 * The field as the URI of a Postgres database. Throws {@link UnexpectedResponseError} when it is none:
 * what the SQL driver says of one holds its password.
 */
export const expectConnectionUri = (request: RequestName, fields: Fields, name: string): string => {
  const value = expectText(request, fields, name)
  if (CONNECTION_URI.test(value) && URL.canParse(value)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a connection URI`)
}
