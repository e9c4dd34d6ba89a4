import type { Deadline } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { type FoundBranch, toFound } from '../neon/branches.ts'
import type { NeonClient, WriteKind } from '../neon/client.ts'
import { guardBranch } from './guard.ts'

/** Grounds that were read longer ago than this are read again before a write, in ms. */
const MAX_AGE_MS = 5_000
/** How often grounds are read again because the run had to wait while it read them. */
const MAX_READS = 3

/** Ends a run whose branch was deleted while the run was working on it. */
export class BranchGone extends Problem {
  constructor({ name, id }: FoundBranch) {
    super({
      what: `The branch ${name} (${id}) was deleted while this run was working on it.`,
      why: 'the pull request was closed, or somebody deleted the branch in the Neon Console',
      fix: 'if the branch is still wanted, create it again and run this job again',
    })
  }
}

/** When something was read: how long ago, and how often the run has waited since. */
export interface ReadMark {
  readonly readAt: number
  readonly pauses: number
}

/** Notes that reading starts now. What is read from here on is no older than this. */
export const markRead = ({ pauses }: Deadline): ReadMark => ({ readAt: performance.now(), pauses })

const NEVER: ReadMark = { readAt: Number.NEGATIVE_INFINITY, pauses: -1 }

/** The grounds on which a run changes a branch: what has to be true at the moment of writing. */
export interface Grounds {
  /** Reads all grounds now. Throws what stops the run if one of them no longer holds. */
  confirm(): Promise<void>
  /**
   * Runs right before every attempt of a write. A removal needs grounds that nothing has happened
   * since: no wait and no other write. Any other write needs grounds that are no older than the last
   * wait. Grounds that are too old are read again.
   */
  beforeWrite(kind: WriteKind): Promise<void>
}

/**
 * Creates the grounds of a run from the function that reads them. This is the one mechanism behind
 * the rule "check again right before you remove": it sits below every write, so no caller can forget
 * it, and it costs nothing while what was just read still counts. `since`: the caller has read the
 * same grounds from then on, well enough for writes that remove nothing. `read` is told how many writes
 * were attempted before.
 */
export const createGrounds = (
  read: (writes: number) => Promise<void>,
  deadline: Deadline,
  since: ReadMark = NEVER,
): Grounds => {
  let mark = since
  let writes = 0
  let hasWritten = true
  const confirm = async (): Promise<void> => {
    for (let reads = 0; reads < MAX_READS; reads++) {
      mark = markRead(deadline)
      await read(writes)
      hasWritten = false
      // One of the answers may be older than a wait for another one.
      if (mark.pauses === deadline.pauses) return
    }
  }
  const isFresh = (kind: WriteKind): boolean =>
    mark.pauses === deadline.pauses &&
    performance.now() - mark.readAt < MAX_AGE_MS &&
    !(kind === 'removal' && hasWritten)
  return {
    confirm,
    async beforeWrite(kind) {
      if (!isFresh(kind)) await confirm()
      writes += 1
      hasWritten = true
    },
  }
}

/**
 * Confirms that a branch still exists under its ID and may be changed. Throws {@link BranchGone}, or
 * `Problem` if it has become the default branch or protected.
 */
export const confirmBranch = async (
  neon: NeonClient,
  branch: FoundBranch,
  allowProtected: boolean,
): Promise<void> => {
  const found = await neon.getBranch(branch.id)
  if (!found) throw new BranchGone(branch)
  guardBranch(toFound(found), allowProtected)
}
