import { type Wording, wording } from '../core/wording.ts'
import { listsOrigin, originOf } from '../domains/origin.ts'
import {
  isSettingsChange,
  type SettingsChange,
  settingsWording,
  withoutSecrets,
} from '../settings/changes.ts'
import { planSettings, type WriteOnlyPolicy } from '../settings/plan-settings.ts'
import {
  type Settings,
  type StoredSettings,
  withIsolation,
  withSharedOauth,
} from '../settings/settings.ts'
import { type UserChange, userWording } from '../settings/users.ts'

/** The auth that a run wants on a branch. */
export interface Desired {
  /** The database for the `neon_auth` schema. Default: the project's default database. */
  readonly database?: string
  /** Normalized origins. */
  readonly trustedDomains: readonly string[]
  /** Remove every trusted domain that is not in `trustedDomains`. */
  readonly pruneDomains: boolean
  /** If absent, unchanged. */
  readonly allowLocalhost?: boolean
  /** Domains that earlier runs of this pull request trusted. Removed unless `trustedDomains` has them. */
  readonly formerDomains?: readonly string[]
  /** Remove no domain, because `trustedDomains` may be incomplete. */
  readonly keepDomains?: boolean
  readonly settings?: Settings
  /** Cut the branch off from inherited domains and settings. `settings` takes precedence. */
  readonly isolate?: boolean
  /** Switch inherited OAuth providers to Neon's shared app. `settings` takes precedence. */
  readonly sharedOauth?: boolean
  /** Send secrets again, because Neon never returns them to compare. */
  readonly resendSecrets?: boolean
  /** Treat values that Neon does not return as stored, because this run has already sent them. */
  readonly writeOnlySent?: boolean
  /** Auth data to restore, newest first. */
  readonly restore?: readonly RestoreAuthData[]
  /** The names of the settings that come only from before the close. */
  readonly restoredSettings?: readonly string[]
}

/** A change that restores the auth data in a schema that was moved aside. */
export interface RestoreAuthData {
  readonly change: 'restore_auth_data'
  readonly schema: string
  readonly database: string
  readonly users: number
  /** The total number of rows, users included. */
  readonly rows: number
}

/** The auth that a closing run wants on a branch. */
export interface DesiredClose {
  readonly onClose: 'disable' | 'untrust'
  readonly deleteData: boolean
  /** The domains of this pull request, for `untrust`. */
  readonly trustedDomains: readonly string[]
}

/** The part of a branch's auth that a plan depends on. */
export type AuthState =
  | { readonly auth: 'off' }
  | {
      readonly auth: 'on'
      /** The trusted domains, exactly as Neon stores them. */
      readonly trustedDomains: readonly string[]
      /** The domains that the parent branch trusts. Read only for `isolate`. */
      readonly inheritedDomains?: readonly string[]
      /** Absent if the run does not change it. */
      readonly allowLocalhost?: boolean
      /** Absent if it could not be read and the run does not change it. */
      readonly settings?: StoredSettings
    }

/** A write that {@link planEnable} or {@link planClose} can plan. */
export type PlannedChange =
  | { readonly change: 'enable_auth'; readonly database?: string }
  | RestoreAuthData
  | { readonly change: 'set_allow_localhost'; readonly allow: boolean }
  | { readonly change: 'trust_domain'; readonly domain: string }
  | { readonly change: 'untrust_domains'; readonly domains: readonly string[] }
  | { readonly change: 'disable_auth'; readonly deleteData: boolean }
  | SettingsChange

/** A write that {@link planEnable} and {@link planClose} never plan. The code that applies it records it. */
type RecordedChange =
  | { readonly change: 'delete_orphan_schema'; readonly database?: string }
  | {
      readonly change: 'move_auth_data_aside' | 'move_auth_data_back'
      /** The schema's name while it is moved. */
      readonly schema: string
      readonly database?: string
    }
  | UserChange
  | {
      readonly change: 'sweep_branch'
      readonly branch: string
      readonly branch_id: string
      readonly made: Change
    }

/** A write to Neon. */
export type Change = PlannedChange | RecordedChange

/**
 * The state of Neon Auth right after it was enabled: localhost allowed, no domains, no webhook, and Neon's
 * own mail server (https://neon.com/docs/auth/guides/configure-domains). If the real state differs,
 * reading it back corrects the plan.
 */
const FRESHLY_ENABLED: AuthState & { auth: 'on' } = {
  auth: 'on',
  trustedDomains: [],
  allowLocalhost: true,
  settings: { plugins: {}, webhook: { enabled: false } },
}

/** Returns the desired settings: those in the file, and those that `isolate` and `oauth` add for `stored`. */
export const desiredSettings = (
  { settings, isolate, sharedOauth }: Desired,
  stored?: StoredSettings,
): Settings | undefined => {
  const base = isolate ? withIsolation(settings ?? {}, stored) : settings
  return sharedOauth ? withSharedOauth(base ?? {}, stored) : base
}

/** Returns whether to allow localhost. The input overrides the settings. `undefined` changes nothing. */
export const desiredLocalhost = (desired: Desired): boolean | undefined =>
  desired.allowLocalhost ?? desiredSettings(desired)?.allow_localhost

/**
 * Returns the writes that lead from `state` to `desired`, in order. Once they are applied, the plan is empty.
 * Settings that cut off production come first. New domains come before removals, so a preview whose domain
 * changes always has one. Pure.
 */
export const planEnable = (desired: Desired, state: AuthState): PlannedChange[] => {
  const { writeOnlySent, resendSecrets } = desired
  if (writeOnlySent) return planWith('sent', desired, state)
  // Send values that Neon does not return only if something else differs. Otherwise, every run would send them.
  const visible = planWith('skip', desired, state)
  const hasDifference = visible.some((change) => !addsListedDomain(change, state))
  return hasDifference || resendSecrets ? planWith('send', desired, state) : visible
}

/**
 * Returns whether a change trusts a domain that Neon already lists in another spelling. Every run plans such a change
 * if it cannot prove that the listed spelling works.
 */
const addsListedDomain = (change: PlannedChange, state: AuthState): boolean =>
  change.change === 'trust_domain' &&
  state.auth === 'on' &&
  listsOrigin(state.trustedDomains, change.domain)

const planWith = (
  writeOnly: WriteOnlyPolicy,
  desired: Desired,
  state: AuthState,
): PlannedChange[] => {
  const { database } = desired
  const allowLocalhost = desiredLocalhost(desired)
  const enable: PlannedChange[] =
    state.auth === 'off'
      ? [{ change: 'enable_auth', ...(database !== undefined && { database }) }]
      : []
  const current = state.auth === 'off' ? FRESHLY_ENABLED : state
  const settings = desiredSettings(desired, current.settings)
  const localhost: PlannedChange[] =
    allowLocalhost !== undefined && allowLocalhost !== current.allowLocalhost
      ? [{ change: 'set_allow_localhost', allow: allowLocalhost }]
      : []
  const resend = desired.resendSecrets ?? false
  const configure =
    settings && current.settings
      ? planSettings(settings, current.settings, { resend, writeOnly })
      : []
  const missing = desired.trustedDomains.filter(
    (domain) => !current.trustedDomains.includes(domain),
  )
  const trust = missing.map((domain): PlannedChange => ({ change: 'trust_domain', domain }))
  const unwanted = current.trustedDomains.filter(
    // An entry may be a missing domain in another spelling. The read-back decides.
    (entry) => !desired.trustedDomains.includes(entry) && !missing.includes(originOf(entry)),
  )
  const inherited = desired.isolate ? (current.inheritedDomains ?? []) : []
  const former = desired.formerDomains ?? []
  const surplus = desired.pruneDomains
    ? unwanted
    : unwanted.filter((entry) => inherited.includes(entry) || former.includes(originOf(entry)))
  const remove = desired.keepDomains ? [] : planUntrust(surplus)
  // Restore last, because a restore drops the schema that the settings are read from.
  const restore = desired.restore ?? []
  return [...enable, ...localhost, ...configure, ...trust, ...remove, ...restore]
}

const planUntrust = (domains: readonly string[]): PlannedChange[] =>
  domains.length > 0 ? [{ change: 'untrust_domains', domains: [...new Set(domains)] }] : []

/**
 * Returns the writes that close `state`. `untrust` removes this pull request's domains in any spelling, because
 * it compares origins. Pure.
 */
export const planClose = (desired: DesiredClose, state: AuthState): PlannedChange[] => {
  if (state.auth === 'off') return []
  if (desired.onClose === 'disable')
    return [{ change: 'disable_auth', deleteData: desired.deleteData }]
  return planUntrust(
    state.trustedDomains.filter((entry) => desired.trustedDomains.includes(originOf(entry))),
  )
}

const inDatabase = (database: string | undefined): string =>
  database === undefined ? '' : ` in the database ${database}`

/** Returns a change without passwords, client secrets, or the path of a webhook URL. */
export const redactChange = (change: Change): Change =>
  isSettingsChange(change) ? withoutSecrets(change) : change

const pluralize = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

const restoreWording = ({ users, rows }: RestoreAuthData): Wording =>
  wording(
    'Restore',
    'Restored',
    `${pluralize(users, 'user')} from before the close (${pluralize(rows, 'row')} in all)`,
  )

const disableWording = (deleteData: boolean): Wording =>
  deleteData
    ? {
        imperative: 'Disable Neon Auth and delete its users, sessions, and settings for good.',
        past: 'Disabled Neon Auth and deleted its users, sessions, and settings for good.',
      }
    : {
        imperative: 'Disable Neon Auth and keep its data.',
        past: 'Disabled Neon Auth and kept its data.',
      }

const sweepWording = (branch: string, { imperative, past }: Wording): Wording => ({
  imperative: `On ${branch}: ${imperative}`,
  past: `On ${branch}: ${past}`,
})

const changeWording = (change: Change): Wording => {
  switch (change.change) {
    case 'enable_auth':
      return wording('Enable', 'Enabled', `Neon Auth${inDatabase(change.database)}`)
    case 'delete_orphan_schema': {
      const what = `the leftover neon_auth schema${inDatabase(change.database)}`
      return wording('Delete', 'Deleted', `${what}, with its users and sessions`)
    }
    case 'move_auth_data_aside':
      return wording('Move', 'Moved', `the leftover neon_auth schema aside, to ${change.schema}`)
    case 'move_auth_data_back':
      return wording('Move', 'Moved', `the schema ${change.schema} back to neon_auth`)
    case 'restore_auth_data':
      return restoreWording(change)
    case 'set_allow_localhost':
      return change.allow
        ? wording('Allow', 'Allowed', 'sign-in from localhost')
        : wording('Block', 'Blocked', 'sign-in from localhost')
    case 'trust_domain':
      return wording('Trust', 'Trusted', change.domain)
    case 'untrust_domains':
      return wording('Stop', 'Stopped', `trusting ${change.domains.join(', ')}`)
    case 'disable_auth':
      return disableWording(change.deleteData)
    case 'sweep_branch':
      return sweepWording(change.branch, changeWording(change.made))
    case 'create_user':
    case 'delete_user':
      return userWording(change)
    default:
      return settingsWording(change)
  }
}

/** Returns a change in the imperative: for `dry_run`, the output `plan`, and the log before it is applied. */
export const sentence = (change: Change): string => changeWording(change).imperative

/** Returns an applied change in the past tense: for the summary, the comment, and errors. */
export const pastSentence = (change: Change): string => changeWording(change).past
