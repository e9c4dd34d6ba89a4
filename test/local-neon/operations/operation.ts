import type { Answer } from '../answer.ts'
import { type BranchRecord, branchById, type Project } from '../project.ts'

/** A request that Neon's description has already accepted. */
export interface OperationCall {
  project: Project
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
}

/** One operation of the management API. */
export type Operation = (call: OperationCall) => Answer | Promise<Answer>

/** Returns the branch that the path names. Throws the API's 404 if there is none. */
export function branchOf({ project, params }: OperationCall): BranchRecord {
  return branchById(project, params['branch_id'] ?? '')
}

/** Returns the body with its type. Neon's description has already checked it. */
export function bodyAs<T>({ body }: OperationCall): T {
  return (body ?? {}) as T
}
