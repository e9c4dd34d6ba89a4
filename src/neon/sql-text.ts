/** Quotes a name for a statement, so that any text is one name. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Quotes a text for a statement, so that any text is one literal, whatever
 * `standard_conforming_strings` says
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE).
 */
export const quoteText = (text: string): string =>
  `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** Wraps PL/pgSQL in one statement, which Postgres runs whole or not at all. */
export const doBlock = (body: string): string => `DO ${quoteText(body)}`
