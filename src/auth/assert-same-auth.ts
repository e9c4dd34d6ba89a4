import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { withContext } from '../neon/errors.ts'
import type { ChangeContext } from './context.ts'
import { isSameAuth, type Observed, type ObservedOn } from './observe.ts'

/** Returns the problem for auth that another run or a person has disabled. */
export const disabledDuringRunProblem = ({ name, id }: FoundBranch): Problem =>
  new Problem({
    what: `Neon Auth was disabled on branch ${name} (${id}) while this run was in progress.`,
    why: 'the pull request was closed, or somebody disabled auth in the Neon Console',
    fix: 'if the branch still needs auth, run the job again',
  })

const replacedDuringRunProblem = ({ name, id }: FoundBranch): Problem =>
  new Problem({
    what: `Neon Auth was disabled and enabled again on branch ${name} (${id}) while this run was creating users. The new auth may lack these users and other settings.`,
    why: 'the pull request was closed and reopened, or another run or a person enabled auth again',
    fix: 'run the job again',
  })

const assertSame = (
  before: ObservedOn,
  integration: NeonAuthIntegration | undefined,
  branch: FoundBranch,
): void => {
  if (!integration) throw disabledDuringRunProblem(branch)
  if (!isSameAuth(integration, before.integration)) throw replacedDuringRunProblem(branch)
}

/** Throws `Problem` unless `now` shows the same auth as `before`. */
export const assertSameAuth = (before: ObservedOn, now: Observed, branch: FoundBranch): void =>
  assertSame(before, now.auth === 'on' ? now.integration : undefined, branch)

/** Reads auth, and throws `Problem` unless it is the same as in `before`. */
export const confirmSameAuth = async (
  before: ObservedOn,
  { neon, branch }: ChangeContext,
): Promise<void> => {
  const what = `Could not check again whether Neon Auth is on for branch ${branch.name} (${branch.id}).`
  assertSame(before, await withContext(what, () => neon.getAuth(branch.id)), branch)
}
