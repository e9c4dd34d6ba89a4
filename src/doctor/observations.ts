import type {
  NeonAuthIntegration,
  NeonAuthPluginConfigs,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import type { AuthUrls } from '../auth/urls.ts'
import type { FoundBranch } from '../neon/branches.ts'

/** The result of a read: the value, or why it could not be read. */
export type Reading<T> = { readonly value: T } | { readonly failure: string }

/** Returns the value of a reading, or `undefined` if the read failed or the value does not exist. */
export const knownValue = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading && 'value' in reading ? reading.value : undefined

/** A branch's auth according to Neon. The value `undefined` means that Neon has none. */
export interface BranchAuth {
  readonly integration: Reading<NeonAuthIntegration | undefined>
  /** The usable URLs of the integration. Absent if it has none. */
  readonly urls?: AuthUrls
  readonly domains: Reading<readonly string[] | undefined>
  readonly plugins: Reading<NeonAuthPluginConfigs | undefined>
  readonly webhook: Reading<NeonAuthWebhookConfig | undefined>
  readonly allowLocalhost: Reading<boolean | undefined>
}

/** The responses of the auth service. */
export interface ServiceObservation {
  /** `true` if it responds as expected, otherwise its response or the network error. */
  readonly alive: Reading<true>
  /** The number of keys in its key set. */
  readonly keys: Reading<number>
}

/** Whether the auth service trusts an origin. */
export interface TrustObservation {
  readonly origin: string
  /** Whether it accepts the origin, or why its response proves nothing. */
  readonly accepted: Reading<boolean>
}

/** The auth URLs that a page and its scripts contain. */
export interface AuthUrlsFound {
  /** URLs of auth services, each once. */
  readonly urls: readonly string[]
  /** URLs that show a missing value, such as `https://undefined`. */
  readonly broken: readonly string[]
  /** A variable for the auth URL without a value, such as `VITE_NEON_AUTH_URL`. */
  readonly unset?: string
}

/** A page that a preview serves. */
export interface PreviewPage {
  readonly found: AuthUrlsFound
  /** The number of its scripts on its own origin, and how many of them were read. */
  readonly scripts: { readonly read: number; readonly all: number }
}

/** Whether the app proxies auth requests through its own origin, as Neon's SDK for Next.js does. */
export type AppProxy = 'none' | 'works' | { readonly fails: string }

/** The kind of obstacle that kept the doctor from reading a page. */
export type Obstacle = 'login' | 'redirect' | 'other'

/** A preview as a browser without cookies sees it. */
export interface PreviewObservation {
  readonly origin: string
  /** The other origins that it redirects to, in order, except a login page's. */
  readonly redirects: readonly string[]
  readonly page:
    | { readonly value: PreviewPage }
    | { readonly failure: string; readonly obstacle: Obstacle }
  readonly proxy: AppProxy
  /** Whether browsers treat the auth service as another site. */
  readonly isCrossSite: boolean
}

/** Everything that the doctor read. */
export interface Observations {
  readonly branch: FoundBranch
  readonly auth: BranchAuth
  /** The auth of the parent branch. Absent if there is none. */
  readonly parent?: BranchAuth
  /** Absent if the branch has no auth URLs. */
  readonly service?: ServiceObservation
  readonly trust: readonly TrustObservation[]
  readonly previews: readonly PreviewObservation[]
  /** Why entries of `trusted_domains` cannot be used: one message for each. */
  readonly unusableDomains: readonly string[]
  /** Why lists of previews could not be read: one message for each. */
  readonly unreadPreviews: readonly string[]
}
