import { bulletList, oneLine } from '../core/text.ts'

const encodeEntities = (text: string, limit: number): string =>
  oneLine(text, limit)
    .replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/(www)\./gi, '$1&#46;')

/**
 * Returns any text as Markdown that is inert within a line. Every character except letters, digits, spaces, and
 * `.,/-` becomes a numeric entity, which CommonMark never reads as structure. GitHub links `www.` before it decodes
 * entities, so that dot becomes an entity too. GitHub links `@somebody`, `#1`, and `GH-1` afterward, so an invisible
 * space splits them. https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
 */
export const escapeMarkdown = (text: string, limit = 300): string =>
  encodeEntities(text, limit).replace(/&#(?:64|35);|GH-(?=\d)/gi, '$&&#8203;')

/** Returns text as inert inline code. GitHub finds no mentions in code. */
export const code = (text: string): string => `<code>${encodeEntities(text, 300)}</code>`

/**
 * Returns a message of this action as inert Markdown, but with names in backticks, such as `on_close: keep`,
 * as code. Redacts secrets in the whole text first.
 */
export const prose = (text: string, limit = 1000): string =>
  oneLine(text, limit)
    .split(/`(\w[\w:. -]*)`/)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeMarkdown(part, limit + 1)))
    .join('')

/** Matches an https origin without wildcards, and without characters special to Markdown or HTML. */
const LINKABLE = /^https:\/\/[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?$/

/** Returns an origin as a link if it matches {@link LINKABLE}, and any other text as code. */
export const originLink = (origin: string): string => {
  const url = oneLine(origin, 300)
  return LINKABLE.test(url) ? `[${escapeMarkdown(url)}](${url})` : code(origin)
}

/**
 * Returns environment variables as a fenced block, which GitHub shows with a copy button. No value can end
 * the block, because every line starts with the name of a variable.
 */
export const environmentBlock = (variables: Readonly<Record<string, string>>): string =>
  [
    '```dotenv',
    ...Object.entries(variables).map(([name, value]) => `${name}=${oneLine(value, 2000)}`),
    '```',
  ].join('\n')

/**
 * Returns a folded table of names and values, which are HTML. A Markdown table would need a heading row. The table
 * has no empty lines, because `comment-marker.ts` splits long comments there.
 */
export const foldedFacts = (title: string, rows: readonly (readonly [string, string])[]): string =>
  [
    `<details><summary>${title}</summary><table>`,
    ...rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`),
    '</table></details>',
  ].join('\n')

/** The maximum number of items in a list. GitHub limits a job summary to 1 MiB. */
export const MAX_LIST_ITEMS = 100

/** Returns Markdown items as a bulleted list of at most `limit` items. */
export const bullets = (items: readonly string[], limit = MAX_LIST_ITEMS): string =>
  bulletList(items, limit)
