import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

const FIX =
  "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`"

/** Returns why a branch counts as production, or `undefined` if it does not. */
const productionKind = ({ isDefault, isProtected }: FoundBranch): string | undefined => {
  if (isDefault) return "the project's default branch"
  return isProtected ? 'a protected branch' : undefined
}

/**
 * Throws {@link Problem} if this run must not change `branch`. Without `allow_protected`, the default branch
 * and protected branches count as production.
 */
export const guardBranch = (branch: FoundBranch, allowProtected: boolean): void => {
  const kind = productionKind(branch)
  if (allowProtected || !kind) return
  throw new Problem({
    what: `Nothing was changed: ${branch.name} (${branch.id}) is ${kind}.`,
    why: '`branch` names production instead of the preview, or the preview has no branch of its own',
    fix: FIX,
  })
}

/** Throws {@link Problem} if this run must no longer change `branch`, which {@link guardBranch} allowed before. */
export const guardBranchAgain = (branch: FoundBranch, allowProtected: boolean): void => {
  const kind = productionKind(branch)
  if (allowProtected || !kind) return
  throw new Problem({
    what: `The run stopped: ${branch.name} (${branch.id}) is ${kind}.`,
    why: 'this changed while this run was in progress',
    fix: FIX,
  })
}
