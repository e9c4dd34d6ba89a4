import type { Intent } from '../action/intent.ts'
import type { Hands } from '../auth/context.ts'
import { observeClosing } from '../auth/observe.ts'
import { type Change, planClose } from '../auth/plan.ts'
import { turnOffAuth } from '../auth/turn-off.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { GitHubRefused } from '../github/api.ts'
import {
  type PullRequestStates,
  pullRequestStates,
  readPullRequest,
} from '../github/pull-requests.ts'
import { type FoundBranch, listAll, toFound } from '../neon/branches.ts'
import { withContext } from '../neon/errors.ts'
import { branchNames } from '../preview/find-branch.ts'
import type { Report } from '../report/report.ts'
import { desiredClose } from './close.ts'
import { handsFor, type RunContext } from './context.ts'

/** How many branches are closed side by side. */
const WORKERS = 5
/** The least time that one request takes in a lane, in ms: 5 lanes then make 670 a minute of Neon's 700. */
const PACE_MS = 450

/** What ties a branch to a pull request of this repository. */
interface SweepCandidate {
  readonly branch: FoundBranch
  /** Its number, or, where only the git branch is known, that. */
  readonly pullRequest: number | { readonly ref: string }
  /** Tied by its annotation, not by its name. */
  readonly annotated?: true
}

interface SweepResult {
  readonly tie: SweepCandidate
  readonly changes: readonly Change[]
  readonly failure?: string
}

/** GitHub counts in 32 bits; a longer number in a name is a date or the like. */
const isNumber = (number: number): boolean =>
  Number.isSafeInteger(number) && number >= 1 && number <= 2_147_483_647

const tieOf = (
  branch: FoundBranch,
  annotation: Readonly<Record<string, string>> | undefined,
  repository: string,
): SweepCandidate | undefined => {
  const number = annotation?.['github-pr-number']
  const owner = annotation?.['github-commit-repo']
  // Annotated by somebody else's repository: two may share one Neon project.
  if (owner !== undefined && String(owner).toLowerCase() !== repository.toLowerCase())
    return undefined
  if (owner !== undefined && isNumber(Number(number)))
    return { branch, pullRequest: Number(number), annotated: true }
  const byNumber = /^(?:preview\/)?pr-(\d+)(?:-.+)?$/.exec(branch.name)?.[1]
  if (byNumber !== undefined) {
    return isNumber(Number(byNumber)) ? { branch, pullRequest: Number(byNumber) } : undefined
  }
  const ref = /^preview\/(.+)$/.exec(branch.name)?.[1]
  return ref === undefined ? undefined : { branch, pullRequest: { ref } }
}

/** Every branch that the conventions or annotations tie to a pull request, production aside. */
const tiedBranches = async ({ neon, event, inputs }: RunContext): Promise<SweepCandidate[]> =>
  withContext(`Could not list the branches of the Neon project ${neon.projectId}.`, async () => {
    const { branches, annotations } = await listAll(neon)
    return branches
      .map(toFound)
      .filter((branch) => inputs.allowProtected || !(branch.isDefault || branch.isProtected))
      .flatMap((branch) => tieOf(branch, annotations[branch.id]?.value, event.repository) ?? [])
  })

const statesOf = async (
  ties: readonly SweepCandidate[],
  { github }: RunContext,
): Promise<PullRequestStates> => {
  const what = 'Could not learn which pull requests are closed, so nothing was swept.'
  if (!github) {
    throw new Problem({
      what,
      fix: 'pass `github_token` (by default it is there) to a job with `permissions: pull-requests: read`',
    })
  }
  const numbers = ties.flatMap(({ pullRequest }) =>
    typeof pullRequest === 'number' ? [pullRequest] : [],
  )
  const refs = ties.flatMap(({ pullRequest }) =>
    typeof pullRequest === 'number' ? [] : [pullRequest.ref],
  )
  try {
    return await pullRequestStates(github, [...new Set(numbers)], [...new Set(refs)])
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    throw new Problem({ what, response: `GitHub answered: ${error.message}`, cause: error })
  }
}

/** A name ties as exactly as when the branch was looked for: `pr-8-load-test` is not pull request 8's. */
const isSwept = (
  { branch, pullRequest, annotated }: SweepCandidate,
  known: PullRequestStates,
): boolean => {
  if (typeof pullRequest !== 'number') return known.byRef.get(pullRequest.ref) === 'closed'
  const pull = known.byNumber.get(pullRequest)
  if (pull?.state !== 'closed') return false
  const names = branchNames({ number: pullRequest, headRef: pull.headRef, sameRepository: false })
  return annotated === true || names.includes(branch.name)
}

const pullRequestName = ({ pullRequest }: SweepCandidate): string =>
  typeof pullRequest === 'number'
    ? `pull request #${pullRequest}`
    : `the pull request of ${oneLine(pullRequest.ref, 80)}`

/** Data that is to be deleted is worth one more look: the pull request may have been reopened. */
const stillClosed = async (
  { pullRequest }: SweepCandidate,
  { github, inputs, log }: RunContext,
): Promise<boolean> => {
  if (!inputs.deleteData || typeof pullRequest !== 'number' || !github) return true
  return (await readPullRequest(github, pullRequest, log))?.state === 'closed'
}

const sweepOne = async (tie: SweepCandidate, run: RunContext): Promise<SweepResult> => {
  const { branch } = tie
  const changes: Change[] = []
  const onBranch = (made: Change): Change => ({
    change: 'sweep_branch',
    branch: branch.name,
    branch_id: branch.id,
    made,
  })
  const hands = handsFor(branch, run)
  const making: Hands['making'] = (change, work) => hands.making(onBranch(change), work)
  const record = (change: Change): void => {
    changes.push(onBranch(change))
    run.progress.changes.push(onBranch(change))
  }
  try {
    const desired = desiredClose(run.inputs, run.inputs.trustedDomains)
    const { state } = await observeClosing(run.neon, branch, desired.onClose)
    const planned = planClose(desired, state)
    if (planned.length === 0) return { tie, changes }
    if (run.inputs.dryRun) return { tie, changes: planned.map(onBranch) }
    if (await stillClosed(tie, run)) await turnOffAuth(desired, { ...hands, making, record })
    return { tie, changes }
  } catch (error) {
    if (error instanceof RunAborted) throw error
    // Here and now: a sweep that is cut off lists no failures.
    run.log.info(`Could not close ${oneLine(branch.name, 100)}: ${messageOf(error)}`)
    return { tie, changes, failure: messageOf(error) }
  }
}

/** Works through the ties in several lanes, each at a pace that keeps inside Neon's limit. */
const sweepAll = async (
  ties: readonly SweepCandidate[],
  run: RunContext,
): Promise<SweepResult[]> => {
  const outcomes: SweepResult[] = []
  const waiting = [...ties]
  const paced = ties.length > WORKERS * 10
  const lane = async (): Promise<void> => {
    for (let tie = waiting.shift(); tie; tie = waiting.shift()) {
      const started = performance.now()
      const outcome = await sweepOne(tie, run)
      outcomes.push(outcome)
      // One read tells that auth is off; closing reads once more and writes.
      const requests = outcome.changes.length > 0 ? 3 : 1
      const rest = PACE_MS * requests - (performance.now() - started)
      if (paced && rest > 0) await run.deadline.sleep(rest, 'branches were still to be swept')
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, lane))
  return outcomes
}

const failuresOf = (outcomes: readonly SweepResult[]): string[] =>
  outcomes.flatMap(({ tie, failure }) =>
    failure === undefined
      ? []
      : [`${tie.branch.name} (${tie.branch.id}): ${failure.replaceAll('\n', ' ')}`],
  )

/**
 * Closes what closed pull requests left behind: a pull request that closes with a merge conflict
 * fires no event. Only branches whose pull request GitHub says is closed are touched, with the same
 * guards as a close. One that fails does not stop the others. Throws `Problem` that lists them.
 */
export const sweepRun = async (_: Intent & { kind: 'sweep' }, run: RunContext): Promise<Report> => {
  const { inputs, log } = run
  const ties = await tiedBranches(run)
  const states = await statesOf(ties, run)
  const closed = ties.filter((tie) => isSwept(tie, states))
  log.info(
    `${ties.length} branches belong to pull requests, ${closed.length} of them to closed ones.`,
  )
  if (inputs.onClose === 'keep')
    return { action: 'swept', changes: [], note: '`on_close: keep` leaves them as they are.' }
  const outcomes = await sweepAll(closed, run)
  for (const { tie, changes } of outcomes) {
    if (changes.length > 0)
      log.info(
        `${inputs.dryRun ? 'Would close' : 'Closed'} ${tie.branch.name}: ${pullRequestName(tie)} is closed.`,
      )
  }
  const failures = failuresOf(outcomes)
  const changes = outcomes.flatMap((outcome) => outcome.changes)
  if (failures.length === 0) return { action: inputs.dryRun ? 'planned' : 'swept', changes }
  throw new Problem({
    what: `${failures.length} of ${closed.length} branches could not be swept:\n${bulletList(failures.map((line) => oneLine(line, 600)))}`,
    fix: 'run the sweep again; what was swept stays swept',
  })
}
