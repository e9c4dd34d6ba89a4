import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'

/** The dependencies for changing the settings of one branch. `ChangeContext` in `auth` extends it. */
export interface SettingsContext {
  readonly neon: NeonClient
  readonly branch: FoundBranch
  readonly deadline: Deadline
  readonly log: Log
}
