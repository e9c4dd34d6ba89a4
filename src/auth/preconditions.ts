import type { Deadline } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { type FoundBranch, toFoundBranch } from '../neon/branches.ts'
import type { NeonClient, WriteKind } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
import { guardBranchAgain } from './guard.ts'

/** The maximum age of preconditions at a write, in ms. */
const MAX_AGE_MS = 5_000
/** How many times to read preconditions if the run has to wait during the reads. */
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

/** The time just before a read, and how many times the run had waited by then. */
export interface ReadMark {
  readonly readAt: number
  readonly pauses: number
}

/** Returns a mark for this moment. Anything read after this call is newer than the mark. */
export const markRead = ({ pauses }: Deadline): ReadMark => ({ readAt: performance.now(), pauses })

/** Returns whether a mark still counts: the run has not waited since, and the mark is less than 5 s old. */
export const isRecent = ({ readAt, pauses }: ReadMark, deadline: Deadline): boolean =>
  pauses === deadline.pauses && performance.now() - readAt < MAX_AGE_MS

/** A mark that is never recent. */
export const NEVER_READ: ReadMark = { readAt: Number.NEGATIVE_INFINITY, pauses: -1 }

/** The conditions that must hold whenever a run changes a branch. */
export interface Preconditions {
  /** Reads all preconditions now. Throws if one of them no longer holds. */
  confirm(): Promise<void>
  /**
   * Reads the preconditions again if they are too old or if the run has waited since. Before a removal, also
   * reads them again if the run has written since. Call this right before every attempt of a write.
   */
  beforeWrite(kind: WriteKind): Promise<void>
}

/** The preconditions that the caller of {@link createPreconditions} has already read. */
export interface KnownPreconditions {
  /** A mark from before the caller read them. Absent if it read none. */
  readonly since?: ReadMark
  /** Whether a first removal may also rely on them. Default: `false`. */
  readonly mayRemove?: boolean
}

/**
 * Creates the preconditions of a run. `read` reads them all, and throws if one no longer holds. Its parameter
 * is true until the run writes. If the caller has just read the same preconditions, pass `since`. Then a write
 * that removes nothing needs no further read.
 *
 * This implements the rule "check again right before you remove". `NeonClient.confirming` calls `beforeWrite` for
 * every write to the API. Code that runs SQL statements or signs users up must call it itself.
 */
export const createPreconditions = (
  read: (isFirstWrite: boolean) => Promise<void>,
  deadline: Deadline,
  { since = NEVER_READ, mayRemove = false }: KnownPreconditions = {},
): Preconditions => {
  let mark = since
  let isFirstWrite = true
  let removalNeedsRead = !mayRemove
  const confirm = async (): Promise<void> => {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const start = markRead(deadline)
      // If the read fails, no earlier one counts either.
      mark = NEVER_READ
      await read(isFirstWrite)
      mark = start
      removalNeedsRead = false
      // If the run had to wait for one response, the others are too old.
      if (mark.pauses === deadline.pauses) return
    }
  }
  const isFresh = (kind: WriteKind): boolean =>
    isRecent(mark, deadline) && !(kind === 'removal' && removalNeedsRead)
  return {
    confirm,
    async beforeWrite(kind) {
      if (!isFresh(kind)) await confirm()
      isFirstWrite = false
      removalNeedsRead = true
    },
  }
}

/**
 * Confirms that a branch still exists under its ID and may be changed. Throws {@link BranchGone} if it no
 * longer exists, and {@link Problem} if it has become protected or the default branch.
 */
export const confirmBranch = async (
  neon: NeonClient,
  branch: FoundBranch,
  allowProtected: boolean,
): Promise<void> => {
  const what = `Could not check again whether branch ${branch.name} (${branch.id}) may be changed.`
  const found = await withContext(what, () => neon.getBranch(branch.id))
  if (!found) throw new BranchGone(branch)
  guardBranchAgain(toFoundBranch(found), allowProtected)
}
