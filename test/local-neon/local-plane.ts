import { type Answer, type Call, emptyAnswer, jsonAnswer, parsedBody } from './answer.ts'
import type { Behavior } from './behavior.ts'
import type { FaultRule, Faults } from './faults.ts'
import type { OutboxMail } from './mail.ts'
import type { RequestLog } from './request-log.ts'

/** The path below which other processes control Local Neon. */
export const localRoot = '/_local'

/**
 * Answers requests from other processes that control Local Neon:
 *
 * - `POST /_local/faults` arms a fault, like `faults.add` but with `match.path` as text. `DELETE`
 *   disarms all.
 * - `GET /_local/requests` returns the log. `DELETE` empties it.
 * - `PUT /_local/behavior` sets the answers to the questions in its body, and resets all others.
 * - `PUT /_local/functions` deploys functions on a branch.
 * - `GET /_local/outbox` returns the emails that the shared provider sent.
 * - `GET /_local/breaches` returns Local Neon's own bugs.
 */
export function answerLocal(
  call: Call,
  parts: {
    faults: Faults
    log: RequestLog
    outbox: readonly OutboxMail[]
    breaches: readonly string[]
    setBehavior: (changes: Partial<Behavior>) => void
    deploy: (branch: string, slugs: readonly string[]) => void
  },
): Answer {
  const { faults, log, outbox, breaches, setBehavior, deploy } = parts
  switch (`${call.method} ${call.path.slice(localRoot.length)}`) {
    case 'POST /faults':
      return addFault(faults, parsedBody(call))
    case 'DELETE /faults':
      faults.clear()
      return emptyAnswer(204)
    case 'GET /requests':
      return jsonAnswer(200, { requests: log.entries })
    case 'DELETE /requests':
      log.clear()
      return emptyAnswer(204)
    case 'PUT /behavior':
      return changeBehavior(setBehavior, parsedBody(call))
    case 'PUT /functions': {
      const { branch, slugs } = parsedBody(call) as { branch: string; slugs: string[] }
      deploy(branch, slugs)
      return emptyAnswer(204)
    }
    case 'GET /outbox':
      return jsonAnswer(200, { outbox })
    case 'GET /breaches':
      return jsonAnswer(200, { breaches })
    default:
      return jsonAnswer(404, { message: `Local Neon serves no ${call.method} ${call.path}` })
  }
}

function changeBehavior(setBehavior: (changes: Partial<Behavior>) => void, body: unknown): Answer {
  try {
    setBehavior((body ?? {}) as Partial<Behavior>)
    return emptyAnswer(204)
  } catch (error) {
    return jsonAnswer(400, { message: String(error) })
  }
}

type FaultRequest = Omit<FaultRule, 'match'> & {
  match?: Omit<FaultRule['match'], 'path'> & { path?: string }
}

function addFault(faults: Faults, body: unknown): Answer {
  const request = body as FaultRequest | undefined
  if (typeof request !== 'object' || request === null || !request.fault) {
    return jsonAnswer(400, { message: 'expected {match?, times?, skip?, fault}' })
  }
  const { path, ...match } = request.match ?? {}
  faults.add({
    ...request,
    match: { ...match, ...(path !== undefined && { path: new RegExp(path) }) },
  })
  return emptyAnswer(204)
}
