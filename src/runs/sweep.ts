import type { Intent } from '../action/intent.ts'
import type { ChangeContext } from '../auth/context.ts'
import { BranchGone, confirmBranch, createGrounds, type Grounds } from '../auth/grounds.ts'
import { observeClosing } from '../auth/observe.ts'
import { type Change, type DesiredClose, planClose } from '../auth/plan.ts'
import { turnOffAuth } from '../auth/turn-off.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { type GitHub, GitHubRefused } from '../github/api.ts'
import { headRefStates, pullRequestStates, type RefState } from '../github/pull-requests.ts'
import { type FoundBranch, listAll, toFound } from '../neon/branches.ts'
import { withContext } from '../neon/errors.ts'
import { checkRepositories } from '../preview/find-branch.ts'
import { annotationOf, sameName } from '../preview/ownership.ts'
import {
  candidateOf,
  currentStates,
  isLeftBehind,
  type OwnerStates,
  ownersOf,
  type SweepCandidate,
} from '../preview/sweeping.ts'
import type { Report } from '../report/report.ts'
import { desiredClose } from './close.ts'
import { changeContext, type RunContext } from './context.ts'
import { assertUsable, requestedDomains } from './requested-domains.ts'

/** How many branches are closed side by side. */
const WORKERS = 5
/** The least time that one request takes in a lane, in ms: 5 lanes then make 670 a minute of Neon's 700. */
const PACE_MS = 450
/** Requests to Neon for a branch that is closed: two reads of its auth, one of itself, one write. */
const REQUESTS_TO_CLOSE = 4

interface SweepResult {
  readonly candidate: SweepCandidate
  readonly changes: readonly Change[]
  readonly failure?: string
}

/** Lists every branch that may belong to a pull request, guarded branches aside. */
const sweepCandidates = async ({
  neon,
  github,
  event,
  inputs,
}: RunContext): Promise<SweepCandidate[]> =>
  withContext(`Could not list the branches of the Neon project ${neon.projectId}.`, async () => {
    const listing = await listAll(neon)
    const annotated = listing.branches.flatMap(
      ({ id }) => annotationOf(listing, id).repository ?? [],
    )
    const others = [...new Set(annotated)].filter((name) => !sameName(name, event.repository))
    const isThisRepository = await checkRepositories(event.repository, others, github)
    return listing.branches
      .map(toFound)
      .filter((branch) => inputs.allowProtected || !(branch.isDefault || branch.isProtected))
      .flatMap(
        (branch) => candidateOf(branch, annotationOf(listing, branch.id), isThisRepository) ?? [],
      )
  })

const notLearned = (error: GitHubRefused): Problem =>
  new Problem({
    what: 'Could not learn which pull requests are closed, so nothing was swept.',
    response: `GitHub answered: ${error.message}`,
    cause: error,
  })

/** Head refs that cannot be read do not stop the branches that are known by number. */
const refStatesOrUnknown = async (
  github: GitHub,
  refs: readonly string[],
  { log }: RunContext,
): Promise<ReadonlyMap<string, RefState>> => {
  try {
    return await headRefStates(github, refs)
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    log.warning(
      `Branches named after a git branch alone were not swept: GitHub did not say which git branches are gone (${error.message}). Private repositories may need \`permissions: contents: read\`.`,
    )
    return new Map()
  }
}

const statesOf = async (
  candidates: readonly SweepCandidate[],
  run: RunContext,
): Promise<OwnerStates> => {
  const { github } = run
  if (!github) {
    throw new Problem({
      what: 'Could not learn which pull requests are closed, so nothing was swept.',
      fix: 'pass `github_token` (it is set by default) to a job with `permissions: pull-requests: read`',
    })
  }
  const numbers = new Set(candidates.flatMap((candidate) => candidate.numbers))
  const refs = new Set(candidates.flatMap(({ ref }) => (ref === undefined ? [] : [ref])))
  try {
    const byNumber = await pullRequestStates(github, [...numbers])
    return { byNumber, byRef: await refStatesOrUnknown(github, [...refs], run) }
  } catch (error) {
    throw error instanceof GitHubRefused ? notLearned(error) : error
  }
}

/** Ends the closing of a branch that is needed again. */
class NoLongerClosed extends Error {}

/** The grounds on which one branch is swept, read anew for it: the listing does not count. */
const sweepGrounds = (candidate: SweepCandidate, run: RunContext): Grounds => {
  const { neon, github, inputs, deadline } = run
  const assertLeftBehind = async (): Promise<void> => {
    if (!github || !isLeftBehind(candidate, await currentStates(candidate, github)))
      throw new NoLongerClosed()
  }
  const read = async (): Promise<void> => {
    await Promise.all([
      confirmBranch(neon, candidate.branch, inputs.allowProtected),
      assertLeftBehind(),
    ])
  }
  return createGrounds(read, deadline)
}

/** The context of one branch, whose changes are recorded as this sweep's. */
const sweepContext = (
  candidate: SweepCandidate,
  changes: Change[],
  run: RunContext,
): ChangeContext => {
  const { branch } = candidate
  const context = changeContext(branch, sweepGrounds(candidate, run), run)
  return {
    ...context,
    track: (change, work) => context.track(onBranch(branch, change), work),
    record: (change) => {
      changes.push(onBranch(branch, change))
      run.journal.applied.push(onBranch(branch, change))
    },
  }
}

const onBranch = ({ name, id }: FoundBranch, made: Change): Change => ({
  change: 'sweep_branch',
  branch: name,
  branch_id: id,
  made,
})

const sweepOne = async (
  candidate: SweepCandidate,
  desired: DesiredClose,
  run: RunContext,
): Promise<SweepResult> => {
  const { branch } = candidate
  const changes: Change[] = []
  try {
    const { state } = await observeClosing(run.neon, branch, desired.onClose)
    const planned = planClose(desired, state).map((change) => onBranch(branch, change))
    if (planned.length === 0) return { candidate, changes }
    if (run.inputs.dryRun) return { candidate, changes: planned }
    await turnOffAuth(desired, sweepContext(candidate, changes, run))
    return { candidate, changes }
  } catch (error) {
    if (error instanceof RunAborted) throw error
    if (error instanceof NoLongerClosed) {
      run.log.info(`${oneLine(branch.name, 100)} is left alone: its pull request was reopened.`)
      return { candidate, changes }
    }
    if (error instanceof BranchGone) return { candidate, changes }
    // Logged here and now: a sweep that is cut off lists no failures.
    run.log.info(`Could not close ${oneLine(branch.name, 100)}: ${messageOf(error)}`)
    return { candidate, changes, failure: messageOf(error) }
  }
}

/** Works through the candidates with several workers, at a pace that keeps inside Neon's limit. */
const sweepAll = async (
  candidates: readonly SweepCandidate[],
  desired: DesiredClose,
  run: RunContext,
): Promise<SweepResult[]> => {
  const results: SweepResult[] = []
  const waiting = [...candidates]
  const isPaced = candidates.length > WORKERS * 10
  const worker = async (): Promise<void> => {
    for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
      const started = performance.now()
      const result = await sweepOne(candidate, desired, run)
      results.push(result)
      const requests = result.changes.length > 0 ? REQUESTS_TO_CLOSE : 1
      const rest = PACE_MS * requests - (performance.now() - started)
      if (isPaced && rest > 0) await run.deadline.sleep(rest, 'branches were still to be swept')
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
  return results
}

const failuresOf = (outcomes: readonly SweepResult[]): string[] =>
  outcomes.flatMap(({ candidate, failure }) =>
    failure === undefined
      ? []
      : [`${candidate.branch.name} (${candidate.branch.id}): ${failure.replaceAll('\n', ' ')}`],
  )

/** Domains matter only to a sweep that removes them; any other does not judge them. */
const desiredOf = async (run: RunContext): Promise<DesiredClose> => {
  if (run.inputs.onClose !== 'untrust') return desiredClose(run.inputs, [])
  const requested = await requestedDomains({}, run)
  assertUsable(requested)
  return desiredClose(run.inputs, requested.origins)
}

/**
 * Closes what closed pull requests left behind: a pull request that closes with a merge conflict
 * fires no event. Only branches whose pull request GitHub says is closed are touched, with the same
 * guards as a close. One that fails does not stop the others. Throws `Problem` that lists them.
 */
export const sweepRun = async (_: Intent & { kind: 'sweep' }, run: RunContext): Promise<Report> => {
  const { inputs, log } = run
  const candidates = await sweepCandidates(run)
  const states = await statesOf(candidates, run)
  const closed = candidates.filter((candidate) => isLeftBehind(candidate, states))
  log.info(
    `${candidates.length} branches belong to pull requests, ${closed.length} of them to closed ones.`,
  )
  if (inputs.onClose === 'keep')
    return { action: 'swept', changes: [], note: '`on_close: keep` leaves them as they are.' }
  const outcomes = await sweepAll(closed, await desiredOf(run), run)
  for (const { candidate, changes } of outcomes) {
    if (changes.length > 0)
      log.info(
        `${inputs.dryRun ? 'Would close' : 'Closed'} ${candidate.branch.name}: ${ownersOf(candidate)}.`,
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
