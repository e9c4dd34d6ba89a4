import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

/**
 * Throws {@link Problem} if this run must not change `branch`. Without `allow_protected`, the default branch
 * and protected branches count as production. `outcome` says what the run has done so far.
 */
export const guardBranch = (
  branch: FoundBranch,
  allowProtected: boolean,
  outcome = 'Nothing was changed',
): void => {
  if (allowProtected || (!branch.isDefault && !branch.isProtected)) return
  const kind = branch.isDefault ? "the project's default branch" : 'a protected branch'
  throw new Problem({
    what: `${outcome}: ${branch.name} (${branch.id}) is ${kind}.`,
    why: '`branch` names production instead of the preview, or the preview has no branch of its own',
    fix: "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`",
  })
}
