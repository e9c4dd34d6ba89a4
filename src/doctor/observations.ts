import type {
  NeonAuthIntegration,
  NeonAuthPluginConfigs,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import type { AuthUrls } from '../auth/urls.ts'
import type { FoundBranch } from '../neon/branches.ts'

/** Something that was read, or why it could not be. */
export type Reading<T> = { readonly value: T } | { readonly unread: string }

/** Returns what was read. `undefined` if it could not be read, or is not there. */
export const known = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading && 'value' in reading ? reading.value : undefined

/** What Neon says about a branch's auth. `undefined` means "not there". */
export interface BranchAuth {
  readonly integration: Reading<NeonAuthIntegration | undefined>
  /** The usable URLs of the integration. Absent if it has none. */
  readonly urls?: AuthUrls
  readonly domains: Reading<readonly string[] | undefined>
  readonly plugins: Reading<NeonAuthPluginConfigs | undefined>
  readonly webhook: Reading<NeonAuthWebhookConfig | undefined>
  readonly allowLocalhost: Reading<boolean | undefined>
}

/** How the auth service answers. */
export interface ServiceAnswers {
  /** Whether it is there, or its answer: `503`. */
  readonly alive: Reading<true>
  /** The number of keys in its key set. */
  readonly keys: Reading<number>
}

/** Whether browsers on an origin may sign in. */
export interface TrustObservation {
  readonly origin: string
  /** What the auth service says, or why its answer proves nothing. */
  readonly accepted: Reading<boolean>
}

/** The auth URLs that a page and its scripts contain. */
export interface AuthUrlsFound {
  /** URLs of auth services, each once. */
  readonly urls: readonly string[]
  /** Traces of a missing value, such as `https://undefined`. */
  readonly broken: readonly string[]
  /** A variable for the auth URL that has no value: `VITE_NEON_AUTH_URL`. */
  readonly unset?: string
}

/** A page that a preview serves. */
export interface PreviewPage {
  readonly found: AuthUrlsFound
  /** How many of its scripts were read, and how many there are. */
  readonly scripts: { readonly read: number; readonly all: number }
}

/** Whether the app passes auth requests on through its own origin, as Neon's SDK for Next.js does. */
export type AppProxy = 'none' | 'works' | { readonly fails: string }

/** Why a page could not be read, if that has a known cause. */
export type Obstacle = 'login' | 'redirect' | 'other'

/** What a preview looks like from outside. */
export interface PreviewObservation {
  readonly origin: string
  /** Other origins that it redirects to, in order. */
  readonly redirects: readonly string[]
  readonly page:
    | { readonly value: PreviewPage }
    | { readonly unread: string; readonly obstacle: Obstacle }
  readonly proxy: AppProxy
  /** Whether browsers treat the auth service as another site. */
  readonly isCrossSite: boolean
}

/** Everything that the doctor has read. */
export interface Observations {
  readonly branch: FoundBranch
  readonly auth: BranchAuth
  /** The auth of the branch that this one was made from. Absent without a parent. */
  readonly parent?: BranchAuth
  /** Absent if there are no URLs. */
  readonly service?: ServiceAnswers
  readonly trust: readonly TrustObservation[]
  readonly previews: readonly PreviewObservation[]
  /** One sentence for each entry of `trusted_domains` that cannot be used. */
  readonly unusableDomains: readonly string[]
  /** One sentence for each list of previews that could not be read. */
  readonly unreadPreviews: readonly string[]
}
