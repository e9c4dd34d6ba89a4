import type { Inputs } from '../action/inputs.ts'
import { skipReopened, type Target } from '../action/intent.ts'
import { PullRequestReopened } from '../auth/context.ts'
import { guardBranch } from '../auth/guard.ts'
import { type ObservedClosing, observeClosing } from '../auth/observe.ts'
import { type DesiredClose, planClose } from '../auth/plan.ts'
import {
  BranchGone,
  confirmBranch,
  createPreconditions,
  type KnownPreconditions,
  type Preconditions,
} from '../auth/preconditions.ts'
import { type ClosedAuth, type KnownClosing, turnOffAuth } from '../auth/turn-off.ts'
import type { DomainList } from '../domains/list.ts'
import type { CommentRecord } from '../github/comment-record.ts'
import { type OwnedBranch, undecidedProblem } from '../preview/branch-ownership.ts'
import { type CloseScope, closeScope, isShared } from '../preview/close-scope.ts'
import { describeSearch } from '../preview/find-branch.ts'
import type { Report } from '../report/report.ts'
import { type BranchIntent, changeContext, type RunContext, selectBranch } from './context.ts'
import { createdUsers, deleteCreatedUsers } from './delete-created-users.ts'
import { exclusiveOrigins } from './exclusive-domains.ts'
import { type LocatedBranch, locate, withHeadCommit } from './locate.ts'
import {
  comment,
  commentOf,
  type Earlier,
  recordFor,
  withFailureComment,
} from './pull-request-comment.ts'
import { assertKnownClosed } from './pull-request-state.ts'
import { readEarly, type TakeEarly } from './read-early.ts'
import { planReport, skipReport } from './reports.ts'
import { assertUsable, requestedDomains, warnOfUnusable } from './trusted-domains-input.ts'
import { warnOfUndeleted } from './undeleted-data.ts'
import { type Domains, domainsOf, NO_DOMAINS } from './wanted-domains.ts'

const NO_BRANCH = 'No Neon branch of this run exists, so there is nothing to close.'

/** How many times to look for the branch, because it may be deleted and created again in the meantime. */
const MAX_ATTEMPTS = 3

/** What reopening does with data that this close keeps, by `on_orphan_schema`. */
const REOPENING: Readonly<Record<Inputs['onOrphanSchema'], string>> = {
  fail: 'If the pull request is reopened, Neon refuses to enable auth over that schema, and the run fails with instructions: see `on_orphan_schema` and `delete_data`.',
  recreate:
    'If the pull request is reopened, `on_orphan_schema: recreate` deletes that data for good and enables auth without it.',
  restore:
    'If the pull request is reopened, `on_orphan_schema: restore` (experimental) enables auth and brings that data back.',
}

const closeNote = (
  { action }: ClosedAuth,
  { deleteData, trustedDomains }: DesiredClose,
  { onOrphanSchema }: Inputs,
): string => {
  if (action === 'already_gone') {
    const kept = 'If an earlier close kept the data, it is still in the schema neon_auth.'
    return deleteData
      ? `Auth was already off, so the run did not touch its data. ${kept} To remove it, delete the branch or run DROP SCHEMA neon_auth CASCADE. ${REOPENING[onOrphanSchema]}`
      : `${kept} ${REOPENING[onOrphanSchema]}`
  }
  if (action === 'disabled') {
    return deleteData
      ? 'If the pull request is reopened, auth is enabled without any users.'
      : `Its data is kept in the schema neon_auth. ${REOPENING[onOrphanSchema]}`
  }
  return trustedDomains.length === 0
    ? '`on_close: untrust` removes the domains in `trusted_domains`, which is empty.'
    : ''
}

/** Returns the desired state after a close, according to the inputs, for these domains. */
export const desiredClose = (
  { deleteData, onClose }: Pick<Inputs, 'deleteData' | 'onClose'>,
  trustedDomains: readonly string[],
): DesiredClose => ({
  onClose: onClose === 'untrust' ? 'untrust' : 'disable',
  deleteData,
  trustedDomains,
})

/** The pull request and the branch that a run closes. */
interface Closing {
  readonly target: Target
  readonly located: LocatedBranch
  readonly owned: OwnedBranch
  /** The first look for the branch: one that is found later may have been created after a reopening. */
  readonly isFirstLook: boolean
  readonly early: TakeEarly<ObservedClosing>
}

/**
 * Whether the `closed` event itself confirms the first write: only for a branch that nobody else can
 * own, and that was there when the run began.
 */
const confirmsFirstWrite = ({ target, owned, isFirstLook }: Closing): boolean =>
  target.pullRequest?.state === 'closed' && isFirstLook && !isShared(owned)

/** Returns how far this run may close the branch. */
const scopeOf = ({ target, owned }: Closing, { github }: RunContext): Promise<CloseScope> =>
  closeScope(owned, target.prNumber, github)

/** Stops closing a branch because another open pull request now uses it. */
class BranchShared extends Error {}

/**
 * Creates the preconditions of a close: the branch may be changed, and every possible owner is closed. For a
 * `closed` event on a branch that nobody else can own, the event itself confirms the first attempt.
 */
const closingPreconditions = (
  closing: Closing,
  scope: CloseScope,
  known: KnownPreconditions | undefined,
  run: RunContext,
): Preconditions => {
  const { pull } = closing.located
  const { branch } = closing.owned
  const assertOwnersClosed = async (isFirstWrite: boolean): Promise<void> => {
    const isConfirmedByEvent = isFirstWrite && confirmsFirstWrite(closing)
    if (pull?.state === 'closed' && !isConfirmedByEvent) await assertKnownClosed(pull.number, run)
    if (scope.scope !== 'branch') return
    const now = await scopeOf(closing, run)
    if (now.scope === 'domains') throw new BranchShared(now.why)
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
 * Whether the run sends requests between finding the branch and its first removal. What it read with the
 * branch is then older than the round just before, and a removal needs to read it again.
 */
const looksFurther = ({ comment, discoverDomains, e2eSession, onClose }: Inputs): boolean =>
  comment || e2eSession === true || (onClose === 'untrust' && discoverDomains)

/** Starts to read the auth of a branch that is known by its ID, beside looking for the branch. */
const observeEarly = (target: Target, run: RunContext): TakeEarly<ObservedClosing> => {
  if (looksFurther(run.inputs)) return async () => undefined
  const { onClose } = desiredClose(run.inputs, [])
  return readEarly(target, run, (branch) => observeClosing(run.neon, branch, onClose))
}

/**
 * Returns the state of a branch that the run knew by its ID, if the first write may rely on it: the branch
 * was listed at the same time, and the event confirms that the pull request is closed.
 */
const knownState = async (closing: Closing): Promise<KnownClosing | undefined> =>
  confirmsFirstWrite(closing) ? closing.early(closing.owned.branch) : undefined

/**
 * Returns the requested domains. Throws for unusable ones only with `on_close: untrust`. A close that
 * removes domains only because others need the branch warns about them instead.
 */
const requestedForClose = async (target: Target, run: RunContext): Promise<DomainList> => {
  const requested = await requestedDomains(target, run)
  if (run.inputs.onClose === 'untrust') assertUsable(requested)
  else warnOfUnusable(requested, run)
  return requested
}

/** Returns the domains to remove: the requested ones, and deployed ones that nobody else uses. */
const domainsToRemove = async (
  target: Target,
  record: CommentRecord | undefined,
  run: RunContext,
): Promise<{ domains: Domains; remove: readonly string[] }> => {
  const requested = await requestedForClose(target, run)
  const domains = await domainsOf(target, requested, run)
  const reported = [...domains.deployed, ...(record?.deployed ?? [])]
  const exclusive = await exclusiveOrigins(reported, target, run)
  return { domains, remove: [...requested.origins, ...exclusive] }
}

/**
 * Whether to delete the users that runs created for their sessions: not if there are none, or if all auth
 * data is deleted anyway.
 */
const deletesCreatedUsers = ({ onClose, deleteData }: DesiredClose, { e2eSession }: Inputs) =>
  e2eSession === true && !(onClose === 'disable' && deleteData)

const closeBranch = async (
  closing: Closing,
  scope: CloseScope,
  earlier: Earlier,
  run: RunContext,
): Promise<{ report: Report; domains: Domains }> => {
  const { inputs, log, neon, journal } = run
  const { target, owned } = closing
  const { branch } = owned
  const onClose = scope.scope === 'domains' ? 'untrust' : inputs.onClose
  const reason = scope.scope === 'domains' ? `Auth stays on, because ${scope.why}.` : ''
  if (reason) log.notice(reason)
  const { domains, remove } =
    onClose === 'untrust'
      ? await domainsToRemove(target, recordFor(earlier, branch), run)
      : { domains: NO_DOMAINS, remove: [] }
  const desired = desiredClose({ ...inputs, onClose }, remove)
  const deletesUsers = deletesCreatedUsers(desired, inputs)
  if (inputs.dryRun) {
    const { state } = await observeClosing(neon, branch, desired.onClose)
    const ids = deletesUsers ? await createdUsers(target.prNumber, { ...run, branch }) : []
    const forget = ids.map((id) => ({ change: 'delete_user', id }) as const)
    return { report: planReport([...forget, ...planClose(desired, state)], branch, log), domains }
  }
  const contextFor = (preconditions?: KnownPreconditions) =>
    changeContext(branch, closingPreconditions(closing, scope, preconditions, run), run)
  // Has its own preconditions: whether users can be deleted does not decide whether auth can be turned off.
  if (deletesUsers) await deleteCreatedUsers(target.prNumber, contextFor(), run)
  const known = deletesUsers ? undefined : await knownState(closing)
  const context = contextFor(known && { since: known.since, mayRemove: true })
  const closed = await turnOffAuth(desired, context, known)
  if (closed.action !== 'untrusted') await warnOfUndeleted(branch, run)
  const outlook = closeNote(closed, desired, inputs)
  if (outlook) log.info(outlook)
  const note = [reason, outlook].filter(Boolean).join(' ')
  const report = { ...closed, branch, changes: journal.applied, ...(note && { note }) }
  return { report, domains }
}

const nothingToClose = async (
  { search, found }: LocatedBranch,
  target: Target,
  earlier: Earlier,
  run: RunContext,
): Promise<Report> => {
  const { log } = run
  if (found.undecided) throw undecidedProblem(found.undecided)
  log.info(NO_BRANCH)
  const note = found.seen.length > 0 ? describeSearch(search, found.seen) : ''
  if (note)
    log.warning(
      `${NO_BRANCH} If the preview has a branch under another name, its auth is still on. Pass the name in the input \`branch\`.\n${note}`,
    )
  const gone: Report = { action: 'already_gone', changes: [], note: NO_BRANCH }
  await comment(gone, target, { earlier, domains: NO_DOMAINS }, run)
  return gone
}

const closeLocated = async (
  looked: Omit<Closing, 'owned'>,
  earlier: Earlier,
  run: RunContext,
): Promise<Report> => {
  const { target, located } = looked
  const { owned } = located.found
  if (!owned) return nothingToClose(located, target, earlier, run)
  guardBranch(owned.branch, run.inputs.allowProtected)
  selectBranch(owned.branch, run)
  const closing = { ...looked, owned }
  const close = async (scope: CloseScope) => closeBranch(closing, scope, earlier, run)
  const closeOrShare = async () => {
    try {
      return await close(await scopeOf(closing, run))
    } catch (error) {
      if (!(error instanceof BranchShared)) throw error
      return close({ scope: 'domains', why: error.message })
    }
  }
  const { report, domains } = await closeOrShare()
  await comment(report, target, { earlier, domains }, run)
  return report
}

const closeTarget = async (target: Target, run: RunContext): Promise<Report> => {
  for (let look = 1; ; look++) {
    const locating = locate(target, run)
    const early = observeEarly(target, run)
    const [located, earlier] = await Promise.all([locating, commentOf(target, run)])
    try {
      return await closeLocated({ target, located, isFirstLook: look === 1, early }, earlier, run)
    } catch (error) {
      // The branch may have been created again under the same name.
      if (!(error instanceof BranchGone) || look === MAX_ATTEMPTS) throw error
    }
  }
}

/**
 * Closes auth on the target's branch according to `on_close`. Succeeds if the branch is gone or auth is
 * already off. If others still need the branch, removes only this pull request's domains. Throws
 * `Problem` if the branch is guarded, if its owner is uncertain, or if Neon refuses.
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
