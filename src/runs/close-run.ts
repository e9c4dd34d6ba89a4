import type { Inputs } from '../action/inputs.ts'
import { skipReopened, type Target } from '../action/intent.ts'
import { PullRequestReopened } from '../auth/context.ts'
import { guardBranch } from '../auth/guard.ts'
import { type ObservedForClose, observeForClose } from '../auth/observe.ts'
import { type DesiredClose, planClose } from '../auth/plan.ts'
import {
  BranchGone,
  confirmBranch,
  createPreconditions,
  type KnownPreconditions,
  type Preconditions,
} from '../auth/preconditions.ts'
import { type ClosedAuth, type CloseSnapshot, turnOffAuth } from '../auth/turn-off.ts'
import type { DomainList } from '../domains/list.ts'
import type { CommentRecord } from '../github/comment-record.ts'
import type { FoundComment } from '../github/endpoints/find-own-comments.ts'
import { type OwnedBranch, undecidedProblem } from '../preview/branch-ownership.ts'
import { type CloseScope, closeScope, isShared } from '../preview/close-scope.ts'
import { describeSearch } from '../preview/find-branch.ts'
import type { Report } from '../report/report.ts'
import { collectDomains, type Domains, NO_DOMAINS } from './collect-domains.ts'
import { type BranchIntent, changeContext, type RunContext, selectBranch } from './context.ts'
import { deleteCreatedUsers, listCreatedUsers } from './delete-created-users.ts'
import { findExclusiveOrigins } from './exclusive-domains.ts'
import { type LocatedBranch, locate, withHeadCommit } from './locate.ts'
import {
  readEarlierComments,
  recordFor,
  updateComment,
  withFailureComment,
} from './pull-request-comment.ts'
import { assertKnownClosed, assertNotReopened } from './pull-request-state.ts'
import { type GetEarlyState, readEarly } from './read-early.ts'
import { planReport, skipReport } from './reports.ts'
import { assertUsable, readRequestedDomains, warnAboutUnusable } from './trusted-domains-input.ts'
import { warnAboutUndeleted } from './undeleted-data.ts'

const NO_BRANCH = "This run's Neon branch does not exist, so there is nothing to close."

/** The maximum number of attempts. Another one follows only if the branch is gone, because it may have been created again. */
const MAX_ATTEMPTS = 3

/** How reopening the pull request affects the data that a close kept, by `on_orphan_schema`. */
const REOPEN_EFFECTS: Readonly<Record<Inputs['onOrphanSchema'], string>> = {
  fail: 'If the pull request is reopened, Neon refuses to enable auth over that schema, and the run fails with instructions: see `on_orphan_schema` and `delete_data`.',
  recreate:
    'If the pull request is reopened, `on_orphan_schema: recreate` deletes that data for good and enables auth without it.',
  restore:
    'If the pull request is reopened, `on_orphan_schema: restore` (experimental) enables auth and brings that data back.',
}

const closeNote = (
  { action }: ClosedAuth,
  { onClose, deleteData, trustedDomains }: DesiredClose,
  { onOrphanSchema }: Inputs,
): string => {
  if (onClose === 'untrust') {
    if (action === 'already_gone') return 'Auth was already off.'
    return trustedDomains.length === 0
      ? 'No domain was removed: this run found none that only this pull request uses. See `trusted_domains`.'
      : ''
  }
  if (action === 'already_gone') {
    const mayRemain = 'If an earlier close kept the data, it is still in the schema neon_auth.'
    return deleteData
      ? `Auth was already off, so the run did not touch its data. ${mayRemain} To remove it, delete the branch or run DROP SCHEMA neon_auth CASCADE. ${REOPEN_EFFECTS[onOrphanSchema]}`
      : `${mayRemain} ${REOPEN_EFFECTS[onOrphanSchema]}`
  }
  return deleteData
    ? 'If the pull request is reopened, auth is enabled without the deleted users.'
    : `Its data is kept in the schema neon_auth. ${REOPEN_EFFECTS[onOrphanSchema]}`
}

/** Returns the desired state of a close. `trustedDomains` are the domains that it may remove. */
export const desiredClose = (
  { deleteData, onClose }: Inputs,
  trustedDomains: readonly string[],
): DesiredClose => ({
  onClose: onClose === 'untrust' ? 'untrust' : 'disable',
  deleteData,
  trustedDomains,
})

/** The pull request and the branch that a run closes. */
interface BranchToClose {
  readonly target: Target
  readonly located: LocatedBranch
  readonly owned: OwnedBranch
  /** `false` if an earlier branch is gone. This one may belong to a reopened pull request. */
  readonly isFirstAttempt: boolean
  /** Whether the run has deleted test users first. */
  readonly isAfterUsers?: boolean
  readonly getEarlyState: GetEarlyState<ObservedForClose>
}

/**
 * Returns whether the `closed` event itself confirms the first write. This requires that nobody else can own
 * the branch, and that the branch existed when the run began.
 */
const confirmsFirstWrite = ({ target, owned, isFirstAttempt }: BranchToClose): boolean =>
  target.pullRequest?.state === 'closed' && isFirstAttempt && !isShared(owned)

/** Returns how much of the branch's auth this run may remove. If the user named the branch, it may remove all of it. */
const readCloseScope = (
  { target, located, owned }: BranchToClose,
  { github }: RunContext,
): Promise<CloseScope> => closeScope(owned, { number: target.prNumber, ...located.pull }, github)

/** Stops closing a branch because something else now needs it. The message says what. */
class BranchShared extends Error {}

/**
 * Creates the preconditions for a close: the branch may be changed, a pull request that was closed is still closed,
 * and if the run may remove all of auth, nothing else needs it. If {@link confirmsFirstWrite} is true, the first write
 * needs no answer from GitHub.
 */
const closingPreconditions = (
  closing: BranchToClose,
  scope: CloseScope,
  known: KnownPreconditions | undefined,
  run: RunContext,
): Preconditions => {
  const { pull } = closing.located
  const { branch } = closing.owned
  const assertOwnersClosed = async (isFirstWrite: boolean): Promise<void> => {
    const isConfirmedByEvent = isFirstWrite && confirmsFirstWrite(closing)
    if (pull?.state === 'closed') {
      if (!isConfirmedByEvent) await assertKnownClosed(pull.number, run)
      // The pull request may have been reopened while the run looked for users and deleted them.
      else if (closing.isAfterUsers) await assertNotReopened(closing.target, run)
    }
    if (scope.scope !== 'branch') return
    const current = await readCloseScope(closing, run)
    if (current.scope === 'domains') throw new BranchShared(current.why)
  }
  const read = async (isFirstWrite: boolean): Promise<void> => {
    await Promise.all([
      confirmBranch(run.neon, branch, run.inputs.allowProtected),
      assertOwnersClosed(isFirstWrite),
    ])
  }
  return createPreconditions(read, run.deadline, known)
}

/**
 * Returns whether the run sends requests between finding the branch and its first removal. If so, an early
 * state could be too old for the removal.
 */
const readsBeforeRemoval = ({ comment, discoverDomains, e2eSession, onClose }: Inputs): boolean =>
  comment || e2eSession === true || (onClose === 'untrust' && discoverDomains)

/** Starts reading auth while the run looks for the branch, if the branch's ID is known. */
const observeEarly = (target: Target, run: RunContext): GetEarlyState<ObservedForClose> => {
  if (readsBeforeRemoval(run.inputs)) return async () => undefined
  const { onClose } = desiredClose(run.inputs, [])
  return readEarly(target, run, (branch) => observeForClose(run.neon, branch, onClose))
}

/**
 * Returns the early state if the first write may rely on it. This requires that the event confirms that the pull
 * request is closed, and that the run listed the branch at the same time.
 */
const knownState = async (closing: BranchToClose): Promise<CloseSnapshot | undefined> =>
  confirmsFirstWrite(closing) ? closing.getEarlyState(closing.owned.branch) : undefined

/**
 * Returns the requested domains. With `on_close: untrust`, throws `Problem` if one is unusable. Otherwise, the
 * run removes domains only because others still need the branch, so this only warns.
 */
const requestedForClose = async (target: Target, run: RunContext): Promise<DomainList> => {
  const requested = await readRequestedDomains(target, run)
  if (run.inputs.onClose === 'untrust') assertUsable(requested)
  else warnAboutUnusable(requested, run)
  return requested
}

/** Returns the domains to remove: the requested ones, and the deployed ones that nobody else uses. */
const domainsToRemove = async (
  target: Target,
  record: CommentRecord | undefined,
  run: RunContext,
): Promise<{ domains: Domains; remove: readonly string[] }> => {
  const requested = await requestedForClose(target, run)
  const domains = await collectDomains(target, requested, run)
  const deployed = [...domains.deployed, ...(record?.deployed ?? [])]
  const exclusive = await findExclusiveOrigins(deployed, target, run)
  return { domains, remove: [...requested.origins, ...exclusive] }
}

/** Returns whether to delete the users that runs created for sessions. Deleting all auth data includes them. */
const deletesCreatedUsers = ({ onClose, deleteData }: DesiredClose, { e2eSession }: Inputs) =>
  e2eSession === true && !(onClose === 'disable' && deleteData)

const closeBranch = async (
  closing: BranchToClose,
  scope: CloseScope,
  earlier: readonly FoundComment[],
  run: RunContext,
): Promise<{ report: Report; domains: Domains }> => {
  const { inputs, log, neon, journal } = run
  const { target, owned } = closing
  const { branch } = owned
  const onClose = scope.scope === 'domains' ? 'untrust' : inputs.onClose
  const scopeNote =
    scope.scope === 'domains'
      ? `Only this pull request's domains are removed, because ${scope.why}.`
      : ''
  if (scopeNote) log.notice(scopeNote)
  const { domains, remove } =
    onClose === 'untrust'
      ? await domainsToRemove(target, recordFor(earlier, branch), run)
      : { domains: NO_DOMAINS, remove: [] }
  const desired = desiredClose({ ...inputs, onClose }, remove)
  const deletesUsers = deletesCreatedUsers(desired, inputs)
  if (inputs.dryRun) {
    const { state } = await observeForClose(neon, branch, desired.onClose)
    const ids = deletesUsers ? await listCreatedUsers(target.prNumber, { ...run, branch }) : []
    const deletions = ids.map((id) => ({ change: 'delete_user', id }) as const)
    const report = planReport([...deletions, ...planClose(desired, state)], branch, log)
    return { report, domains }
  }
  const createContext = (isAfterUsers: boolean, preconditions?: KnownPreconditions) =>
    changeContext(
      branch,
      closingPreconditions({ ...closing, isAfterUsers }, scope, preconditions, run),
      run,
    )
  // Deleting users gets its own preconditions, because auth is turned off even if that fails.
  if (deletesUsers) await deleteCreatedUsers(target.prNumber, createContext(false), run)
  const known = await knownState(closing)
  const context = createContext(deletesUsers, known && { since: known.since, mayRemove: true })
  const closed = await turnOffAuth(desired, context, known)
  if (desired.onClose === 'disable') await warnAboutUndeleted(branch, run)
  const resultNote = closeNote(closed, desired, inputs)
  if (resultNote) log.info(resultNote)
  const note = [scopeNote, resultNote].filter(Boolean).join(' ')
  const report = { ...closed, branch, changes: journal.applied, ...(note && { note }) }
  return { report, domains }
}

const nothingToClose = async (
  { search, found }: LocatedBranch,
  target: Target,
  run: RunContext,
): Promise<Report> => {
  const { log } = run
  if (found.undecided) throw undecidedProblem(found.undecided)
  log.info(NO_BRANCH)
  if (found.listed.length > 0)
    log.warning(
      `${NO_BRANCH} If the preview has a branch under another name, its auth may still be on. Set \`branch\` to that name.\n${describeSearch(search, found)}`,
    )
  const report: Report = { action: 'already_gone', changes: [], note: NO_BRANCH }
  await updateComment(report, target, NO_DOMAINS, run)
  return report
}

const closeLocated = async (
  attempt: Omit<BranchToClose, 'owned'>,
  earlier: readonly FoundComment[],
  run: RunContext,
): Promise<Report> => {
  const { target, located } = attempt
  const { owned } = located.found
  if (!owned) return nothingToClose(located, target, run)
  guardBranch(owned.branch, run.inputs.allowProtected)
  selectBranch(owned.branch, run)
  const closing = { ...attempt, owned }
  const close = (scope: CloseScope) => closeBranch(closing, scope, earlier, run)
  const scope = await readCloseScope(closing, run)
  const { report, domains } = await close(scope).catch((error: unknown) => {
    if (!(error instanceof BranchShared)) throw error
    return close({ scope: 'domains', why: error.message })
  })
  await updateComment(report, target, domains, run)
  return report
}

const closeTarget = async (target: Target, run: RunContext): Promise<Report> => {
  for (let attempt = 1; ; attempt++) {
    const locating = locate(target, run)
    const getEarlyState = observeEarly(target, run)
    const [located, earlier] = await Promise.all([locating, readEarlierComments(target, run)])
    try {
      return await closeLocated(
        { target, located, isFirstAttempt: attempt === 1, getEarlyState },
        earlier,
        run,
      )
    } catch (error) {
      // The branch may have been created again under the same name.
      if (!(error instanceof BranchGone) || attempt === MAX_ATTEMPTS) throw error
    }
  }
}

/**
 * Closes auth on the target's branch according to `on_close`. Succeeds if the branch is gone or auth is
 * already off. If others still need the branch, removes only this pull request's domains. Skips the run if the pull
 * request was reopened. Throws `Problem` if the branch's owner is uncertain, if Neon refuses, or, without
 * `allow_protected`, if the branch is protected or the default branch.
 */
export const closeRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { inputs, log, journal } = run
  if (inputs.deleteData && inputs.onClose === 'untrust') {
    log.warning('`delete_data` has no effect with `on_close: untrust`, because auth stays on.')
  }
  const target = await withHeadCommit(intent.target, run)
  try {
    return await withFailureComment(target, run, () => closeTarget(target, run))
  } catch (error) {
    if (!(error instanceof PullRequestReopened)) throw error
    return skipReport(skipReopened(target), log, journal.applied)
  }
}
