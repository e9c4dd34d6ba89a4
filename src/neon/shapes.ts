import { type RequestName, UnexpectedAnswerError } from './errors.ts'

type Fields = Record<string, unknown>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `value` as a JSON object. Throws {@link UnexpectedAnswerError} when it is none. */
export const expectRecord = (request: RequestName, value: unknown, name: string): Fields => {
  if (isRecord(value)) return value
  throw new UnexpectedAnswerError(request, `${name} is not a JSON object`)
}

/** The field as an array of objects. Throws {@link UnexpectedAnswerError} when it is none. */
export const expectArray = (request: RequestName, fields: Fields, name: string): Fields[] => {
  const value = fields[name]
  if (Array.isArray(value) && value.every(isRecord)) return value
  throw new UnexpectedAnswerError(request, `\`${name}\` is not a list of objects`)
}

/** The field as a text that is not empty. Throws {@link UnexpectedAnswerError} when it is none. */
export const expectText = (request: RequestName, fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new UnexpectedAnswerError(request, `\`${name}\` is missing`)
}

/** The field as `true` or `false`. Throws {@link UnexpectedAnswerError} when it is neither. */
export const expectBoolean = (request: RequestName, fields: Fields, name: string): boolean => {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  throw new UnexpectedAnswerError(request, `\`${name}\` is neither true nor false`)
}

/** The field as an absolute URL. Throws {@link UnexpectedAnswerError} when it is none. */
export const expectUrl = (request: RequestName, fields: Fields, name: string): string => {
  const value = expectText(request, fields, name)
  if (URL.canParse(value)) return value
  throw new UnexpectedAnswerError(request, `\`${name}\` is not a URL`)
}
