import type { Deadline } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { type FoundBranch, toFoundBranch } from '../neon/branches.ts'
import type { NeonClient, WriteKind } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
import { guardBranch } from './guard.ts'

/** How old preconditions may be at a write, in ms. Older ones are read again. */
const MAX_AGE_MS = 5_000
/** How many times preconditions are read if the run has to wait while it reads them. */
const MAX_READS = 3

/** Stops a run because its branch was deleted in the meantime. */
export class BranchGone extends Problem {
  constructor({ name, id }: FoundBranch) {
    super({
      what: `The branch ${name} (${id}) was deleted while this run was in progress.`,
      why: 'the pull request was closed, or somebody deleted the branch in the Neon Console',
      fix: 'if the preview still needs the branch, create it again and run the job again',
    })
  }
}

/** When something was read, and how many times the run had waited by then. */
export interface ReadMark {
  readonly readAt: number
  readonly pauses: number
}

/** Returns a mark for now. Whatever is read after this call is no older than the mark. */
export const markRead = ({ pauses }: Deadline): ReadMark => ({ readAt: performance.now(), pauses })

/** Whether what was read since `mark` still counts: the run has not waited, and it is no older than 5 s. */
export const isRecent = ({ readAt, pauses }: ReadMark, deadline: Deadline): boolean =>
  pauses === deadline.pauses && performance.now() - readAt < MAX_AGE_MS

const NEVER: ReadMark = { readAt: Number.NEGATIVE_INFINITY, pauses: -1 }

/** The conditions that must hold whenever a run changes a branch. */
export interface Preconditions {
  /** Reads all preconditions now. Throws if one of them no longer holds, which stops the run. */
  confirm(): Promise<void>
  /**
   * Call this right before every attempt of a write. Reads the preconditions again if they are too old: for
   * any write, if the run has waited since they were read; for a removal, also if it has written.
   */
  beforeWrite(kind: WriteKind): Promise<void>
}

/** What the caller of {@link createPreconditions} has read already. */
export interface KnownPreconditions {
  /** Since when it has read all preconditions. */
  readonly since?: ReadMark
  /** It read them so recently that even a first removal may rely on them. Default: `false`. */
  readonly mayRemove?: boolean
}

/**
 * Creates the preconditions of a run. `read` reads them, receives whether the first write is still to come, and
 * throws if one no longer holds. Pass `since` if the caller has already read the same preconditions from that
 * moment on: writes that remove nothing then need no further read.
 *
 * This implements the rule "check again right before you remove". It sits below every write, so that
 * no caller can forget it.
 */
export const createPreconditions = (
  read: (isFirstWrite: boolean) => Promise<void>,
  deadline: Deadline,
  { since = NEVER, mayRemove = false }: KnownPreconditions = {},
): Preconditions => {
  let mark = since
  let isFirstWrite = true
  let hasWritten = !mayRemove
  const confirm = async (): Promise<void> => {
    for (let reads = 0; reads < MAX_READS; reads++) {
      mark = markRead(deadline)
      await read(isFirstWrite)
      hasWritten = false
      // A wait for one response makes the others too old.
      if (mark.pauses === deadline.pauses) return
    }
  }
  const isFresh = (kind: WriteKind): boolean =>
    isRecent(mark, deadline) && !(kind === 'removal' && hasWritten)
  return {
    confirm,
    async beforeWrite(kind) {
      if (!isFresh(kind)) await confirm()
      isFirstWrite = false
      hasWritten = true
    },
  }
}

/**
 * Confirms that a branch still exists under its ID and may be changed. Throws {@link BranchGone} if it
 * does not, and `Problem` if it has become the default branch or protected.
 */
export const confirmBranch = async (
  neon: NeonClient,
  branch: FoundBranch,
  allowProtected: boolean,
): Promise<void> => {
  const what = `Could not check again whether branch ${branch.name} (${branch.id}) may be changed.`
  const found = await withContext(what, () => neon.getBranch(branch.id))
  if (!found) throw new BranchGone(branch)
  guardBranch(toFoundBranch(found), allowProtected)
}
