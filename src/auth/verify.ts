import type { Log } from '../action/log.ts'
import type { Deadline } from '../deadline.ts'
import { sampleOrigin } from '../domains/domains.ts'
import { LostAnswerError } from '../neon/errors.ts'
import {
  type Answer,
  backoff,
  type Call,
  fieldsOf,
  type Http,
  isOk,
  refusesOrigin,
  saidOf,
} from '../neon/http.ts'
import { messageOf, Problem } from '../problem.ts'
import { oneLine } from '../text.ts'
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
  | { readonly refuted: string; readonly lost?: true }
  /** It says nothing about the question. */
  | { readonly silent: string }

/** How long an answer that proves nothing is asked again, in ms: a suspended compute needs a moment. */
const PATIENCE_MS = 15_000

const silent = (answer: Answer): Verdict => {
  const said = saidOf(answer)
  return { silent: `${answer.status}${said && ` ${oneLine(said, 200)}`}` }
}

const alive = (answer: Answer): Verdict => (isOk(answer) ? 'proven' : silent(answer))

const hasKeys = (answer: Answer): Verdict => {
  if (!isOk(answer)) return silent(answer)
  const { keys } = fieldsOf(answer)
  return Array.isArray(keys) && keys.length > 0 ? 'proven' : { refuted: 'it holds no keys' }
}

const trusted = (answer: Answer): Verdict => {
  if (isOk(answer)) return 'proven'
  if (refusesOrigin(answer)) return { refuted: 'it answers 403 INVALID_ORIGIN' }
  return silent(answer)
}

interface Question {
  readonly call: Call
  /** The statement to prove, as the start of a sentence. */
  readonly claim: string
  readonly judge: (answer: Answer) => Verdict
}

const get = (url: string): Call => ({ method: 'GET', path: url, url })

/**
 * Better Auth checks the origin of a request that carries a cookie, any cookie, before it looks at
 * the session: signing out with a meaningless one tells whether the origin is trusted and touches
 * no session. (A made-up sign-in tells the same, but is limited to 3 in 10 seconds.)
 */
const signOut = (baseUrl: string, domain: string): Call => ({
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
const REFUTED = 'the change has not reached the auth service, or it does not match this origin'

const unproven = (
  { call, claim }: Question,
  { refuted, lost }: Extract<Verdict, { refuted: string }>,
): Problem =>
  new Problem({
    what: `Neon Auth is configured, but it could not be proven that ${claim}.`,
    answer: `${call.method} ${call.path}: ${refuted}`,
    why: lost ? LOST : REFUTED,
    fix: 'run the job again, give it longer with `timeout`, or leave this check out with `verify: false`',
  })

const ask = async ({ call, judge }: Question, http: Http): Promise<Verdict> => {
  try {
    return judge(await http.once(call))
  } catch (error) {
    if (error instanceof LostAnswerError) return { refuted: messageOf(error), lost: true }
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
    const why = 'refuted' in verdict ? verdict.refuted : `answered ${verdict.silent}`
    if (attempt === 0) log.info(`Not proven yet that ${claim}: ${call.method} ${call.path}: ${why}`)
    const pause = 250 + backoff(attempt)
    const impatient = 'silent' in verdict && performance.now() + pause > patientUntil
    if (!impatient && (await timeFor(pause, verification))) continue
    if ('refuted' in verdict) throw unproven(question, verdict)
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
