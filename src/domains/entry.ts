import { UNSAFE } from '../core/text.ts'
import { isLoopback } from './loopback.ts'

/** An entry of a list of domains, split but not yet checked. */
export interface Entry {
  readonly text: string
  /** In lower case, without `://`. Absent for a bare host. */
  readonly scheme?: string
  /** The part between the scheme and the first `/`, `\`, `?`, or `#`. */
  readonly authority: string
  readonly host: string
  /** The text after the host's colon, or `''` if nothing follows it. Absent without a colon. */
  readonly port?: string
  /** The index in `text` where the authority ends. */
  readonly end: number
}

const SCHEME = /^([a-z][a-z\d+.-]*):\/\//i

/** Splits an entry into its parts, verbatim. Never throws. */
export const splitEntry = (text: string): Entry => {
  const [prefix = '', scheme] = SCHEME.exec(text) ?? []
  const authorityLength = text.slice(prefix.length).search(/[/?#\\]/)
  const end = authorityLength < 0 ? text.length : prefix.length + authorityLength
  const authority = text.slice(prefix.length, end)
  const colon = authority.indexOf(':', authority.lastIndexOf(']') + 1)
  return {
    text,
    ...(scheme !== undefined && { scheme: scheme.toLowerCase() }),
    authority,
    host: colon < 0 ? authority : authority.slice(0, colon),
    ...(colon >= 0 && { port: authority.slice(colon + 1) }),
    end,
  }
}

/**
 * Parses an entry as a URL. A bare host gets `https://`, or `http://` on loopback, where development
 * servers have no certificate. Returns `undefined` if it is not a URL.
 */
export const entryUrl = ({ text, scheme }: Entry): URL | undefined => {
  if (scheme !== undefined) return URL.parse(text) ?? undefined
  const url = URL.parse(`https://${text}`)
  return url && isLoopback(url.hostname)
    ? (URL.parse(`http://${text}`) ?? undefined)
    : (url ?? undefined)
}

/** Matches `$NAME`, `${NAME}`, `$(command)`, `{{ name }}`, `{name}`, `%NAME%`, `#{name}`, `env(NAME)`, `<name>`. */
const TEMPLATE =
  /\$\{|\$\(|\$[a-z_]|\{\{|\}\}|%[a-z_][a-z\d_]*%|%!|#\{|\benv\(|<[a-z_][^>]*>|\{[\w.-]+\}/i

const EMPTY_VALUE_HINT = 'the value, probably a step output, was empty'

/** Far longer than any preview's URL. The limit keeps the regular expressions below fast. */
const MAX_ENTRY_LENGTH = 4096

const syntaxFault = ({ text, authority }: Entry): string | undefined => {
  if (text.length > MAX_ENTRY_LENGTH)
    return `it has ${text.length} characters, more than any preview's URL`
  const codePoint = text
    .replace(/[\t\n\r]/g, '')
    .match(UNSAFE)?.[0]
    .codePointAt(0)
  if (codePoint !== undefined) {
    const code = codePoint.toString(16).toUpperCase().padStart(4, '0')
    return `it contains the invisible character U+${code}; type the domain again`
  }
  if (/object Object/i.test(authority))
    return 'this is a JavaScript object printed as text. Output its URL instead'
  if (TEMPLATE.test(authority) || /^(\$|\{\{|#\{|%!)/.test(text))
    return 'it contains a template or variable that was not filled in. A workflow fills in only `${{ … }}`'
  if (/^(\{|\[(?![\da-f:.]+\]))/i.test(text) || /["'\]}]\s*[\]}]$/.test(text))
    return 'this is part of a JSON value. Pass one domain per line instead: `join(fromJSON(value))` converts an array'
  if (/^["'`<]|["'`>]$|^\(.*\)$/.test(text)) return 'remove the quotes or brackets around it'
  if (/\s/.test(text)) return 'it contains whitespace. Separate domains with commas or line breaks'
  return text.includes('\\') ? 'it contains a backslash. Use forward slashes' : undefined
}

const schemeFault = ({ text, scheme, authority }: Entry): string | undefined => {
  if (/^https?:?\/*https?(:|\/\/)|^[a-z]+:\/\/[a-z]+:\/\//i.test(text))
    return 'it has two schemes; a template added `https://` to a value that already had it'
  if (scheme === undefined && /^https?(:?\/|:(?!\d))/i.test(text))
    return 'the scheme is incomplete. Put https:// in front of the host'
  if (/^:?\/\//.test(text)) return 'the scheme is missing. Put https:// in front of the host'
  if (text.startsWith('/')) return 'this is a path without a host. Use the full URL'
  // `mailto:x` and `myapp:` are schemes; in `example.com:8443` the colon starts a port.
  if (scheme === undefined && /^[a-z][a-z\d+-]*:(?!\d*$)/i.test(authority))
    return 'only https:// origins can be trusted (and http:// on localhost)'
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http')
    return `${scheme}:// cannot be trusted, only https:// (and http:// on localhost)`
  return authority === ''
    ? `there is no host${scheme === undefined ? '' : ` after ${scheme}://`}; ${EMPTY_VALUE_HINT}`
    : undefined
}

const authorityFault = ({ authority, host, port }: Entry): string | undefined => {
  if (authority.includes('@'))
    return 'it contains a user name or password, which an origin never has'
  if (host === '') return `there is no host in front of the port; ${EMPTY_VALUE_HINT}`
  if (authority.includes('%')) return 'its host contains percent-encoded characters'
  if (port === undefined) return undefined
  if (port === '') return `nothing follows the colon after the host; ${EMPTY_VALUE_HINT}`
  if (!/^\d+$/.test(port)) return 'its port is not a number; the template value there may be wrong'
  const number = Number(port)
  return number < 1 || number > 65_535 ? 'its port is not between 1 and 65535' : undefined
}

/**
 * Returns why the text of an entry cannot be a domain, or `undefined` if it can. Typical causes are a
 * broken template, an empty step output, and a malformed URL. Never throws.
 */
export const textFault = (entry: Entry): string | undefined =>
  syntaxFault(entry) ?? schemeFault(entry) ?? authorityFault(entry)
