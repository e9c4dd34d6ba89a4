/** An error of Ajv (https://ajv.js.org/api.html#error-objects). */
export interface SchemaError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The keys of all settings that are whole numbers, at every level. */
export const numbers: readonly string[]

/** The keys of all settings that are booleans, at every level. */
export const booleans: readonly string[]

/** Returns whether `data` matches the schema. `errors` has the errors of the last call. */
export const validate: ((data: unknown) => boolean) & { errors: SchemaError[] | null }

/** The known keys of each level of the file: `''` for the top level, `email_provider`, `users[]`, … */
export const knownKeys: Readonly<Record<string, readonly string[]>>
