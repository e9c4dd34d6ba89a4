import { closestTo, type Path, pathOf, pathText, settingOf } from './paths.ts'
import { knownKeys, type SchemaError } from './validate.generated.js'

/** What is wrong with one setting: its path as text, and the rest of the sentence. */
export interface Fault {
  readonly path: string
  readonly text: string
}

/** Whether a setting is a password or a client secret. */
export const isSecret = (setting: string): boolean => /(password|client_secret)$/.test(setting)

const CREDENTIALS =
  /(password|client_secret|client_id|microsoft_tenant_id|username|host|webhook_url|email|delete_users\[\])$/

/** Whether a setting takes a credential, an ID, or an address, which no template can be. */
export const isCredential = (setting: string): boolean => CREDENTIALS.test(setting)

const MOST_SHOWN = 999_999

/**
 * What was found, without quoting the file: any text may be a secret in the wrong place, and a mask
 * does not recognize a part of it or another form, such as `123456789012` for `0123456789012`.
 */
const found = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    const short = Number.isInteger(value) && Math.abs(value) <= MOST_SHOWN
    return short ? String(value) : 'a number (not shown)'
  }
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'a mapping'
  if (value.trim() === '') return 'an empty text'
  return /^(yes|no|on|off|true|false)$/i.test(value) ? `the text "${value}"` : 'a text (not shown)'
}

const at = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  )

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
}

const typeWords = (types: readonly string[], value: unknown): string => {
  const words = `must be ${types.map((type) => TYPES[type] ?? type).join(' or ')}; found ${found(value)}`
  const unquoted = types.includes('string') && ['number', 'boolean'].includes(typeof value)
  return unquoted ? `${words}; put it in quotes` : words
}

const enumWords = (allowed: readonly string[], value: unknown): string => {
  const meant = typeof value === 'string' ? closestTo(value, allowed) : undefined
  const words = `must be one of ${allowed.join(', ')}; found ${found(value)}`
  return meant === undefined ? words : `${words}; did you mean ${meant}?`
}

/** The unit and range of settings whose numbers are durations. */
const RANGES: Readonly<Record<string, string>> = {
  'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
  'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
  'webhook.timeout_seconds': '1 to 10 (seconds)',
}

const rangeWords = (words: string, value: unknown, path: Path): string => {
  const range = RANGES[settingOf(path)]
  return `must be ${words}; found ${found(value)}${range ? `; allowed: ${range}` : ''}`
}

const valueFault = ({ keyword, params }: SchemaError, value: unknown, path: Path): string => {
  switch (keyword) {
    case 'type':
      return typeWords([params['type']].flat() as string[], value)
    case 'enum':
      return enumWords(params['allowedValues'] as string[], value)
    case 'minimum':
      return rangeWords(`at least ${params['limit']}`, value, path)
    case 'maximum':
      return rangeWords(`at most ${params['limit']}`, value, path)
    case 'pattern':
      return `is not in the right form; found ${found(value)}`
    case 'minItems':
      return `must hold at least ${params['limit']}`
    case 'uniqueItems':
      return 'must hold each value once'
    case 'false schema':
      return 'does not go with `type: shared`'
    default:
      return `is not valid (${keyword})`
  }
}

/** An unknown key is named only if it is a misspelling: it may be a part of an unquoted secret. */
const unknownKey = (key: string, path: Path): Fault => {
  const known = knownKeys[settingOf(path)] ?? []
  const meant = closestTo(key, known)
  if (meant !== undefined) {
    const text = `is not a known setting; did you mean \`${meant}\`?`
    return { path: pathText([...path, key]), text }
  }
  const elsewhere = Object.values(knownKeys).some((keys) => keys.includes(key))
  const list = `known here: ${known.join(', ')}`
  if (elsewhere) {
    return { path: pathText([...path, key]), text: `is not a known setting here; ${list}` }
  }
  return { path: pathText(path), text: `has an unknown key; ${list}` }
}

const faultOf = (error: SchemaError, data: unknown): Fault => {
  const path = pathOf(error.instancePath)
  if (error.keyword === 'additionalProperties') {
    return unknownKey(String(error.params['additionalProperty']), path)
  }
  if (error.keyword === 'required') {
    return {
      path: pathText([...path, String(error.params['missingProperty'])]),
      text: 'is missing',
    }
  }
  return { path: pathText(path), text: valueFault(error, at(data, path), path) }
}

/**
 * Returns Ajv's errors as faults. None quotes a text of the file. The keyword `if` is left out, as it
 * only announces another error.
 */
export const schemaFaults = (errors: readonly SchemaError[], data: unknown): Fault[] =>
  errors.filter(({ keyword }) => keyword !== 'if').map((error) => faultOf(error, data))
