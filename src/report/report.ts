import type { NeonAuthIntegration } from '@neon/sdk/raw'
import type { SkippedReason } from '../action/skipped-reason.ts'
import type { OauthCheck } from '../auth/oauth-preflight.ts'
import type { Change } from '../auth/plan.ts'
import type { Proof } from '../auth/verify.ts'
import { callbackUrl } from '../auth-service/client.ts'
import type { Diagnosis } from '../doctor/finding.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'
import type { ActionTaken } from './action-taken.ts'

/** The result of a run: the source of the outputs, the summary, the comment, and the last log line. */
export interface Report {
  readonly action: ActionTaken
  /** The changes that the run made, or would make if `action` is `planned`. */
  readonly changes: readonly Change[]
  readonly branch?: FoundBranch
  readonly skipped?: { readonly reason: SkippedReason; readonly why: string }
  /** The branch's auth. Absent if auth is off or not usable, and in runs that close, sweep, or skip. */
  readonly auth?: {
    readonly integration: NeonAuthIntegration
    readonly baseUrl: string
    readonly jwksUrl: string
    /** The IDs of the configured OAuth providers. */
    readonly oauthProviders: readonly string[]
    /** The IDs of the providers with the project's own OAuth app, where the callback URL must be registered. */
    readonly ownOauthProviders: readonly string[]
  }
  /** The domains trusted at the end of the run, as Neon lists them. */
  readonly trustedDomains?: readonly string[]
  /** The domains that this run was asked to trust. Absent in runs that trust none, such as `status`. */
  readonly requestedDomains?: readonly string[]
  /** What verification proved. Absent if the run did not verify. */
  readonly proof?: Proof
  /** Which OAuth providers can work from the preview. Absent without `oauth_preflight`. */
  readonly oauth?: readonly OauthCheck[]
  /** The session that this run opened for end-to-end tests: its user, and the file with its cookies. */
  readonly session?: { readonly user: string; readonly storageState: string }
  /** What `mode: doctor` found. Absent in other runs. */
  readonly diagnosis?: Diagnosis
  /** The response that enabled auth, if this run did. Only this response contains the keys. */
  readonly created?: CreatedAuth
  /** Anything else to know or do, in full sentences. */
  readonly note?: string
}

/** Returns `changes` with each change of a sweep in place of its wrapper. */
const unwrapSweeps = (changes: readonly Change[]): Change[] =>
  changes.map((change) => (change.change === 'sweep_branch' ? change.made : change))

/** Returns the domains that `changes` trust, without duplicates. */
export const addedDomains = (changes: readonly Change[]): string[] => [
  ...new Set(
    unwrapSweeps(changes).flatMap((change) =>
      change.change === 'trust_domain' ? [change.domain] : [],
    ),
  ),
]

/** Returns the domains that `changes` remove, without duplicates. */
export const removedDomains = (changes: readonly Change[]): string[] => [
  ...new Set(
    unwrapSweeps(changes).flatMap((change) =>
      change.change === 'untrust_domains' ? change.domains : [],
    ),
  ),
]

/** Returns email → ID for the users that `changes` created. Omits users whose ID Neon did not return. */
export const createdUsers = (changes: readonly Change[]): Record<string, string> =>
  Object.fromEntries(
    changes.flatMap((change) =>
      change.change === 'create_user' && change.id !== undefined ? [[change.email, change.id]] : [],
    ),
  )

/** Returns provider ID → callback URL for every configured OAuth provider. Empty if the report has no auth. */
export const callbackUrls = ({ auth }: Report): Record<string, string> =>
  auth
    ? Object.fromEntries(auth.oauthProviders.map((id) => [id, callbackUrl(auth.baseUrl, id)]))
    : {}
