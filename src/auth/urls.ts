import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { isLoopback } from '../domains/loopback.ts'

/** The URLs of a branch's auth service. */
export interface AuthUrls {
  readonly baseUrl: string
  readonly jwksUrl: string
}

/** Returns whether passwords may be sent to a URL: it uses HTTPS, or HTTP on a loopback host. */
const isUsableUrl = (text: string | undefined): text is string => {
  const url = text && !/\s/.test(text) && URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

/** Returns the URLs of an integration, or `undefined` if one of them is missing or unusable. */
export const urlsOf = ({
  base_url,
  jwks_url,
}: Partial<NeonAuthIntegration>): AuthUrls | undefined => {
  if (!isUsableUrl(base_url) || !isUsableUrl(jwks_url)) return undefined
  return { baseUrl: base_url, jwksUrl: jwks_url }
}
