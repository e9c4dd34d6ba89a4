import { type Answer, ApiError, type Call, errorAnswer } from './answer.ts'
import type { Contract, MatchedCall } from './contract.ts'
import { refusalByBehavior } from './control-plane-behavior.ts'
import { operations } from './operations.ts'
import type { Project } from './project.ts'

/** The state and the options of the management API. */
export interface ControlPlane {
  project: Project
  apiKey: string
  contract: Contract
  /** Operations to answer with 404, as an older API would. */
  absent: ReadonlySet<string>
  /** Called with a message for each answer that violates Neon's description. */
  onBreach: (message: string) => void
}

/** Answers as the management API. Replaces an answer that violates Neon's description with a 500. */
export async function answerControl(plane: ControlPlane, call: Call): Promise<Answer> {
  if (call.headers.authorization !== `Bearer ${plane.apiKey}`) {
    const missing = call.headers.authorization === undefined
    return errorAnswer(401, missing ? 'this endpoint requires a Bearer API key' : 'invalid API key')
  }
  const matched = plane.contract.match(call)
  if (matched === undefined || plane.absent.has(matched.operationId)) {
    return errorAnswer(404, `Local Neon serves no ${call.method} ${call.path}`)
  }
  const answer = await answerMatched(plane, matched, call.method)
  const breaches = plane.contract.violations(matched.operationId, answer)
  // Neon's description does not include Local Neon's own 501 for an operation that it does not implement.
  if (breaches.length === 0 || answer.status === 501) return answer
  const message = `${matched.operationId} answered ${answer.status}: ${breaches.join('; ')}`
  plane.onBreach(message)
  return errorAnswer(500, `Local Neon broke the contract: ${message}`)
}

async function answerMatched(
  plane: ControlPlane,
  matched: MatchedCall,
  method: string,
): Promise<Answer> {
  const { project } = plane
  const { operationId, params, query, body, problems } = matched
  if (params['project_id'] !== project.id) {
    return errorAnswer(404, `project ${params['project_id']} not found`)
  }
  if (problems.length > 0) return errorAnswer(400, `invalid request: ${problems.join('; ')}`)
  const refusal = refusalByBehavior(project, matched, method)
  if (refusal !== undefined) return refusal
  const operation = operations[operationId]
  if (operation === undefined) {
    return errorAnswer(501, `Local Neon does not implement ${operationId} yet`)
  }
  try {
    return await operation({ project, params, query, body })
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error.status, error.message, error.code)
    throw error
  }
}
