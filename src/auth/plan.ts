import { type Wording, wording } from '../core/wording.ts'
import { listsOrigin, originOf } from '../domains/origin.ts'
import {
  isSettingsChange,
  type SettingsChange,
  settingsWording,
  withoutSecrets,
} from '../settings/changes.ts'
import { planSettings, type UnshownPolicy } from '../settings/plan-settings.ts'
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
  /** Cut off what the branch inherited. `settings` takes precedence. */
  readonly isolate?: boolean
  /** Switch inherited OAuth providers to Neon's shared app. `settings` takes precedence. */
  readonly sharedOauth?: boolean
  /** Send secrets again, because Neon does not show whether they differ. */
  readonly resendSecrets?: boolean
  /** This run has already sent the values that Neon does not show, so they count as stored. */
  readonly unshownSent?: boolean
  /** Auth data to restore, newest first. */
  readonly restore?: readonly RestoreAuthData[]
  /** The names of the settings that only the configuration from before the close contains. */
  readonly restoredSettings?: readonly string[]
}

/** A change that restores auth data that was moved aside. */
export interface RestoreAuthData {
  readonly change: 'restore_auth_data'
  /** The schema that contains it. */
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
      /** The list, exactly as Neon stores it. */
      readonly trustedDomains: readonly string[]
      /** The domains that the parent branch trusts. Read only for `isolate`. */
      readonly inheritedDomains?: readonly string[]
      /** Absent if the run does not change it. */
      readonly allowLocalhost?: boolean
      /** Absent if it could not be read and the run does not change it. */
      readonly settings?: StoredSettings
    }

/** A write that a plan can contain. */
export type PlannedChange =
  | { readonly change: 'enable_auth'; readonly database?: string }
  | RestoreAuthData
  | { readonly change: 'set_allow_localhost'; readonly allow: boolean }
  | { readonly change: 'trust_domain'; readonly domain: string }
  | { readonly change: 'untrust_domains'; readonly domains: readonly string[] }
  | { readonly change: 'disable_auth'; readonly deleteData: boolean }
  | SettingsChange

/** A write that is never planned. The code that applies it records it. */
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
  const wanted = isolate ? withIsolation(settings ?? {}, stored) : settings
  return sharedOauth ? withSharedOauth(wanted ?? {}, stored) : wanted
}

/** Returns whether to allow localhost. The input overrides the settings. `undefined` changes nothing. */
export const desiredLocalhost = (desired: Desired): boolean | undefined =>
  desired.allowLocalhost ?? desiredSettings(desired)?.allow_localhost

/**
 * Returns the writes that lead from `state` to `desired`, in order. Once they are applied, the plan is empty.
 * Settings that cut off production come first. New domains come before removals, so that a preview always has
 * one if its domain changes. Pure.
 */
export const planEnable = (desired: Desired, state: AuthState): PlannedChange[] => {
  const { unshownSent, resendSecrets } = desired
  if (unshownSent) return planWith('sent', desired, state)
  // Send values that Neon does not show only along with a difference. A second run must not send them again.
  const visible = planWith('skip', desired, state)
  const differs = visible.some((change) => !addsListedDomain(change, state))
  return differs || resendSecrets ? planWith('send', desired, state) : visible
}

/**
 * Returns whether a change trusts a domain that Neon lists in another spelling. A run sends the domain if
 * nothing proves that spelling. If Neon normalizes entries and accepts every origin, each run sends it in vain.
 */
const addsListedDomain = (change: PlannedChange, state: AuthState): boolean =>
  change.change === 'trust_domain' &&
  state.auth === 'on' &&
  listsOrigin(state.trustedDomains, change.domain)

const planWith = (unshown: UnshownPolicy, desired: Desired, state: AuthState): PlannedChange[] => {
  const { database } = desired
  const allowLocalhost = desiredLocalhost(desired)
  const enable: PlannedChange[] =
    state.auth === 'off'
      ? [{ change: 'enable_auth', ...(database !== undefined && { database }) }]
      : []
  const on = state.auth === 'off' ? FRESHLY_ENABLED : state
  const settings = desiredSettings(desired, on.settings)
  const localhost: PlannedChange[] =
    allowLocalhost !== undefined && allowLocalhost !== on.allowLocalhost
      ? [{ change: 'set_allow_localhost', allow: allowLocalhost }]
      : []
  const resend = desired.resendSecrets ?? false
  const configure =
    settings && on.settings ? planSettings(settings, on.settings, { resend, unshown }) : []
  const missing = desired.trustedDomains.filter((domain) => !on.trustedDomains.includes(domain))
  const trust = missing.map((domain): PlannedChange => ({ change: 'trust_domain', domain }))
  const unwanted = on.trustedDomains.filter(
    // An entry may be a missing domain in Neon's spelling. Reading back shows whether it is.
    (entry) => !desired.trustedDomains.includes(entry) && !missing.includes(originOf(entry)),
  )
  const inherited = desired.isolate ? (on.inheritedDomains ?? []) : []
  const former = desired.formerDomains ?? []
  const surplus = desired.pruneDomains
    ? unwanted
    : unwanted.filter((entry) => inherited.includes(entry) || former.includes(originOf(entry)))
  const remove = desired.keepDomains ? [] : untrust(surplus)
  // Restore last, because that drops the schema from which the settings are read.
  const restore = desired.restore ?? []
  return [...enable, ...localhost, ...configure, ...trust, ...remove, ...restore]
}

const untrust = (domains: readonly string[]): PlannedChange[] =>
  domains.length > 0 ? [{ change: 'untrust_domains', domains: [...new Set(domains)] }] : []

/**
 * Returns the writes that close `state`. For `untrust`, compares the origins of Neon's entries with this
 * pull request's domains, so the spelling of an entry does not matter. Pure.
 */
export const planClose = (desired: DesiredClose, state: AuthState): PlannedChange[] => {
  if (state.auth === 'off') return []
  if (desired.onClose === 'disable')
    return [{ change: 'disable_auth', deleteData: desired.deleteData }]
  return untrust(
    state.trustedDomains.filter((entry) => desired.trustedDomains.includes(originOf(entry))),
  )
}

const inDatabase = (database: string | undefined): string =>
  database === undefined ? '' : ` in the database ${database}`

/** Returns a change without passwords, client secrets, and the path of a webhook URL. */
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
