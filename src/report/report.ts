import type { NeonAuthIntegration } from '@neon/sdk/raw'
import type { SkippedReason } from '../action/intent.ts'
import type { Change } from '../auth/plan.ts'
import type { Proof } from '../auth/verify.ts'
import type { Diagnosis } from '../doctor/finding.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'

/** The values of the `action_taken` output. */
export const ACTIONS_TAKEN = [
  'enabled',
  'updated',
  'unchanged',
  'disabled',
  'untrusted',
  'kept',
  'already_gone',
  'skipped',
  'planned',
  'swept',
  'status',
] as const

export type ActionTaken = (typeof ACTIONS_TAKEN)[number]

/** How a run ended: what outputs, summary and log are made of. */
export interface Report {
  readonly action: ActionTaken
  /** The changes made, or planned where `action` is `planned`. */
  readonly changes: readonly Change[]
  readonly branch?: FoundBranch
  readonly skipped?: { readonly reason: SkippedReason; readonly why: string }
  /** Present where auth is on at the end. */
  readonly auth?: {
    readonly integration: NeonAuthIntegration
    readonly baseUrl: string
    readonly jwksUrl: string
    /** The OAuth providers configured, by id. */
    readonly oauthProviders: readonly string[]
    /** Those of them with credentials of the user's own, whose callback URL has to be registered. */
    readonly ownOauthProviders: readonly string[]
  }
  /** The domains trusted at the end, as Neon lists them. */
  readonly trustedDomains?: readonly string[]
  /** Those that this run was asked to trust. Absent: it was not asked about domains, as in `status`. */
  readonly requestedDomains?: readonly string[]
  /** What the auth service has proven. Absent: it was not asked. */
  readonly proof?: Proof
  /** What the doctor found. Only with `mode: doctor`. */
  readonly diagnosis?: Diagnosis
  /** Only where this run enabled auth: the one answer that holds the keys. */
  readonly created?: CreatedAuth
  /** A sentence for the reader on what is left to know or do. */
  readonly note?: string
}

/** The changes as they were made to each branch: a sweep wraps them. */
const made = (changes: readonly Change[]): Change[] =>
  changes.map((change) => (change.change === 'sweep_branch' ? change.made : change))

/** The domains that `changes` newly trust, each once. */
export const domainsAdded = (changes: readonly Change[]): string[] => [
  ...new Set(
    made(changes).flatMap((change) => (change.change === 'trust_domain' ? [change.domain] : [])),
  ),
]

/** The domains that `changes` no longer trust, each once. */
export const domainsRemoved = (changes: readonly Change[]): string[] => [
  ...new Set(
    made(changes).flatMap((change) => (change.change === 'untrust_domains' ? change.domains : [])),
  ),
]

/** Email → id of the users that `changes` made, as far as Neon told their ids. */
export const usersCreated = (changes: readonly Change[]): Record<string, string> =>
  Object.fromEntries(
    changes.flatMap((change) =>
      change.change === 'create_user' && change.id !== undefined ? [[change.email, change.id]] : [],
    ),
  )

/** Provider id → the URL that has to be registered with that OAuth provider. */
export const callbackUrls = ({ auth }: Pick<Report, 'auth'>): Record<string, string> =>
  Object.fromEntries(
    (auth?.oauthProviders ?? []).map((id) => [id, `${auth?.baseUrl}/callback/${id}`]),
  )
