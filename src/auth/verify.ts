import { randomUUID } from 'node:crypto'
import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { isInvalidOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { sampleOrigin } from '../domains/origin.ts'
import { LostResponseError } from '../network/errors.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import type { AuthUrls } from './observe.ts'

/** What to verify, and with what. */
export interface Verification extends AuthUrls {
  /** Origins that must be accepted. A wildcard is probed with a sample host. */
  readonly domains: readonly string[]
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

type Verdict =
  | { readonly proven: true }
  /** The answer is no, which may change. */
  | { readonly rejected: string; readonly lost?: true }
  /** The answer says nothing about the question. */
  | { readonly inconclusive: string }

/** How long an inconclusive answer is worth another attempt, in ms: a suspended compute needs a moment. */
const PATIENCE_MS = 15_000

const PROVEN: Verdict = { proven: true }

const inconclusive = ({ summary }: ServiceResponse): Verdict => ({ inconclusive: summary })

interface Question {
  readonly ask: () => Promise<Verdict>
  /** The statement to prove, as the start of a sentence. */
  readonly claim: string
  /** How messages name the request. */
  readonly request: string
}

const serviceQuestions = (
  service: AuthService,
  { baseUrl, jwksUrl }: AuthUrls,
): readonly Question[] => [
  {
    claim: 'the auth service answers',
    request: `GET ${baseUrl}/ok`,
    ask: async () => {
      const answer = await service.isAlive()
      return answer.ok ? PROVEN : inconclusive(answer)
    },
  },
  {
    claim: 'the JWKS has keys',
    request: `GET ${jwksUrl}`,
    ask: async () => {
      const answer = await service.keys()
      if (!answer.ok) return inconclusive(answer)
      return answer.count > 0 ? PROVEN : { rejected: 'it holds no keys' }
    },
  },
]

const originQuestion = (service: AuthService, baseUrl: string, domain: string): Question => ({
  claim: `${domain} is trusted`,
  request: `POST ${baseUrl}/sign-out`,
  ask: async () => {
    const answer = await service.probeOrigin(sampleOrigin(domain))
    if (answer.ok) return PROVEN
    return isInvalidOrigin(answer)
      ? { rejected: `it answers ${answer.summary}` }
      : inconclusive(answer)
  },
})

/**
 * The same question about an origin that nobody can have trusted (`.invalid` is reserved, RFC 2606).
 * Only a service that refuses it proves something by accepting another.
 */
const controlQuestion = (service: AuthService, baseUrl: string): Question => {
  const origin = `https://${randomUUID()}.invalid`
  return {
    claim: `${origin} is refused`,
    request: `POST ${baseUrl}/sign-out`,
    ask: async () => {
      const answer = await service.probeOrigin(origin)
      if (isInvalidOrigin(answer)) return PROVEN
      return answer.ok ? { rejected: `it accepts ${origin}` } : inconclusive(answer)
    },
  }
}

const LOST =
  'the auth service has not started, or the runner cannot reach its host (proxy, firewall)'
const REJECTED = 'the change has not reached the auth service, or it does not match this origin'

const unproven = (
  { request, claim }: Question,
  { rejected, lost }: Extract<Verdict, { rejected: string }>,
): Problem =>
  new Problem({
    what: `Neon Auth is configured, but it could not be proven that ${claim}.`,
    response: `${request}: ${rejected}`,
    why: lost ? LOST : REJECTED,
    fix: 'run the job again, raise `timeout`, or skip this check with `verify: false`',
  })

const answerTo = async ({ ask }: Question): Promise<Verdict> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof LostResponseError) return { rejected: messageOf(error), lost: true }
    throw error
  }
}

/** Asks until the answer is yes, or the deadline or the patience for this answer is over. */
const settle = async (
  question: Question,
  { deadline, log }: Verification,
  patienceMs: (verdict: Verdict) => number,
): Promise<Verdict> => {
  const { value } = await pollUntil<Verdict>({
    deadline,
    patienceMs,
    waitingFor: 'verifying',
    attempt: async (attempt) => {
      const value = await answerTo(question)
      if ('proven' in value) return { done: true, value }
      if (attempt === 0) {
        const why = 'rejected' in value ? value.rejected : `answered ${value.inconclusive}`
        log.info(`Not proven yet that ${question.claim}: ${question.request}: ${why}`)
      }
      return { done: false, value }
    },
  })
  return value
}

const patientWithNo = (verdict: Verdict): number =>
  'rejected' in verdict ? Number.POSITIVE_INFINITY : PATIENCE_MS

/** Proves one claim. Returns whether it did. Warns if the answers say nothing about it. */
const prove = async (question: Question, verification: Verification): Promise<boolean> => {
  const verdict = await settle(question, verification, patientWithNo)
  if ('rejected' in verdict) throw unproven(question, verdict)
  if ('proven' in verdict) return true
  verification.log.warning(
    `Not proven that ${question.claim}: ${question.request} answered ${verdict.inconclusive}, which says nothing about it.`,
  )
  return false
}

/** Why an accepted origin proves nothing; absent if it does prove that the origin is trusted. */
const whyNoProof = async (
  question: Question,
  verification: Verification,
): Promise<string | undefined> => {
  // An origin that is accepted stays accepted: only an answer that says nothing is worth a wait.
  const patience = (verdict: Verdict) => ('rejected' in verdict && !verdict.lost ? 0 : PATIENCE_MS)
  const verdict = await settle(question, verification, patience)
  if ('proven' in verdict) return undefined
  if ('inconclusive' in verdict)
    return `asked about an origin that cannot be trusted, it answered ${verdict.inconclusive}`
  return verdict.lost ? verdict.rejected : `${verdict.rejected}, too, which nobody can have trusted`
}

const proveDomains = async (service: AuthService, verification: Verification): Promise<void> => {
  const { domains, baseUrl, log } = verification
  if (domains.length === 0) return
  const control = whyNoProof(controlQuestion(service, baseUrl), verification)
  const proofs = domains.map((domain) =>
    prove(originQuestion(service, baseUrl, domain), verification),
  )
  const [reason, ...accepted] = await Promise.all([control, ...proofs])
  const named = domains.filter((_, index) => accepted[index])
  if (reason === undefined || named.length === 0) return
  log.warning(
    `Not proven that ${named.join(', ')} is trusted: the auth service accepts it, but ${reason}.`,
  )
}

/**
 * Proves with the auth service itself what the run promises: it answers, its JWKS has keys, and it
 * accepts every domain as an origin while it refuses one that cannot be trusted. Asks everything at
 * once, and without the API key. Repeats a no until the deadline, then throws {@link Problem}. Warns
 * about an answer that proves nothing (429, 404, 5xx, or a service that accepts any origin).
 */
export const verify = async (verification: Verification): Promise<void> => {
  const service = createAuthService(verification.http.once, verification)
  const proofs = serviceQuestions(service, verification).map((question) =>
    prove(question, verification),
  )
  await Promise.all([...proofs, proveDomains(service, verification)])
}
