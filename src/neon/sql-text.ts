/** Quotes any text as an SQL name. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Quotes any text as an SQL string. Works with either value of `standard_conforming_strings`
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE).
 */
export const quoteText = (text: string): string =>
  `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** Wraps PL/pgSQL in one atomic statement. */
export const doBlock = (body: string): string => `DO ${quoteText(body)}`
