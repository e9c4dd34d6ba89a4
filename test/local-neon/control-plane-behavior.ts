import { type Answer, errorAnswer } from './answer.ts'
import type { MatchedCall } from './contract.ts'
import { orphanSchema } from './integration.ts'
import type { BranchRecord, Project } from './project.ts'

/** How long inherited auth is invisible if it shows up late, in seconds. */
const lateSeconds = 8

/**
 * Returns the error for a request that is refused regardless of its content, or `undefined`. Also counts the writes of
 * a project that is often busy.
 */
export function refusalByBehavior(
  project: Project,
  { operationId, params }: MatchedCall,
  method: string,
): Answer | undefined {
  const branch = project.branches.get(params['branch_id'] ?? '')
  return (
    forbidden(project, operationId, branch) ??
    (method === 'GET' ? undefined : locked(project, branch)) ??
    (branch && isAuth(operationId) ? unseen(project, branch, operationId) : undefined)
  )
}

/** Returns whether an operation is about a branch's auth, judging by its `operationId`. */
function isAuth(operationId: string): boolean {
  return operationId.includes('NeonAuth')
}

function forbidden(
  { behavior, branches }: Project,
  operationId: string,
  branch: BranchRecord | undefined,
): Answer | undefined {
  const message = 'not allowed to perform actions outside the scope of this key'
  if (behavior.keyScope === 'no-project' && operationId === 'getProject') {
    return errorAnswer(403, message)
  }
  if (behavior.keyScope !== 'no-parent' || branch === undefined) return undefined
  const isParent = [...branches.values()].some(({ parentId }) => parentId === branch.id)
  return isParent && isAuth(operationId) ? errorAnswer(403, message) : undefined
}

function locked(project: Project, branch: BranchRecord | undefined): Answer | undefined {
  const { behavior } = project
  const isUnready = branch?.state === 'init' || branch?.state === 'resetting'
  if (isUnready && behavior.unreadyBranch === 'locked') {
    return errorAnswer(423, `branch ${branch.id} has running operations`)
  }
  if (behavior.busy === 'never') return undefined
  // Refuses every second write request, counting retries.
  project.writes += 1
  if (project.writes % 2 === 1) return undefined
  return errorAnswer(423, 'project already has running conflicting operations')
}

function unseen(
  { behavior, clock }: Project,
  { auth }: BranchRecord,
  operationId: string,
): Answer | undefined {
  if (behavior.childVisible !== 'late' || auth === null || !auth.isInherited) return undefined
  if (clock.now() - auth.since >= lateSeconds * 1000) return undefined
  if (operationId === 'createNeonAuth') return errorAnswer(409, orphanSchema)
  return errorAnswer(404, 'Neon Auth is not enabled for this branch')
}
