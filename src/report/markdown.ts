import { bulletList, oneLine } from '../core/text.ts'

const entities = (text: string, limit: number): string =>
  oneLine(text, limit)
    .replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/(www)\./gi, '$1&#46;')

/**
 * Returns any text as inert Markdown: every character that Markdown or HTML could read as more than a
 * character becomes a numeric entity, which CommonMark never takes as structure
 * (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). GitHub looks for
 * `@somebody`, `#1` and `GH-1` after that, so an invisible space parts those, and for `www.` before.
 */
export const plain = (text: string, limit = 300): string =>
  entities(text, limit).replace(/&#(?:64|35);|GH-(?=\d)/gi, '$&&#8203;')

/** Returns text as inline code, as inert as {@link plain} makes it. GitHub finds no mentions in code. */
export const code = (text: string): string => `<code>${entities(text, 300)}</code>`

/**
 * Returns a message of this action as Markdown, as inert as {@link plain} makes it, except that names in
 * backticks, such as `on_close: keep`, are shown as code. Secrets are redacted in the whole text first.
 */
export const prose = (text: string, limit = 1000): string =>
  oneLine(text, limit)
    .split(/`(\w[\w:. -]*)`/)
    .map((part, index) => (index % 2 === 1 ? code(part) : plain(part, limit + 1)))
    .join('')

/** One https origin without anything that Markdown, HTML, or a wildcard could be made of. */
const LINKABLE = /^https:\/\/[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?$/

/** Returns an https origin as a link, and any other text as code. */
export const originLink = (origin: string): string => {
  const shown = oneLine(origin, 300)
  return LINKABLE.test(shown) ? `[${plain(shown)}](${shown})` : code(origin)
}

/**
 * Returns environment variables as a fenced block, which GitHub shows with a button to copy it. Nothing
 * in a value can end the block: every line starts with the name of a variable.
 */
export const environmentBlock = (variables: Readonly<Record<string, string>>): string =>
  [
    '```dotenv',
    ...Object.entries(variables).map(([name, value]) => `${name}=${oneLine(value, 2000)}`),
    '```',
  ].join('\n')

/** Returns a table of two columns in HTML, because a Markdown table has a heading row. Cells are HTML. */
export const facts = (rows: readonly (readonly [string, string])[]): string =>
  [
    '<table>',
    ...rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`),
    '</table>',
  ].join('\n')

/** Returns a folded {@link facts} table. One block without an empty line, so it is shortened as one. */
export const foldedFacts = (title: string, rows: readonly (readonly [string, string])[]): string =>
  `<details><summary>${title}</summary>${facts(rows)}</details>`

/** Lists longer than this are cut: a job summary ends at 1 MiB. */
export const LONGEST_LIST = 100

/** Returns a bulleted list, cut where it would fill the page. Items are Markdown already. */
export const bullets = (items: readonly string[], most = LONGEST_LIST): string =>
  bulletList(items, most)
