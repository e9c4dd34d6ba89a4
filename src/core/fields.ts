/** A JSON object whose fields nobody has checked yet. */
export type Fields = Record<string, unknown>

/** Returns whether a value is a JSON object, not an array. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns the fields of a JSON object, or `{}` for any other value. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** Parses text as a JSON object. Returns `{}` if it is not one. Never throws. */
export const parseFields = (text: string): Fields => {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {}
  }
}
