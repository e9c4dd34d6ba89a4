/** One fault, as Ajv tells it (https://ajv.js.org/api.html#error-objects). */
export interface SchemaError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The names of all settings that are whole numbers, wherever in the file they stand. */
export const numbers: readonly string[]

/** The names of all settings that are true or false. */
export const booleans: readonly string[]

/** Whether `data` fits the schema; `errors` holds the faults of the last call. */
export const validate: ((data: unknown) => boolean) & { errors: SchemaError[] | null }

/** The known keys of each level of the file: `''` for the top one, `email_provider`, `users[]`, … */
export const knownKeys: Readonly<Record<string, readonly string[]>>
