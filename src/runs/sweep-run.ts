import type { ChangeContext } from '../auth/context.ts'
import { observeForClose } from '../auth/observe.ts'
import { type Change, type DesiredClose, planClose } from '../auth/plan.ts'
import {
  BranchGone,
  confirmBranch,
  createPreconditions,
  type Preconditions,
} from '../auth/preconditions.ts'
import { turnOffAuth } from '../auth/turn-off.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem, type ProblemParts } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import {
  type RefState,
  readHeadRefStates,
  readPullRequestStates,
} from '../github/endpoints/pull-requests.ts'
import { type FoundBranch, listAllBranches, toFoundBranch } from '../neon/branches.ts'
import { withContext } from '../neon/errors.ts'
import { annotationOf, sameName } from '../preview/branch-ownership.ts'
import { createRepositoryCheck } from '../preview/find-branch.ts'
import {
  describeClosedOwners,
  isLeftBehind,
  type OwnerStates,
  refreshOwnerStates,
  type SweepCandidate,
  toSweepCandidate,
} from '../preview/sweep-candidates.ts'
import type { Report } from '../report/report.ts'
import { desiredClose } from './close-run.ts'
import { changeContext, type RunContext } from './context.ts'
import { assertUsable, readRequestedDomains } from './trusted-domains-input.ts'

/** The context of a sweep. Without GitHub, nothing shows which pull requests are closed. */
interface SweepContext extends RunContext {
  readonly github: GitHub
}

/** How many branches are closed in parallel. */
const WORKERS = 5
/** The minimum time for one request, in ms. All workers together stay near 670 requests a minute; Neon allows 700. */
const PACE_MS = 90

interface SweepResult {
  readonly candidate: SweepCandidate
  readonly changes: readonly Change[]
  readonly failure?: string
}

/**
 * Lists every branch that may belong to a pull request. Without `allow_protected`, skips the default branch and
 * protected ones. Throws `Problem` if Neon refuses.
 */
const listCandidates = async ({
  neon,
  github,
  event,
  inputs,
}: RunContext): Promise<SweepCandidate[]> =>
  withContext(`Could not list the branches of the Neon project ${neon.projectId}.`, async () => {
    const listing = await listAllBranches(neon)
    const annotated = listing.branches.flatMap(
      ({ id }) => annotationOf(listing, id).repository ?? [],
    )
    const others = [...new Set(annotated)].filter((name) => !sameName(name, event.repository))
    const checkRepository = await createRepositoryCheck(event.repository, others, github)
    return listing.branches
      .map(toFoundBranch)
      .filter((branch) => inputs.allowProtected || !(branch.isDefault || branch.isProtected))
      .flatMap(
        (branch) =>
          toSweepCandidate(branch, annotationOf(listing, branch.id), checkRepository) ?? [],
      )
  })

const statesUnknownProblem = (more: Omit<ProblemParts, 'what'>): Problem =>
  new Problem({
    what: 'Could not find out which pull requests are closed, so nothing was swept.',
    ...more,
  })

/**
 * Reads the states of head refs. If GitHub refuses, returns the error instead, because branches with a number
 * can still be swept.
 */
const readRefStates = async (
  github: GitHub,
  refs: readonly string[],
): Promise<{ byRef: ReadonlyMap<string, RefState>; refsError?: string }> => {
  try {
    return { byRef: await readHeadRefStates(github, refs) }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { byRef: new Map(), refsError: error.message }
  }
}

/** Reads the states of all owners. Throws `Problem` if the states of the numbers cannot be read. */
const readOwnerStates = async (
  candidates: readonly SweepCandidate[],
  { github }: SweepContext,
): Promise<{ states: OwnerStates; refsError?: string }> => {
  const numbers = new Set(candidates.flatMap((candidate) => candidate.numbers))
  const refs = new Set(candidates.flatMap(({ ref }) => (ref === undefined ? [] : [ref])))
  try {
    const byNumber = await readPullRequestStates(github, [...numbers])
    const { byRef, ...failure } = await readRefStates(github, [...refs])
    return { states: { byNumber, byRef }, ...failure }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    throw statesUnknownProblem({ response: `GitHub: ${error.message}`, cause: error })
  }
}

/** Returns a failure for each branch whose sweep depends only on a head ref that GitHub refused to look up. */
const unknownOwnerFailures = (
  candidates: readonly SweepCandidate[],
  states: OwnerStates,
  refsError: string | undefined,
): SweepResult[] =>
  refsError === undefined
    ? []
    : candidates
        .filter(({ ref, ...others }) => ref !== undefined && isLeftBehind(others, states))
        .map((candidate) => ({
          candidate,
          changes: [],
          failure: `GitHub did not say whether its git branch is gone (${refsError}). Private repositories may need \`permissions: contents: read\``,
        }))

/** Stops closing a branch because GitHub no longer shows every owner as closed. */
class BranchNeeded extends Error {}

/** Creates the preconditions for sweeping one branch. They check it again, because the listing may be old. */
const sweepPreconditions = (candidate: SweepCandidate, run: SweepContext): Preconditions => {
  const { neon, github, inputs, deadline } = run
  const assertLeftBehind = async (): Promise<void> => {
    if (!isLeftBehind(candidate, await refreshOwnerStates(candidate, github)))
      throw new BranchNeeded()
  }
  const read = async (): Promise<void> => {
    await Promise.all([
      confirmBranch(neon, candidate.branch, inputs.allowProtected),
      assertLeftBehind(),
    ])
  }
  return createPreconditions(read, deadline)
}

/** Returns the context for changing one branch. It records each change as part of the sweep. */
const sweepContext = (
  candidate: SweepCandidate,
  changes: Change[],
  run: SweepContext,
): ChangeContext => {
  const { branch } = candidate
  const context = changeContext(branch, sweepPreconditions(candidate, run), run)
  return {
    ...context,
    track: (change, work) => context.track(sweepChange(branch, change), work),
    record: (change) => {
      const swept = sweepChange(branch, change)
      changes.push(swept)
      run.journal.applied.push(swept)
    },
  }
}

const sweepChange = ({ name, id }: FoundBranch, made: Change): Change => ({
  change: 'sweep_branch',
  branch: name,
  branch_id: id,
  made,
})

const sweepBranch = async (
  candidate: SweepCandidate,
  desired: DesiredClose,
  run: SweepContext,
): Promise<SweepResult> => {
  const { branch } = candidate
  const changes: Change[] = []
  try {
    const { state } = await observeForClose(run.neon, branch, desired.onClose)
    const planned = planClose(desired, state).map((change) => sweepChange(branch, change))
    if (planned.length === 0) return { candidate, changes }
    if (run.inputs.dryRun) return { candidate, changes: planned }
    await turnOffAuth(desired, sweepContext(candidate, changes, run))
    return { candidate, changes }
  } catch (error) {
    if (error instanceof RunAborted) throw error
    if (error instanceof BranchNeeded) {
      run.log.info(
        `${oneLine(branch.name, 100)} was skipped, because GitHub no longer shows its pull request as closed.`,
      )
      return { candidate, changes }
    }
    if (error instanceof BranchGone) return { candidate, changes }
    // Log it now, because a sweep that is aborted does not list its failures.
    run.log.info(`Could not close ${oneLine(branch.name, 100)}: ${messageOf(error)}`)
    return { candidate, changes, failure: messageOf(error) }
  }
}

/** Sweeps the candidates with several workers, slowly enough for Neon's rate limit. */
const sweepBranches = async (
  candidates: readonly SweepCandidate[],
  desired: DesiredClose,
  run: SweepContext,
): Promise<SweepResult[]> => {
  const results: SweepResult[] = []
  const queue = [...candidates]
  const isPaced = candidates.length > WORKERS * 10
  const { deadline } = run
  let countedResponses = deadline.responses
  let nextAt = 0
  const worker = async (): Promise<void> => {
    for (let candidate = queue.shift(); candidate; candidate = queue.shift()) {
      results.push(await sweepBranch(candidate, desired, run))
      // A wait, such as for a rate limit, must not let the workers hurry afterward.
      const now = performance.now()
      nextAt = Math.max(nextAt, now) + PACE_MS * (deadline.responses - countedResponses)
      countedResponses = deadline.responses
      const pause = nextAt - now
      if (isPaced && queue.length > 0 && pause > 0)
        await deadline.sleep(pause, 'waiting to sweep the remaining branches')
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
  return results
}

const describeFailures = (results: readonly SweepResult[]): string[] =>
  results.flatMap(({ candidate, failure }) =>
    failure === undefined
      ? []
      : [`${candidate.branch.name} (${candidate.branch.id}): ${failure.replaceAll('\n', ' ')}`],
  )

/** Returns the desired state. Throws `Problem` for an unusable domain only if the sweep removes domains. */
const desiredForSweep = async (run: RunContext): Promise<DesiredClose> => {
  if (run.inputs.onClose !== 'untrust') return desiredClose(run.inputs, [])
  const requested = await readRequestedDomains({}, run)
  assertUsable(requested)
  return desiredClose(run.inputs, requested.origins)
}

/**
 * Closes the branches that closed pull requests left behind, for example because a merge conflict prevented
 * the `closed` run. Changes only branches whose pull requests are all closed according to GitHub, with the same
 * checks as a close. Continues after a failure. At the end, throws one `Problem` that lists the failures.
 */
export const sweepRun = async (context: RunContext): Promise<Report> => {
  const { github, inputs, log } = context
  if (!github) {
    throw statesUnknownProblem({
      fix: 'pass `github_token` (it is set by default) to a job with `permissions: pull-requests: read`',
    })
  }
  const run = { ...context, github }
  const action = inputs.dryRun ? 'planned' : 'swept'
  const candidates = await listCandidates(run)
  const { states, refsError } = await readOwnerStates(candidates, run)
  const closed = candidates.filter((candidate) => isLeftBehind(candidate, states))
  log.info(
    `${candidates.length} branches belong to pull requests, ${closed.length} of them to closed ones.`,
  )
  if (inputs.onClose === 'keep')
    return { action, changes: [], note: '`on_close: keep` leaves the branches unchanged.' }
  const unknown = unknownOwnerFailures(candidates, states, refsError)
  const swept = await sweepBranches(closed, await desiredForSweep(run), run)
  const results = [...swept, ...unknown]
  for (const { candidate, changes } of results) {
    if (changes.length > 0)
      log.info(
        `${inputs.dryRun ? 'Would close' : 'Closed'} ${candidate.branch.name}: ${describeClosedOwners(candidate)}.`,
      )
  }
  const failures = describeFailures(results)
  const changes = results.flatMap((result) => result.changes)
  if (failures.length === 0) return { action, changes }
  throw new Problem({
    what: `${failures.length} of ${results.length} branches could not be swept:\n${bulletList(failures.map((line) => oneLine(line, 600)))}`,
    fix: 'run the sweep again; swept branches stay swept',
  })
}
