import { marked } from 'marked'

const TAGS = /<\/?([a-z0-9]+)[^>]*>/g
/** What our own Markdown is made of. */
const OURS = new Set(
  'h3 h4 p table thead tbody tr th td code pre br ul ol li hr strong details summary'.split(' '),
)

const decoded = (html: string): string =>
  html
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replace(
      /&(lt|gt|quot|amp);/g,
      (_, name: string) => ({ lt: '<', gt: '>', quot: '"' })[name] ?? '&',
    )

/** Markdown as GitHub would show it, as far as it matters to what somebody may smuggle in. */
export interface Rendered {
  /** Tags that our own Markdown never makes: images, scripts, comments, and links that are not expected. */
  readonly foreign: string[]
  /** Whom and what GitHub would notify or refer to: it looks into text, code aside. */
  readonly pings: string[]
  /** The text that is seen. */
  readonly text: string
}

/**
 * Renders Markdown with GitHub's extensions. Mentions and references are looked for as GitHub does,
 * in the text *after* entities became characters. `links` are the addresses that the page may link.
 */
export const rendered = (markdown: string, links: readonly string[] = []): Rendered => {
  const withoutExpected = (link: string, address: string, text: string): string =>
    links.includes(address) ? text : link
  const html = marked
    .parse(markdown, { async: false, gfm: true })
    .replace(/<a href="([^"]*)">(.*?)<\/a>/gs, withoutExpected)
  const foreign = [...html.matchAll(TAGS)]
    .filter(([, tag = '']) => !OURS.has(tag))
    .map(([all]) => all)
  const comments = html.match(/<!/g) ?? []
  const plainParts = html.split(/<code[^>]*>.*?<\/code>|<[^>]*>/gs).map(decoded)
  const pings = plainParts.flatMap((part) => part.match(/@[a-z0-9][\w-]*|#\d+|\bGH-\d+/gi) ?? [])
  return { foreign: [...foreign, ...comments], pings, text: decoded(html.replace(TAGS, '')) }
}
