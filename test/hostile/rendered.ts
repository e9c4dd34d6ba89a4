import { marked } from 'marked'

const TAGS = /<\/?([a-z0-9]+)[^>]*>/g
/** The tags that our own Markdown uses. */
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

/** The parts of rendered Markdown through which an attacker could reach readers. */
export interface Rendered {
  /** What our own Markdown never uses, such as images, scripts, comments, and unexpected links. */
  readonly foreign: string[]
  /** The mentions and references that GitHub would find. Code has none. */
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
    .filter(([, tag = '']) => !OURS.has(tag))
    .map(([all]) => all)
  const comments = html.match(/<!/g) ?? []
  const plainParts = html.split(/<code[^>]*>.*?<\/code>|<[^>]*>/gs).map(decoded)
  const pings = plainParts.flatMap((part) => part.match(/@[a-z0-9][\w-]*|#\d+|\bGH-\d+/gi) ?? [])
  return { foreign: [...foreign, ...comments], pings, text: decoded(html.replace(TAGS, '')) }
}
