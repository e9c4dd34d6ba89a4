import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { sampleOrigin, untrustableOrigin } from '../domains/origin.ts'
import { LostResponseError } from '../network/errors.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import type { AuthUrls } from './urls.ts'

/** What to verify, and the dependencies for it. */
export interface Verification extends AuthUrls {
  /** Origins that the auth service must accept. A wildcard is checked with a sample host. */
  readonly domains: readonly string[]
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

/** The facts that the auth service itself has proven. */
export interface Proof {
  /** Whether it responds, and its JWKS has keys. */
  readonly isServing: boolean
  /** The domains that it accepts as origins. Wildcards are as in the input. */
  readonly domains: readonly string[]
}

type Verdict =
  | { readonly proven: true }
  /** The auth service says no, which may change. */
  | { readonly rejected: string; readonly lost?: true }
  /** The response does not answer the question. */
  | { readonly inconclusive: string }

/** How long to retry after an inconclusive response, in ms. A suspended compute needs a moment. */
const PATIENCE_MS = 15_000

const PROVEN: Verdict = { proven: true }

const inconclusive = ({ summary }: ServiceResponse): Verdict => ({ inconclusive: summary })

interface Question {
  readonly ask: () => Promise<Verdict>
  /** The statement to prove, as a clause. */
  readonly claim: string
  /** The request, as messages show it. */
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
      const response = await service.checkHealth()
      return response.ok ? PROVEN : inconclusive(response)
    },
  },
  {
    claim: 'the JWKS has keys',
    request: `GET ${jwksUrl}`,
    ask: async () => {
      const response = await service.fetchJwks()
      if (!response.ok) return inconclusive(response)
      return response.keys.length > 0 ? PROVEN : { rejected: 'it has no keys' }
    },
  },
]

const originQuestion = (service: AuthService, baseUrl: string, domain: string): Question => ({
  claim: `${domain} is trusted`,
  request: `POST ${baseUrl}/sign-out`,
  ask: async () => {
    const response = await service.probeOrigin(sampleOrigin(domain))
    const accepted = acceptsOrigin(response)
    if (accepted === undefined) return inconclusive(response)
    return accepted ? PROVEN : { rejected: `it answers ${response.summary}` }
  },
})

/**
 * Returns a question about an origin that nobody can have trusted. If the auth service accepts it too,
 * accepting other origins proves nothing.
 */
const controlQuestion = (service: AuthService, baseUrl: string): Question => {
  const origin = untrustableOrigin()
  return {
    claim: `${origin} is refused`,
    request: `POST ${baseUrl}/sign-out`,
    ask: async () => {
      const response = await service.probeOrigin(origin)
      const accepted = acceptsOrigin(response)
      if (accepted === undefined) return inconclusive(response)
      return accepted ? { rejected: `it accepts ${origin}` } : PROVEN
    },
  }
}

const LOST =
  'the auth service has not started, or the runner cannot reach its host (proxy, firewall)'
const REJECTED =
  'the change has not reached the auth service yet, or the trusted domain does not match this origin'

const unproven = (
  { request, claim }: Question,
  { rejected, lost }: Extract<Verdict, { rejected: string }>,
): Problem =>
  new Problem({
    what: `Neon Auth is configured, but the run could not verify that ${claim}.`,
    response: `${request}: ${rejected}`,
    why: lost ? LOST : REJECTED,
    fix: 'run the job again, raise `timeout`, or skip this check with `verify: false`',
  })

const askOnce = async ({ ask }: Question): Promise<Verdict> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof LostResponseError) return { rejected: messageOf(error), lost: true }
    throw error
  }
}

/** Sends the request of a question right away. The first `ask` of the result returns its verdict. */
const askNow = (question: Question): Question => {
  const verdict = askOnce(question)
  // An error may come before the first `ask` handles it. Node must not report it as unhandled.
  verdict.catch(() => {})
  let isAsked = false
  const ask = (): Promise<Verdict> => {
    const next = isAsked ? question.ask() : verdict
    isAsked = true
    return next
  }
  return { ...question, ask }
}

/** Asks until the claim is proven, `patienceMs` is over, or the deadline is reached. Returns the last verdict. */
const pollVerdict = async (
  question: Question,
  { deadline, log }: Verification,
  patienceMs: (verdict: Verdict) => number,
): Promise<Verdict> => {
  const { value } = await pollUntil<Verdict>({
    deadline,
    patienceMs,
    waitingFor: 'verifying',
    attempt: async (attempt) => {
      const value = await askOnce(question)
      if ('proven' in value) return { done: true, value }
      const why = 'rejected' in value ? value.rejected : `answered ${value.inconclusive}`
      const failure = `${question.request}: ${why}`
      if (attempt === 0) log.info(`Not verified yet that ${question.claim}: ${failure}`)
      return { done: false, value, failure }
    },
  })
  return value
}

const patienceFor = (verdict: Verdict): number =>
  'rejected' in verdict ? Number.POSITIVE_INFINITY : PATIENCE_MS

/**
 * Returns whether a claim is proven. Warns if the responses are inconclusive. Throws {@link Problem} if the
 * auth service says no until the deadline.
 */
const prove = async (question: Question, verification: Verification): Promise<boolean> => {
  const verdict = await pollVerdict(question, verification, patienceFor)
  if ('rejected' in verdict) throw unproven(question, verdict)
  if ('proven' in verdict) return true
  verification.log.warning(
    `Could not verify that ${question.claim}: ${question.request} answered ${verdict.inconclusive}, which does not answer the question.`,
  )
  return false
}

/** Returns why an accepted origin proves nothing, or `undefined` if it proves that the origin is trusted. */
const whyNoProof = async (
  question: Question,
  verification: Verification,
): Promise<string | undefined> => {
  // An accepted origin stays accepted, so only an inconclusive response is worth a retry.
  const patience = (verdict: Verdict) => ('rejected' in verdict && !verdict.lost ? 0 : PATIENCE_MS)
  const verdict = await pollVerdict(question, verification, patience)
  if ('proven' in verdict) return undefined
  if ('inconclusive' in verdict)
    return `it answered ${verdict.inconclusive} for an origin that nobody can have trusted`
  return verdict.lost ? verdict.rejected : `${verdict.rejected} too, which nobody can have trusted`
}

/** The questions to the auth service about domains. */
interface DomainQuestions {
  readonly control: Question
  /** One question for each domain. */
  readonly origins: readonly Question[]
}

/** Returns the domains that are proven to be trusted. */
const proveDomains = async (
  { control, origins }: DomainQuestions,
  verification: Verification,
): Promise<readonly string[]> => {
  const { domains, log } = verification
  const proofs = origins.map((question) => prove(question, verification))
  const [reason, ...accepted] = await Promise.all([whyNoProof(control, verification), ...proofs])
  const acceptedDomains = domains.filter((_, index) => accepted[index])
  if (reason === undefined || acceptedDomains.length === 0) return acceptedDomains
  const names = acceptedDomains.join(', ')
  const [are, them] = acceptedDomains.length > 1 ? ['are', 'them'] : ['is', 'it']
  log.warning(
    `Could not verify that ${names} ${are} trusted: the auth service accepts ${them}, but ${reason}.`,
  )
  return []
}

/**
 * Starts to verify that the auth service responds, that its JWKS has keys, and that it accepts every domain
 * as an origin but refuses one that nobody trusts. Sends all requests right away, in parallel and without the
 * API key. Returns a function that waits for the proof and repeats requests whose claim is not proven yet.
 * That function throws {@link Problem} if the answer is still no at the deadline. It warns if responses are
 * inconclusive: 429, 404, 5xx, or a service that accepts every origin.
 */
export const startVerification = (verification: Verification): (() => Promise<Proof>) => {
  const { domains, baseUrl } = verification
  const service = createAuthService(verification.http.once, verification)
  const serving = serviceQuestions(service, verification).map(askNow)
  const domainQuestions = domains.length > 0 && {
    control: askNow(controlQuestion(service, baseUrl)),
    origins: domains.map((domain) => askNow(originQuestion(service, baseUrl, domain))),
  }
  return async () => {
    const [proven, ...answers] = await Promise.all([
      domainQuestions ? proveDomains(domainQuestions, verification) : [],
      ...serving.map((question) => prove(question, verification)),
    ])
    return { isServing: answers.every(Boolean), domains: proven }
  }
}
