import { UnusableResponse } from './refusal.ts'

/** How many entries one page has: GitHub's most. */
export const PAGE_SIZE = 100

/** How many pages of one list are read: 5,000 entries. */
export const MOST_PAGES = 50

/** One page of a list, as Octokit returns it. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly headers: { readonly link?: string | undefined }
}

/** A page that really is a list. Throws {@link UnusableResponse}: anything else is not an empty one. */
export const checkPage = <T>(page: Page<T>): Page<T> => {
  if (Array.isArray(page.data)) return page
  throw new UnusableResponse('its response is not a list')
}

const isNext = (parameters: string): boolean => {
  const [, relations = ''] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? []
  return relations.toLowerCase().split(/\s+/).includes('next')
}

/**
 * The URL of the next page in a `Link` header (https://www.rfc-editor.org/rfc/rfc8288#section-3),
 * `undefined` on the last page. Throws {@link UnusableResponse} if it is on another origin than the
 * API: the token goes nowhere else.
 */
export const nextPage = (link: string | undefined, apiUrl: string): string | undefined => {
  const entries = [...(link ?? '').matchAll(/<([^>]*)>([^<]*)/g)]
  const [, target] = entries.find(([, , parameters = '']) => isNext(parameters)) ?? []
  if (target === undefined) return undefined
  if (!URL.canParse(target, apiUrl))
    throw new UnusableResponse('its link to the next page is no URL')
  const url = new URL(target, apiUrl)
  const { origin } = new URL(apiUrl)
  if (url.origin === origin) return url.href
  throw new UnusableResponse(
    `its next page is at ${url.origin}, and the token is sent to ${origin} only`,
  )
}
