import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'
import { Problem } from '../core/problem.ts'
import type { Source } from './read-source.ts'

/** YAML 1.2 has no merge keys (`<<`), but people know them from YAML 1.1. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/**
 * Replacements for the parser's messages. Some messages quote an alias, tag, or character, which may be part of
 * an unquoted secret (`password: *Tr0ub4dor`).
 */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /unidentified alias/,
    'a `*` refers to an anchor that does not exist; quote a value that starts with `*`',
  ],
  [
    /alias|anchor/,
    'an anchor (`&`) or alias (`*`) is incomplete; quote a value that starts with `&` or `*`',
  ],
  [/merge/, '`<<` takes a mapping or a list of mappings'],
  [/duplicated mapping key/, 'a key is duplicated in one mapping'],
  [/complex keys/, 'a mapping is used as a key; quote a value that starts with `{`'],
  [/directive|%/i, 'a line starts with `%`; quote it'],
  [/tag|!</, 'a tag is unknown or malformed; quote a value that starts with `!`'],
  [/the input is empty/, 'it is empty'],
  [/single document/, 'it must be a single document; `---` starts another one'],
  [/null byte/, 'it contains a null byte'],
  [/non-printable|JSON character/, 'it contains a control character'],
  [/maxDepth/, 'it is nested too deeply'],
  [/tab characters/, 'a line is indented with a tab; use spaces'],
  [/quoted scalar/, 'a quote is not closed'],
  [
    /escape sequence|hexadecimal/,
    'a `\\` in double quotes starts an unknown escape; use single quotes',
  ],
  [
    /missed comma/,
    'a comma is missing between two entries in `{ }` or `[ ]`; quote values with special characters',
  ],
  [/flow collection/, 'a `{` or `[` is not closed'],
  [/node content/, 'a comma has no value before it'],
  [
    /indentation|block scalar|line break is expected|deficient/,
    'the indentation is wrong, or a value with special characters (`: `, `%`, `@`, a quote) is not quoted',
  ],
  [/':' after a mapping key|whitespace character|implicit key/, 'a line is not `key: value`'],
  [
    /end of the stream/,
    'there is text after the end of the settings: a list and a mapping are mixed, or the indentation is wrong',
  ],
]

const QUOTE_IT = 'quote `${NAME}`: `"${NAME}"`'

interface Mark {
  readonly line: number
  readonly column: number
}

/**
 * Returns whether an error most likely comes from an unquoted `${NAME}` inside `{ }` or `[ ]`, where `{` starts a
 * mapping.
 */
const isUnquotedVariable = (reason: string, text: string, mark: Mark | undefined): boolean =>
  /missed comma/.test(reason) && (text.split(/\r\n?|\n/)[mark?.line ?? 0] ?? '').includes('${')

const formatPosition = ({ line, column }: Mark): string =>
  ` (line ${line + 1}, column ${column + 1})`

const yamlReason = (error: unknown, text: string): string => {
  const { reason = '', mark } = error as { reason?: string; mark?: Mark }
  const explanation = isUnquotedVariable(reason, text, mark)
    ? `inside \`{ }\` and \`[ ]\`, ${QUOTE_IT}`
    : (REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'it cannot be read')
  return `${explanation}${mark ? formatPosition(mark) : ''}`
}

const markAt = (text: string, position: number): Mark => {
  const before = text.slice(0, position)
  return { line: before.split('\n').length - 1, column: position - before.lastIndexOf('\n') - 1 }
}

/** Matches strings, which are skipped, and common mistakes in JSON. */
const JSON_MISTAKES = /"(?:[^"\\]|\\[\s\S])*"|(\/\/|\/\*|#)|(,)\s*[}\]]|(')|(\$\{)/g

const jsonReason = (error: unknown, text: string): string => {
  for (const { index, 1: comment, 2: comma, 3: quote, 4: variable } of text.matchAll(
    JSON_MISTAKES,
  )) {
    const place = formatPosition(markAt(text, index))
    if (comment) return `JSON has no comments${place}; delete it, or rename the file to .yml`
    if (comma) return `JSON has no trailing commas${place}; delete the comma before the bracket`
    if (quote) return `JSON strings are in double quotes${place}`
    if (variable) return `${QUOTE_IT}${place}`
  }
  // Uses only the position, because the rest of the message may quote the text.
  const position = / position (\d+)/.exec((error as Error).message)?.[1]
  const place = position === undefined ? '' : formatPosition(markAt(text, Number(position)))
  return `a bracket, comma, colon, or quote is missing or misplaced${place}`
}

const syntaxProblem = (source: Source, language: string, reason: string): Problem =>
  // Omits `cause`, because the parser's error quotes the lines around the fault.
  new Problem({
    what: `${source.label} is not ${language}: ${reason}.`,
    fix: `correct the ${language}; nothing was changed in Neon`,
  })

const parseJson = (source: Source): unknown => {
  try {
    return JSON.parse(source.text)
  } catch (error) {
    throw syntaxProblem(source, 'JSON', jsonReason(error, source.text))
  }
}

/**
 * Parses the settings: YAML with merge keys, or JSON if they are in a `.json` file. Throws {@link Problem} for a
 * syntax error, with the line and column if the parser reports them, without quoting the text.
 */
export const parseSettings = (source: Source): unknown => {
  const json = source.isJson ? parseJson(source) : undefined
  try {
    const yaml = load(source.text, { schema: SCHEMA })
    return source.isJson ? json : yaml
  } catch (error) {
    // JSON.parse accepts duplicate keys. For all other faults of JSON, its errors lead to better messages.
    const isDuplicateKey = /duplicated/.test((error as { reason?: string }).reason ?? '')
    const isJson = source.isJson || /^\s*\{\s*"/.test(source.text)
    if (isJson && !isDuplicateKey) return parseJson(source)
    throw syntaxProblem(source, isJson ? 'JSON' : 'YAML', yamlReason(error, source.text))
  }
}
