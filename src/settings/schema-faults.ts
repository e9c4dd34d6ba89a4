import { closestTo, type Path, parsePointer, pathText, settingOf } from './paths.ts'
import { knownKeys, type SchemaError } from './validate.generated.js'

/** A fault in one setting. */
export interface Fault {
  /** The start of the sentence: the setting's path as text. */
  readonly path: string
  /** The rest of the sentence, without the final period. */
  readonly text: string
}

/** Returns whether a setting is a password or a client secret. */
export const isSecret = (setting: string): boolean => /(password|client_secret)$/.test(setting)

const CREDENTIALS =
  /(password|client_secret|client_id|microsoft_tenant_id|username|host|webhook_url|email|delete_users\[\])$/

/** Returns whether a setting is a credential, an ID, or an address. None of them can be a template. */
export const isCredential = (setting: string): boolean => CREDENTIALS.test(setting)

const MAX_SHOWN_NUMBER = 999_999

/**
 * Describes a value. Quotes only booleans, words for booleans, and short whole numbers, because any other value may be
 * a misplaced secret. Masking misses parts and other forms of a secret, such as `123456789012` for `0123456789012`.
 */
const describeValue = (value: unknown): string => {
  if (value === null) return 'nothing'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    const isShort = Number.isInteger(value) && Math.abs(value) <= MAX_SHOWN_NUMBER
    return isShort ? String(value) : 'a number (not shown)'
  }
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'a mapping'
  if (value.trim() === '') return 'an empty string'
  return /^(yes|no|on|off|true|false)$/i.test(value)
    ? `the string "${value}"`
    : 'a string (not shown)'
}

/** Returns the value at a path from Ajv, which always exists. */
const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce((value, part) => (value as Record<string | number, unknown>)[part], data)

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
}

const typeFault = (types: readonly string[], value: unknown): string => {
  const text = `must be ${types.map((type) => TYPES[type] ?? type).join(' or ')}; found ${describeValue(value)}`
  const isUnquoted = types.includes('string') && ['number', 'boolean'].includes(typeof value)
  return isUnquoted ? `${text}; put it in quotes` : text
}

const enumFault = (allowed: readonly string[], value: unknown): string => {
  const suggestion = typeof value === 'string' ? closestTo(value, allowed) : undefined
  const text = `must be one of ${allowed.join(', ')}; found ${describeValue(value)}`
  return suggestion === undefined ? text : `${text}; did you mean ${suggestion}?`
}

/** The range and unit of the settings that are durations. */
const RANGES: Readonly<Record<string, string>> = {
  'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
  'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
  'webhook.timeout_seconds': '1 to 10 (seconds)',
}

const rangeFault = (limit: string, value: unknown, path: Path): string => {
  const range = RANGES[settingOf(path)]
  return `must be ${limit}; found ${describeValue(value)}${range ? `; allowed: ${range}` : ''}`
}

const valueFault = ({ keyword, params }: SchemaError, value: unknown, path: Path): string => {
  switch (keyword) {
    case 'type':
      return typeFault([params['type']].flat() as string[], value)
    case 'enum':
      return enumFault(params['allowedValues'] as string[], value)
    case 'minimum':
      return rangeFault(`at least ${params['limit']}`, value, path)
    case 'maximum':
      return rangeFault(`at most ${params['limit']}`, value, path)
    case 'pattern':
      return `has the wrong format; found ${describeValue(value)}`
    case 'minItems':
      return `must have at least ${params['limit']} item`
    case 'uniqueItems':
      return 'must not repeat a value'
    case 'false schema':
      return 'is not allowed with `type: shared`'
    default:
      return `is not valid (${keyword})`
  }
}

/**
 * Returns the fault of an unknown key. Names the key only if it is a misspelled or misplaced known key. Any
 * other key may be part of a secret.
 */
const unknownKeyFault = (key: string, path: Path): Fault => {
  const knownHere = knownKeys[settingOf(path)] ?? []
  const keyPath = pathText([...path, key])
  const suggestion = closestTo(key, knownHere)
  if (suggestion !== undefined)
    return { path: keyPath, text: `is not a known setting; did you mean \`${suggestion}\`?` }
  const list = `known here: ${knownHere.join(', ')}`
  const isKnownElsewhere = Object.values(knownKeys).some((keys) => keys.includes(key))
  return isKnownElsewhere
    ? { path: keyPath, text: `is not a known setting here; ${list}` }
    : { path: pathText(path), text: `has an unknown key; ${list}` }
}

const faultOf = (error: SchemaError, data: unknown): Fault => {
  const path = parsePointer(error.instancePath)
  if (error.keyword === 'additionalProperties') {
    return unknownKeyFault(String(error.params['additionalProperty']), path)
  }
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty'])
    return { path: pathText([...path, missing]), text: 'is missing' }
  }
  return { path: pathText(path), text: valueFault(error, valueAt(data, path), path) }
}

/**
 * Returns Ajv's errors as faults, which quote nothing from the file that may be a secret. Skips errors of the keyword
 * `if`, which only announce another error.
 */
export const schemaFaults = (errors: readonly SchemaError[], data: unknown): Fault[] =>
  errors.filter(({ keyword }) => keyword !== 'if').map((error) => faultOf(error, data))
