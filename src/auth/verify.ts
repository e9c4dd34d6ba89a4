import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { sampleOrigin } from '../domains/origin.ts'
import { LostResponseError } from '../network/errors.ts'
import type { Http } from '../network/http.ts'
import {
  errorText,
  type HttpRequest,
  type HttpResponse,
  isInvalidOrigin,
  isSuccess,
  jsonFields,
} from '../network/messages.ts'
import { backoffMs } from '../network/retry.ts'
import type { AuthUrls } from './observe.ts'

/** What verification asks, and with what. */
export interface Verification extends AuthUrls {
  /** Origins that must be accepted; wildcards are asked with a sample host. */
  readonly domains: readonly string[]
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

type Verdict =
  | 'proven'
  /** It says no, and may yet say yes. */
  | { readonly rejected: string; readonly lost?: true }
  /** It says nothing about the question. */
  | { readonly inconclusive: string }

/** How long an answer that proves nothing is asked again, in ms: a suspended compute needs a moment. */
const PATIENCE_MS = 15_000

const inconclusive = (answer: HttpResponse): Verdict => {
  const said = errorText(answer)
  return { inconclusive: `${answer.status}${said && ` ${oneLine(said, 200)}`}` }
}

const alive = (answer: HttpResponse): Verdict =>
  isSuccess(answer) ? 'proven' : inconclusive(answer)

const hasKeys = (answer: HttpResponse): Verdict => {
  if (!isSuccess(answer)) return inconclusive(answer)
  const { keys } = jsonFields(answer)
  return Array.isArray(keys) && keys.length > 0 ? 'proven' : { rejected: 'it holds no keys' }
}

const trusted = (answer: HttpResponse): Verdict => {
  if (isSuccess(answer)) return 'proven'
  if (isInvalidOrigin(answer)) return { rejected: 'it answers 403 INVALID_ORIGIN' }
  return inconclusive(answer)
}

interface Question {
  readonly call: HttpRequest
  /** The statement to prove, as the start of a sentence. */
  readonly claim: string
  readonly judge: (answer: HttpResponse) => Verdict
}

const get = (url: string): HttpRequest => ({ method: 'GET', path: url, url })

/**
 * Better Auth checks the origin of a request that carries a cookie, any cookie, before it looks at
 * the session: signing out with a meaningless one tells whether the origin is trusted and touches
 * no session. (A made-up sign-in tells the same, but is limited to 3 in 10 seconds.)
 */
const signOut = (baseUrl: string, domain: string): HttpRequest => ({
  method: 'POST',
  path: `${baseUrl}/sign-out`,
  url: `${baseUrl}/sign-out`,
  headers: {
    origin: sampleOrigin(domain),
    cookie: 'neon-auth-preview-action=none',
    'content-type': 'application/json',
    'sec-fetch-mode': 'cors',
  },
  body: '{}',
})

const questions = ({ baseUrl, jwksUrl, domains }: Verification): Question[] => [
  { call: get(`${baseUrl}/ok`), claim: 'the auth service answers', judge: alive },
  { call: get(jwksUrl), claim: 'the JWKS has keys', judge: hasKeys },
  ...domains.map((domain) => ({
    call: signOut(baseUrl, domain),
    claim: `${domain} is trusted`,
    judge: trusted,
  })),
]

const LOST =
  'the auth service has not started, or the runner cannot reach its host (proxy, firewall)'
const REJECTED = 'the change has not reached the auth service, or it does not match this origin'

const unproven = (
  { call, claim }: Question,
  { rejected, lost }: Extract<Verdict, { rejected: string }>,
): Problem =>
  new Problem({
    what: `Neon Auth is configured, but it could not be proven that ${claim}.`,
    response: `${call.method} ${call.path}: ${rejected}`,
    why: lost ? LOST : REJECTED,
    fix: 'run the job again, give it longer with `timeout`, or leave this check out with `verify: false`',
  })

const ask = async ({ call, judge }: Question, http: Http): Promise<Verdict> => {
  try {
    return judge(await http.once(call))
  } catch (error) {
    if (error instanceof LostResponseError) return { rejected: messageOf(error), lost: true }
    throw error
  }
}

/** As {@link Deadline.sleep}, but `false` instead of an error when the time is over. */
const timeFor = async (ms: number, { deadline }: Verification): Promise<boolean> => {
  if (ms >= deadline.remaining()) return false
  await deadline.sleep(ms, 'verifying')
  return true
}

const prove = async (question: Question, verification: Verification): Promise<void> => {
  const { http, log } = verification
  const { call, claim } = question
  const patientUntil = performance.now() + PATIENCE_MS
  for (let attempt = 0; ; attempt++) {
    const verdict = await ask(question, http)
    if (verdict === 'proven') return
    const why = 'rejected' in verdict ? verdict.rejected : `answered ${verdict.inconclusive}`
    if (attempt === 0) log.info(`Not proven yet that ${claim}: ${call.method} ${call.path}: ${why}`)
    const pause = 250 + backoffMs(attempt)
    const impatient = 'inconclusive' in verdict && performance.now() + pause > patientUntil
    if (!impatient && (await timeFor(pause, verification))) continue
    if ('rejected' in verdict) throw unproven(question, verdict)
    log.warning(
      `Not proven that ${claim}: ${call.method} ${call.path} ${why}, which says nothing about it.`,
    )
    return
  }
}

/**
 * Proves with the auth service itself what the run promises: it answers, its JWKS has keys, and
 * every domain is accepted as an origin. All at once, and without the API key. What is not so yet
 * is asked again until the deadline and then throws {@link Problem}; an answer that proves nothing
 * (429, 404, 5xx) is a warning.
 */
export const verify = async (verification: Verification): Promise<void> => {
  const proofs = questions(verification).map((question) => prove(question, verification))
  await Promise.all(proofs)
}
