import type { Answer } from '../answer.ts'
import { type BranchRecord, branchById, type Project } from '../project.ts'

/** What an operation is given: a request that the vendor's description has already accepted. */
export interface OperationCall {
  project: Project
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
}

/** One operation of the management API. */
export type Operation = (call: OperationCall) => Answer | Promise<Answer>

/** The branch that the path names, or the API's 404. */
export function branchOf({ project, params }: OperationCall): BranchRecord {
  return branchById(project, params['branch_id'] ?? '')
}

/** The body as the type that the vendor's description has checked it to be. */
export function bodyAs<T>({ body }: OperationCall): T {
  return (body ?? {}) as T
}
