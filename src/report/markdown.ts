import { bulletList, oneLine } from '../core/text.ts'

const entities = (text: string, limit: number): string =>
  oneLine(text, limit)
    .replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/(www)\./gi, '$1&#46;')

/**
 * Any text as inert Markdown: every character that Markdown or HTML could read as more than a
 * character becomes a numeric entity, which CommonMark never takes as structure
 * (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). GitHub looks for
 * `@somebody`, `#1` and `GH-1` after that, so an invisible space parts those, and for `www.` before.
 */
export const plain = (text: string, limit = 300): string =>
  entities(text, limit).replace(/&#(?:64|35);|GH-(?=\d)/gi, '$&&#8203;')

/** Text as inline code, as inert as {@link plain} makes it; GitHub looks for nobody in there. */
export const code = (text: string): string => `<code>${entities(text, 300)}</code>`

/** A table of two columns, in HTML, as one in Markdown has a heading row. Cells are HTML already. */
export const facts = (rows: readonly (readonly [string, string])[]): string =>
  [
    '<table>',
    ...rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`),
    '</table>',
  ].join('\n')

/** BranchPath most this many entries of a list are shown: a summary ends at 1 MiB. */
const LONGEST_LIST = 100

/** A bulleted list, cut where it would fill the page. Items are Markdown already. */
export const bullets = (items: readonly string[]): string => bulletList(items, LONGEST_LIST)
