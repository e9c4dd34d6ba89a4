import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { sampleOrigin, untrustableOrigin } from '../domains/origin.ts'
import { LostResponseError, type NetworkFault } from '../network/errors.ts'
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

/** What the responses of the auth service prove. */
export interface Proof {
  /** Whether the service responds, and its JWKS has keys. */
  readonly isServing: boolean
  /** The domains that the service accepts as origins. Wildcards are as in the input. */
  readonly domains: readonly string[]
}

type Verdict =
  | { readonly proven: true }
  /** The response says no, or there was none (`lost`). A retry may succeed. */
  | { readonly rejected: string; readonly lost?: true; readonly fault?: NetworkFault | undefined }
  /** The response says neither yes nor no. */
  | { readonly inconclusive: string }

/** How long to retry after an inconclusive response, in ms. A suspended compute needs a moment. */
const PATIENCE_MS = 15_000

const PROVEN: Verdict = { proven: true }

const inconclusive = ({ summary }: ServiceResponse): Verdict => ({ inconclusive: summary })

interface Check {
  /** Sends the request. */
  readonly run: () => Promise<Verdict>
  /** The statement to prove, as a clause. */
  readonly claim: string
  /** The request, as messages show it. */
  readonly request: string
}

const serviceChecks = (service: AuthService, { baseUrl, jwksUrl }: AuthUrls): readonly Check[] => [
  {
    claim: 'the auth service answers',
    request: `GET ${baseUrl}/ok`,
    run: async () => {
      const response = await service.checkHealth()
      return response.ok ? PROVEN : inconclusive(response)
    },
  },
  {
    claim: 'the JWKS has keys',
    request: `GET ${jwksUrl}`,
    run: async () => {
      const response = await service.fetchJwks()
      if (!response.ok) return inconclusive(response)
      return response.keys.length > 0 ? PROVEN : { rejected: 'it has no keys' }
    },
  },
]

/** Returns a check of how the auth service answers an origin. `judge` turns its yes or no into a verdict. */
const originCheck = (
  service: AuthService,
  { baseUrl, origin, claim }: Readonly<Record<'baseUrl' | 'origin' | 'claim', string>>,
  judge: (isAccepted: boolean, response: ServiceResponse) => Verdict,
): Check => ({
  claim,
  request: `POST ${baseUrl}/sign-out`,
  run: async () => {
    const response = await service.probeOrigin(origin)
    const isAccepted = acceptsOrigin(response)
    return isAccepted === undefined ? inconclusive(response) : judge(isAccepted, response)
  },
})

const trustCheck = (service: AuthService, baseUrl: string, domain: string): Check =>
  originCheck(
    service,
    { baseUrl, origin: sampleOrigin(domain), claim: `${domain} is trusted` },
    (isAccepted, { summary }) => (isAccepted ? PROVEN : { rejected: `it answers ${summary}` }),
  )

/**
 * Returns a check that the auth service refuses an origin that nobody can have trusted. If it accepts that
 * origin, accepting other origins proves nothing.
 */
const controlCheck = (service: AuthService, baseUrl: string): Check => {
  const origin = untrustableOrigin()
  return originCheck(service, { baseUrl, origin, claim: `${origin} is refused` }, (isAccepted) =>
    isAccepted ? { rejected: `it accepts ${origin}` } : PROVEN,
  )
}

const LOST =
  'the auth service has not started, or the runner cannot reach its host (proxy, firewall)'
const REJECTED =
  'the change has not reached the auth service yet, or the trusted domain does not match this origin'

const unprovenProblem = (
  { request, claim }: Check,
  { rejected, lost, fault }: Extract<Verdict, { rejected: string }>,
): Problem =>
  new Problem({
    what: `Neon Auth is configured, but the run could not verify that ${claim}.`,
    response: `${request}: ${rejected}`,
    why: fault?.why ?? (lost ? LOST : REJECTED),
    fix:
      fault?.fix ?? 'run the job again, raise `timeout`, or skip this check with `verify: false`',
  })

const runOnce = async ({ run }: Check): Promise<Verdict> => {
  try {
    return await run()
  } catch (error) {
    if (error instanceof LostResponseError)
      return { rejected: messageOf(error), lost: true, fault: error.fault }
    throw error
  }
}

/** Runs a check right away. The first `run` of the returned check waits for that verdict. */
const startCheck = (check: Check): Check => {
  const verdict = runOnce(check)
  // The check may fail before the first `run` handles the error. Node must not report it as unhandled.
  verdict.catch(() => {})
  let isVerdictUsed = false
  const run = (): Promise<Verdict> => {
    const next = isVerdictUsed ? check.run() : verdict
    isVerdictUsed = true
    return next
  }
  return { ...check, run }
}

/** Repeats a check until its claim is proven, or until `patienceMs` or the deadline. Returns the last verdict. */
const pollVerdict = async (
  check: Check,
  { deadline, log }: Verification,
  patienceMs: (verdict: Verdict) => number,
): Promise<Verdict> => {
  const { value } = await pollUntil<Verdict>({
    deadline,
    patienceMs,
    waitingFor: 'verifying',
    attempt: async (attempt) => {
      const verdict = await runOnce(check)
      if ('proven' in verdict) return { done: true, value: verdict }
      const reason = 'rejected' in verdict ? verdict.rejected : `answered ${verdict.inconclusive}`
      const failure = `${check.request}: ${reason}`
      if (attempt === 0) log.info(`Could not verify yet that ${check.claim}: ${failure}`)
      return { done: false, value: verdict, failure }
    },
  })
  return value
}

const patienceFor = (verdict: Verdict): number =>
  'rejected' in verdict ? Number.POSITIVE_INFINITY : PATIENCE_MS

/**
 * Returns whether a claim is proven. Warns if the responses are inconclusive. Throws {@link Problem} if the
 * auth service says no, or does not respond, until the deadline.
 */
const prove = async (check: Check, verification: Verification): Promise<boolean> => {
  const verdict = await pollVerdict(check, verification, patienceFor)
  if ('rejected' in verdict) throw unprovenProblem(check, verdict)
  if ('proven' in verdict) return true
  verification.log.warning(
    `Could not verify that ${check.claim}: ${check.request} answered ${verdict.inconclusive}, which proves nothing.`,
  )
  return false
}

/** Returns why accepting an origin proves nothing, or `undefined` if the `control` origin is refused. */
const whyNoProof = async (
  control: Check,
  verification: Verification,
): Promise<string | undefined> => {
  // An accepted origin stays accepted, so retry only an inconclusive or lost response.
  const patience = (verdict: Verdict) => ('rejected' in verdict && !verdict.lost ? 0 : PATIENCE_MS)
  const verdict = await pollVerdict(control, verification, patience)
  if ('proven' in verdict) return undefined
  if ('inconclusive' in verdict)
    return `it answered ${verdict.inconclusive} for an origin that nobody can have trusted`
  return verdict.lost
    ? `the request for an origin that nobody can have trusted got no response: ${verdict.rejected}`
    : `${verdict.rejected} too, which nobody can have trusted`
}

/** Returns the domains that are proven to be trusted. `origins` has one check for each domain. */
const proveDomains = async (
  { control, origins }: { readonly control: Check; readonly origins: readonly Check[] },
  verification: Verification,
): Promise<readonly string[]> => {
  const { domains, log } = verification
  const proofs = origins.map((check) => prove(check, verification))
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
 * API key. Returns a function that waits for the proof and repeats checks that are not proven yet. That function
 * throws {@link Problem} if the auth service says no, or does not respond, until the deadline. It warns about
 * inconclusive responses (such as 404, 429, and 5xx), and about a service that accepts every origin.
 */
export const startVerification = (verification: Verification): (() => Promise<Proof>) => {
  const { domains, baseUrl } = verification
  const service = createAuthService(verification.http.once, verification)
  const serving = serviceChecks(service, verification).map(startCheck)
  const domainChecks = domains.length > 0 && {
    control: startCheck(controlCheck(service, baseUrl)),
    origins: domains.map((domain) => startCheck(trustCheck(service, baseUrl, domain))),
  }
  return async () => {
    const [provenDomains, ...served] = await Promise.all([
      domainChecks ? proveDomains(domainChecks, verification) : [],
      ...serving.map((check) => prove(check, verification)),
    ])
    return { isServing: served.every(Boolean), domains: provenDomains }
  }
}
