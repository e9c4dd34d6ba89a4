import { oneLine } from '../core/text.ts'
import type { SchemaError } from './validate.generated.js'

/** A way into the settings file: keys, and indexes of lists. */
export type Path = readonly (string | number)[]

/** A path as people write it: `plugins.magic_link.expires_in`, `users[0].email`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const key = oneLine(part, 80)
    return text === '' ? key : `${text}.${key}`
  }, '') || 'the file'

const SECRET = /password|secret|url/

/**
 * What was found, short. Never a secret: no text of a secret's key, none that came out of the
 * environment (`raw` is the value as the file has it), no list or object, no long text, of which a
 * mask would not recognise a part.
 */
const found = (value: unknown, raw: unknown, path: string): string => {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'a mapping'
  const hidden = SECRET.test(path) || value !== raw || value.length > 40
  return hidden ? 'a text (not shown)' : oneLine(JSON.stringify(value), 80)
}

const at = (data: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[part]
          : undefined,
      data,
    )

const readable = (pointer: string): string =>
  pathText(
    pointer
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  )

const WORDS: Record<string, (params: SchemaError['params']) => string> = {
  type: ({ type }) => `must be ${[type].flat().join(' or ')}`,
  enum: ({ allowedValues }) => `must be one of ${[allowedValues].flat().join(', ')}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  pattern: ({ pattern }) => `must match ${pattern}`,
  minItems: ({ limit }) => `must hold at least ${limit}`,
  uniqueItems: () => 'must hold each value once',
  'false schema': () => 'does not go with `type: shared`',
}

const sentenceOf = (
  { keyword, params, instancePath }: SchemaError,
  data: unknown,
  raw: unknown,
): string => {
  const path = readable(instancePath)
  switch (keyword) {
    case 'additionalProperties':
      return `\`${readable(`${instancePath}/${params['additionalProperty']}`)}\` is no setting`
    case 'required':
      return `\`${readable(`${instancePath}/${params['missingProperty']}`)}\` is missing`
    default: {
      const words = WORDS[keyword]?.(params) ?? `is not right (${keyword})`
      return `\`${path}\` ${words}; found ${found(at(data, instancePath), at(raw, instancePath), path)}`
    }
  }
}

const RANGES: Readonly<Record<string, string>> = {
  'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
  'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
  'webhook.timeout_seconds': '1 to 10 (seconds)',
}

/**
 * Ajv's errors as sentences, one each: the path in the file, what is allowed, what was found. The
 * keyword `if` only says that another error follows. Never shows a secret.
 */
export const faultSentences = (
  errors: readonly SchemaError[],
  data: unknown,
  raw: unknown,
): string[] =>
  errors
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => {
      const range = RANGES[readable(error.instancePath)]
      return oneLine(`${sentenceOf(error, data, raw)}${range ? `; allowed: ${range}` : ''}`, 400)
    })
