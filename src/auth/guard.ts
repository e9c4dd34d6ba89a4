import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

/**
 * Throws {@link Problem} if this run must not change `branch`. Without `allow_protected`, the default branch
 * and protected branches count as production. `wasAllowed`: an earlier check in this run allowed it.
 */
export const guardBranch = (
  branch: FoundBranch,
  allowProtected: boolean,
  wasAllowed = false,
): void => {
  if (allowProtected || (!branch.isDefault && !branch.isProtected)) return
  const kind = branch.isDefault ? "the project's default branch" : 'a protected branch'
  throw new Problem({
    what: `${wasAllowed ? 'The run stopped' : 'Nothing was changed'}: ${branch.name} (${branch.id}) is ${kind}.`,
    why: wasAllowed
      ? 'it became one while this run was in progress'
      : '`branch` names production instead of the preview, or the preview has no branch of its own',
    fix: "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`",
  })
}
