import { type Wording, wording } from '../core/wording.ts'
import { originOf } from '../domains/origin.ts'
import {
  planSettings,
  type SettingsChange,
  settingsWording,
  type Unshown,
  withoutSecrets,
} from '../settings/plan-settings.ts'
import {
  isolated,
  type Settings,
  type StoredSettings,
  withSharedOauth,
} from '../settings/settings.ts'
import { type UserChange, userWording } from '../settings/users.ts'

/** What a run wants of a branch's auth. */
export interface Desired {
  /** The database to hold the `neon_auth` schema. Absent: the project's default. */
  readonly database?: string
  /** Origins, normalised. */
  readonly trustedDomains: readonly string[]
  /** Remove every trusted domain that is not in `trustedDomains`. */
  readonly pruneDomains: boolean
  /** Absent: leave as it is. */
  readonly allowLocalhost?: boolean
  /** Domains that earlier runs of the same pull request trusted: they go unless still wanted. */
  readonly formerDomains?: readonly string[]
  /** Remove no domain: some that the pull request needs may be missing from `trustedDomains`. */
  readonly keepsDomains?: boolean
  readonly settings?: Settings
  /** Cut what the branch inherited; what `settings` says wins. */
  readonly isolate?: boolean
  /** Have inherited OAuth providers use Neon's shared app; what `settings` says wins. */
  readonly sharedOauth?: boolean
  /** Send secrets once more, although reading cannot tell whether they differ. */
  readonly resendSecrets?: boolean
  /** This run has sent what reading does not show, so that it counts as stored. */
  readonly unshownSent?: boolean
  /** Auth data that is to come back, the newest first. */
  readonly restore?: readonly RestoreAuthData[]
}

/** Brings auth data back that was moved aside. */
export interface RestoreAuthData {
  readonly change: 'restore_auth_data'
  /** The schema that holds it. */
  readonly schema: string
  readonly database: string
  readonly users: number
  /** How many rows it holds in all, users included. */
  readonly rows: number
}

/** What a closing run wants. */
export interface DesiredClose {
  readonly onClose: 'disable' | 'untrust'
  readonly deleteData: boolean
  /** This pull request's domains, for `untrust`. */
  readonly trustedDomains: readonly string[]
}

/** The state of a branch's auth, as far as planning needs it. */
export type AuthState =
  | { readonly auth: 'off' }
  | {
      readonly auth: 'on'
      /** The list as Neon stores it, verbatim. */
      readonly trustedDomains: readonly string[]
      /** What the parent branch lists as well; only asked for `isolate`. */
      readonly inheritedDomains?: readonly string[]
      /** Absent: it was not asked, as nothing is wanted of it. */
      readonly allowLocalhost?: boolean
      /** Absent: it could not be read, and nothing is wanted of it. */
      readonly settings?: StoredSettings
    }

/** One write that a plan can hold. */
export type PlannedChange =
  | { readonly change: 'enable_auth'; readonly database?: string }
  | RestoreAuthData
  | { readonly change: 'set_allow_localhost'; readonly allow: boolean }
  | { readonly change: 'trust_domain'; readonly domain: string }
  | { readonly change: 'untrust_domains'; readonly domains: readonly string[] }
  | { readonly change: 'disable_auth'; readonly deleteData: boolean }
  | SettingsChange

/** One write that is never planned, only recorded by the code that makes it. */
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

/** One write at Neon. */
export type Change = PlannedChange | RecordedChange

/**
 * What Neon Auth is like when it was just enabled: localhost allowed, no domains, no webhook, Neon's
 * own mail server (https://neon.com/docs/auth/guides/configure-domains). Where that is not so,
 * reading back corrects it.
 */
const FRESH: AuthState & { auth: 'on' } = {
  auth: 'on',
  trustedDomains: [],
  allowLocalhost: true,
  settings: { plugins: {}, webhook: { enabled: false } },
}

/** What is wanted of the settings: what the file says, and what `isolate` and `oauth` add for `stored`. */
export const wantedSettings = (
  { settings, isolate, sharedOauth }: Desired,
  stored?: StoredSettings,
): Settings | undefined => {
  const wanted = isolate ? isolated(settings ?? {}, stored) : settings
  return sharedOauth ? withSharedOauth(wanted ?? {}, stored) : wanted
}

/** Whether localhost is to be allowed: the input, else the settings. Absent: leave as it is. */
export const wantedLocalhost = (desired: Desired): boolean | undefined =>
  desired.allowLocalhost ?? wantedSettings(desired)?.allow_localhost

/**
 * The writes that lead from `state` to `desired`, in the order in which they are made. Pure; after
 * they are applied it plans nothing. What cuts production off comes first, and new domains come
 * before removals, so that a preview that moves from one domain to another is never without.
 */
export const planEnable = (desired: Desired, state: AuthState): PlannedChange[] => {
  const { unshownSent, resendSecrets } = desired
  if (unshownSent) return planWith('sent', desired, state)
  // What reading does not show goes along with what differs: a second run must not send it again.
  const visible = planWith('skip', desired, state)
  return visible.length > 0 || resendSecrets ? planWith('send', desired, state) : visible
}

const planWith = (unshown: Unshown, desired: Desired, state: AuthState): PlannedChange[] => {
  const { database } = desired
  const allowLocalhost = wantedLocalhost(desired)
  const enable: PlannedChange[] =
    state.auth === 'off'
      ? [{ change: 'enable_auth', ...(database !== undefined && { database }) }]
      : []
  const on = state.auth === 'off' ? FRESH : state
  const settings = wantedSettings(desired, on.settings)
  const localhost: PlannedChange[] =
    allowLocalhost !== undefined && allowLocalhost !== on.allowLocalhost
      ? [{ change: 'set_allow_localhost', allow: allowLocalhost }]
      : []
  const resend = desired.resendSecrets ?? false
  const configure =
    settings && on.settings ? planSettings(settings, on.settings, { resend, unshown }) : []
  const missing = desired.trustedDomains.filter((domain) => !on.trustedDomains.includes(domain))
  const trust = missing.map((domain): PlannedChange => ({ change: 'trust_domain', domain }))
  const unwanted = on.trustedDomains.filter((domain) => !desired.trustedDomains.includes(domain))
  const inherited = desired.isolate ? (on.inheritedDomains ?? []) : []
  const superseded = [...inherited, ...(desired.formerDomains ?? [])]
  const surplus = desired.pruneDomains
    ? unwanted
    : unwanted.filter((domain) => superseded.includes(domain))
  const remove = desired.keepsDomains ? [] : untrust(surplus)
  // Last, as the settings are read from what this drops.
  const restore = desired.restore ?? []
  return [...enable, ...localhost, ...configure, ...trust, ...remove, ...restore]
}

const untrust = (domains: readonly string[]): PlannedChange[] =>
  domains.length > 0 ? [{ change: 'untrust_domains', domains: [...new Set(domains)] }] : []

/**
 * The writes that close `state`. Pure. For `untrust` an entry of Neon's list goes when its origin
 * is one of this pull request's domains, however it was once spelled.
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

/** A change as it may be shown: without passwords and client secrets. */
export const shownChange = (change: Change): Change => {
  switch (change.change) {
    case 'set_email_provider':
    case 'add_oauth_provider':
    case 'update_oauth_provider':
    case 'set_webhook':
      return withoutSecrets(change)
    default:
      return change
  }
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const restoreWording = ({ users, rows }: RestoreAuthData): Wording =>
  wording(
    'Restore',
    'Restored',
    `${counted(users, 'user')} from before the close (${counted(rows, 'row')} in all)`,
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

/** Returns a change as an instruction: for `dry_run`, the `plan` output, and the log before it is made. */
export const sentence = (change: Change): string => changeWording(change).imperative

/** Returns a change that was made, in the past tense: for the summary, the comment, and errors. */
export const pastSentence = (change: Change): string => changeWording(change).past
