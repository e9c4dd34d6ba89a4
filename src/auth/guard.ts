import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

const FIX =
  "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`"

/** Returns what makes a branch production, or `undefined` if nothing does. */
const productionKind = ({ isDefault, isProtected }: FoundBranch): string | undefined => {
  if (isDefault) return "the project's default branch"
  return isProtected ? 'a protected branch' : undefined
}

/**
 * Throws {@link Problem} if this run must not change `branch`: without `allow_protected`, the default branch or a
 * protected one.
 */
export const guardBranch = (branch: FoundBranch, allowProtected: boolean): void => {
  const kind = productionKind(branch)
  if (allowProtected || !kind) return
  throw new Problem({
    what: `Nothing was changed: ${branch.name} (${branch.id}) is ${kind}.`,
    why: '`branch` names production instead of the preview, the preview has no branch of its own, or somebody protected it',
    fix: FIX,
  })
}

/** Throws {@link Problem} if this run must no longer change `branch`, which {@link guardBranch} allowed before. */
export const guardBranchAgain = (branch: FoundBranch, allowProtected: boolean): void => {
  const kind = productionKind(branch)
  if (allowProtected || !kind) return
  throw new Problem({
    what: `The run stopped: ${branch.name} (${branch.id}) is ${kind}.`,
    why: 'somebody protected the branch, or made it the default, while this run was in progress',
    fix: FIX,
  })
}
