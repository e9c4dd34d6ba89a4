/** A cookie that a response sets. */
export interface SetCookie {
  readonly name: string
  /** Verbatim: percent-encoded values stay encoded. */
  readonly value: string
  readonly path: string
  /** Unix time in seconds. Absent for a session cookie. */
  readonly expires?: number
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'Strict' | 'Lax' | 'None'
  readonly partitioned: boolean
}

const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' } as const

const sameSiteOf = (text = ''): SetCookie['sameSite'] =>
  SAME_SITE[text.toLowerCase() as keyof typeof SAME_SITE] ?? 'Lax'

/** Returns when a cookie expires, in Unix seconds, or `undefined`. `Max-Age` overrides `Expires`. */
const expiryOf = (attributes: ReadonlyMap<string, string>, now: number): number | undefined => {
  const age = attributes.get('max-age') ?? ''
  if (/^-?\d+$/.test(age)) return Math.floor(now / 1000) + Number(age)
  const date = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(date) ? undefined : Math.floor(date / 1000)
}

/**
 * Returns the cookie that a `Set-Cookie` header sets, or `undefined` if it sets none or deletes one
 * (https://httpwg.org/specs/rfc6265.html#set-cookie). An empty value counts as a deletion. Ignores `Domain`, as if
 * the cookie were only for the host that set it. The default path is `/`.
 */
export const parseSetCookie = (header: string, now = Date.now()): SetCookie | undefined => {
  const [pair = '', ...attributeParts] = header.split(';').map((part) => part.trim())
  const separator = pair.indexOf('=')
  if (separator < 1) return undefined
  const attributes = new Map(
    attributeParts.map((part) => {
      const [name = '', ...valueParts] = part.split('=')
      return [name.trim().toLowerCase(), valueParts.join('=').trim()] as const
    }),
  )
  const expires = expiryOf(attributes, now)
  const value = pair.slice(separator + 1).trim()
  if (value === '' || (expires !== undefined && expires * 1000 <= now)) return undefined
  return {
    name: pair.slice(0, separator).trim(),
    value,
    path: attributes.get('path') || '/',
    ...(expires !== undefined && { expires }),
    httpOnly: attributes.has('httponly'),
    secure: attributes.has('secure'),
    sameSite: sameSiteOf(attributes.get('samesite')),
    partitioned: attributes.has('partitioned'),
  }
}

/** Returns the cookies that `Set-Cookie` headers set. Omits those that the headers delete. */
export const cookiesOf = (headers: readonly string[]): SetCookie[] =>
  headers.flatMap((header) => parseSetCookie(header) ?? [])
