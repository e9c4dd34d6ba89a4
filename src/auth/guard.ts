import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

/** Throws {@link Problem} if the run must not change `branch`. `outcome` starts its message. */
const refuseProduction = (
  { name, id, isDefault, isProtected }: FoundBranch,
  allowProtected: boolean,
  outcome: string,
  why: string,
): void => {
  if (allowProtected || (!isDefault && !isProtected)) return
  const kind = isDefault ? "the project's default branch" : 'a protected branch'
  throw new Problem({
    what: `${outcome}: ${name} (${id}) is ${kind}.`,
    why,
    fix: "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`",
  })
}

/**
 * Throws {@link Problem} if this run must not change `branch`: without `allow_protected`, the default branch or a
 * protected one.
 */
export const guardBranch = (branch: FoundBranch, allowProtected: boolean): void =>
  refuseProduction(
    branch,
    allowProtected,
    'Nothing was changed',
    "`branch` names production instead of the preview, the preview has no branch of its own, or somebody protected the preview's branch",
  )

/** Throws {@link Problem} if this run must no longer change `branch`, which {@link guardBranch} allowed before. */
export const guardBranchAgain = (branch: FoundBranch, allowProtected: boolean): void =>
  refuseProduction(
    branch,
    allowProtected,
    'The run stopped',
    'somebody protected the branch, or made it the default, while this run was in progress',
  )
