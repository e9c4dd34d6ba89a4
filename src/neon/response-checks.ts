import { type Fields, isFields } from '../core/fields.ts'
import type { RequestName } from '../network/errors.ts'
import { UnexpectedResponseError } from './errors.ts'

/** Returns `value` as a JSON object. Throws {@link UnexpectedResponseError} if it is not one. */
export const expectRecord = (request: RequestName, value: unknown, description: string): Fields => {
  if (isFields(value)) return value
  throw new UnexpectedResponseError(request, `${description} is not a JSON object`)
}

/** Returns the fields that are set. Neon may return `null` for a field that its types declare optional. */
export const withoutNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

/** Parses a body as a JSON object. Throws {@link UnexpectedResponseError} if it is not one. */
export const expectJson = (request: RequestName, text: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UnexpectedResponseError(request, 'it is not JSON')
  }
  return expectRecord(request, value, 'the response')
}

/** Returns the field as an array of objects. Throws {@link UnexpectedResponseError} if it is not one. */
export const expectArray = (request: RequestName, fields: Fields, name: string): Fields[] => {
  const value = fields[name]
  if (Array.isArray(value) && value.every(isFields)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a list of objects`)
}

/** Returns the field as a non-empty string. Throws {@link UnexpectedResponseError} if it is not one. */
export const expectText = (request: RequestName, fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new UnexpectedResponseError(request, `\`${name}\` is missing, empty, or not a string`)
}

/**
 * Returns the field as a string, or `undefined` if it is absent, `null`, or empty. Throws
 * {@link UnexpectedResponseError} if it is anything else.
 */
export const optionalText = (
  request: RequestName,
  fields: Fields,
  name: string,
): string | undefined =>
  (fields[name] ?? '') === '' ? undefined : expectText(request, fields, name)

/**
 * Returns the field as a JSON object, or `{}` if it is absent or `null`. Throws {@link
 * UnexpectedResponseError} if it is anything else.
 */
export const optionalRecord = (request: RequestName, fields: Fields, name: string): Fields =>
  expectRecord(request, fields[name] ?? {}, `\`${name}\``)

/** Throws {@link UnexpectedResponseError} unless the field is an array of strings, absent, or `null`. */
export const checkOptionalTexts = (request: RequestName, fields: Fields, name: string): void => {
  const value = fields[name] ?? []
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return
  throw new UnexpectedResponseError(request, `\`${name}\` is not a list of strings`)
}

/**
 * Returns the field as an ID that is safe in a URL path. Throws {@link UnexpectedResponseError} if it is not
 * one.
 */
export const expectId = (request: RequestName, fields: Fields, name: string): string => {
  const value = expectText(request, fields, name)
  if (/^[\w-]+$/.test(value)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a valid ID`)
}

/** Returns the field as a boolean. Throws {@link UnexpectedResponseError} if it is not one. */
export const expectBoolean = (request: RequestName, fields: Fields, name: string): boolean => {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  throw new UnexpectedResponseError(request, `\`${name}\` is neither true nor false`)
}

const CONNECTION_URI = /^postgres(ql)?:\/\/\S+@[^\s@/]+\/\S+$/

/**
 * Returns the field as a Postgres connection URI. Throws {@link UnexpectedResponseError} if it is not
 * one, because the SQL driver's own error would contain the password.
 */
export const expectConnectionUri = (request: RequestName, fields: Fields, name: string): string => {
  const value = expectText(request, fields, name)
  if (CONNECTION_URI.test(value) && URL.canParse(value)) return value
  throw new UnexpectedResponseError(request, `\`${name}\` is not a connection URI`)
}
