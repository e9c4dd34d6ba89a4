import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { withContext } from '../neon/errors.ts'
import { backoffMs } from '../network/retry.ts'
import type { ChangeContext } from './context.ts'
import { isSameAuth, type Observed, type ObservedOn } from './observe.ts'

/** How many reads in a row must show auth as off before a run concludes that somebody disabled it. */
export const READS_UNTIL_OFF = 3

/** Returns the wait before auth that a read shows as off is read again, in ms. */
export const pauseBeforeReread = (attempt: number): number => 500 + backoffMs(attempt)

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

/**
 * Throws unless `integration` is that of `before`. Otherwise, somebody has disabled or replaced auth, perhaps because the
 * pull request was closed: throws what the preconditions throw, such as `PullRequestClosed`, or else {@link Problem}.
 */
export const assertSameAuth = async (
  before: ObservedOn,
  integration: NeonAuthIntegration | undefined,
  { branch, preconditions }: ChangeContext,
): Promise<void> => {
  if (integration && isSameAuth(integration, before.integration)) return
  await preconditions.confirm()
  throw integration ? replacedDuringRunProblem(branch) : disabledDuringRunProblem(branch)
}

/** Reads until auth is on, at most {@link READS_UNTIL_OFF} times, and returns the last result. */
const readUntilOn = async <T>(
  read: () => Promise<T>,
  isOn: (result: T) => boolean,
  { deadline }: ChangeContext,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    const result = await read()
    if (isOn(result) || attempt === READS_UNTIL_OFF) return result
    await deadline.sleep(pauseBeforeReread(attempt), 'waiting for Neon to report auth as on')
  }
}

/** Returns what `read` observes if that is the same auth as in `before`. Throws like {@link assertSameAuth}. */
export const observeSameAuth = async (
  before: ObservedOn,
  read: () => Promise<Observed>,
  context: ChangeContext,
): Promise<Observed> => {
  const now = await readUntilOn(read, ({ auth }) => auth === 'on', context)
  await assertSameAuth(before, now.auth === 'on' ? now.integration : undefined, context)
  return now
}

/** Reads whether auth is still the same as in `before`. Throws like {@link assertSameAuth}. */
export const confirmSameAuth = async (
  before: ObservedOn,
  context: ChangeContext,
): Promise<void> => {
  const { neon, branch } = context
  const what = `Could not check again whether Neon Auth is on for branch ${branch.name} (${branch.id}).`
  const read = () => withContext(what, () => neon.getAuth(branch.id))
  await assertSameAuth(before, await readUntilOn(read, Boolean, context), context)
}
