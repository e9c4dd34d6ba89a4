import { marked } from 'marked'

const TAGS = /<\/?([a-z0-9]+)[^>]*>/gi
/** The tags that our own Markdown uses. */
const OURS = new Set(
  'h3 h4 p table thead tbody tr th td code pre br ul ol li hr strong details summary'.split(' '),
)

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  commat: '@',
  num: '#',
}

/** Decodes numeric references and those in {@link NAMED}, each once. Leaves other named references as they are. */
const decoded = (html: string): string =>
  html.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,
    (reference, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? reference
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    },
  )

/** The parts of rendered Markdown through which an attacker could reach readers. */
export interface Rendered {
  /** What our own Markdown never uses, such as images, scripts, comments, and unexpected links. */
  readonly foreign: string[]
  /** Text that looks like a mention or an issue reference, outside code. */
  readonly pings: string[]
  /** The visible text. */
  readonly text: string
}

/**
 * Renders GitHub Flavored Markdown. Like GitHub, looks for mentions and references *after* entities are decoded.
 * `links` are the URLs that the page may link to.
 */
export const render = (markdown: string, links: readonly string[] = []): Rendered => {
  const withoutExpected = (link: string, address: string, text: string): string =>
    links.includes(address) ? text : link
  const html = marked
    .parse(markdown, { async: false, gfm: true })
    .replace(/<a href="([^"]*)">(.*?)<\/a>/gs, withoutExpected)
  const foreign = [...html.matchAll(TAGS)]
    .filter(([, tag = '']) => !OURS.has(tag.toLowerCase()))
    .map(([all]) => all)
  const comments = html.match(/<!/g) ?? []
  const plainParts = html.split(/<code[^>]*>.*?<\/code>|<[^>]*>/gs).map(decoded)
  const pings = plainParts.flatMap((part) => part.match(/@[a-z0-9][\w-]*|#\d+|\bGH-\d+/gi) ?? [])
  return { foreign: [...foreign, ...comments], pings, text: decoded(html.replace(TAGS, '')) }
}
