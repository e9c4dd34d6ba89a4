import { UnusableResponseError } from './errors.ts'

/** The number of entries per page: GitHub's maximum. */
export const PAGE_SIZE = 100

/** One page of a list, as Octokit returns it. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly headers: { readonly link?: string | undefined }
}

/** Returns the page unchanged. Throws {@link UnusableResponseError} if it is not a list. */
export const checkPage = <T>(page: Page<T>): Page<T> => {
  if (Array.isArray(page.data)) return page
  throw new UnusableResponseError('its response is not a list')
}

const isNext = (parameters: string): boolean => {
  const [, relations = ''] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? []
  return relations.toLowerCase().split(/\s+/).includes('next')
}

/**
 * Returns the URL of the next page in a `Link` header (https://www.rfc-editor.org/rfc/rfc8288#section-3), or
 * `undefined` on the last page. Throws {@link UnusableResponseError} if the URL is on another origin than the API,
 * because the token must not be sent there.
 */
export const nextPage = (link: string | undefined, apiUrl: string): string | undefined => {
  const entries = [...(link ?? '').matchAll(/<([^>]*)>([^<]*)/g)]
  const [, target] = entries.find(([, , parameters = '']) => isNext(parameters)) ?? []
  if (target === undefined) return undefined
  if (!URL.canParse(target, apiUrl))
    throw new UnusableResponseError('its link to the next page is not a URL')
  const url = new URL(target, apiUrl)
  const { origin } = new URL(apiUrl)
  if (url.origin === origin) return url.href
  throw new UnusableResponseError(
    `its next page is at ${url.origin}, and the token is sent to ${origin} only`,
  )
}
