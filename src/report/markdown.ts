import { oneLine } from '../text.ts'

/**
 * Any text as inert Markdown: every character that Markdown or HTML could read as more than a
 * character becomes a numeric entity, which CommonMark never takes as structure
 * (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
 */
export const plain = (text: string, limit = 300): string =>
  oneLine(text, limit).replace(
    /[^\p{L}\p{N} .,/-]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  )

/** Text as inline code, as inert as {@link plain} makes it. */
export const code = (text: string): string => `<code>${plain(text)}</code>`

/** A table of two columns without a heading row. Cells are Markdown already. */
export const facts = (rows: readonly (readonly [string, string])[]): string =>
  ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')

/** At most this many entries of a list are shown: a summary ends at 1 MiB. */
const LONGEST_LIST = 100

/** A bulleted list, cut where it would fill the page. Items are Markdown already. */
export const bullets = (items: readonly string[]): string => {
  const more = items.length - LONGEST_LIST
  const shown = items.slice(0, LONGEST_LIST).map((item) => `- ${item}`)
  return [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')
}
