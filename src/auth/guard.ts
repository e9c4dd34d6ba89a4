import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

/**
 * Throws {@link Problem} when this run may not change `branch`: the project's default branch and
 * protected branches are production until somebody says otherwise with `allow_protected`.
 */
export const guardBranch = (branch: FoundBranch, allowProtected: boolean): void => {
  if (allowProtected || (!branch.isDefault && !branch.isProtected)) return
  const kind = branch.isDefault ? "the project's default branch" : 'a protected branch'
  throw new Problem({
    what: `Nothing was changed: ${branch.name} (${branch.id}) is ${kind}.`,
    why: '`branch` names production instead of the preview, or the preview has no branch of its own',
    fix: "point `branch` at the preview's branch; if this branch is really meant, set `allow_protected: true`",
  })
}
