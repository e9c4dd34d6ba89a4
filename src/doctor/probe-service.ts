import type { AuthUrls } from '../auth/urls.ts'
import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import { untrustableOrigin } from '../domains/origin.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import type { Reading, ServiceAnswers, TrustObservation } from './observations.ts'
import { reading } from './read-branch.ts'

/** What is needed to ask the auth service. */
export interface ServiceAccess {
  readonly http: Http
  readonly deadline: Deadline
}

/** How long to retry if an answer proves nothing, in ms. */
const PATIENCE_MS = 10_000
/** How long to retry if there is no answer: a suspended compute needs a moment. */
const LOST_PATIENCE_MS = 60_000

/** The wait takes at most this share of the remaining time, because the report follows. */
const LOST_SHARE = 0.6

const answered = ({ request, summary }: ServiceResponse): string =>
  `${request.method} ${request.path} answered ${summary}`

/** Asks repeatedly until `read` can interpret the response or the patience runs out. Returns the last result. */
const ask = async <T>(
  question: () => Promise<ServiceResponse>,
  read: (response: ServiceResponse) => Reading<T>,
  { deadline }: ServiceAccess,
): Promise<Reading<T>> => {
  const lostPatience = Math.min(LOST_PATIENCE_MS, deadline.remaining() * LOST_SHARE)
  let isLost = false
  const { value } = await pollUntil<Reading<T>>({
    deadline,
    patienceMs: () => (isLost ? lostPatience : PATIENCE_MS),
    waitingFor: 'asking the auth service',
    attempt: async () => {
      const response = await reading(question)
      isLost = 'unread' in response
      const value = 'unread' in response ? response : read(response.value)
      return 'value' in value
        ? { done: true, value }
        : { done: false, value, failure: value.unread }
    },
  })
  return value
}

const askOrigin = (service: AuthService, origin: string, access: ServiceAccess) =>
  ask<boolean>(
    () => service.probeOrigin(origin),
    (response) => {
      const value = acceptsOrigin(response)
      return value === undefined ? { unread: answered(response) } : { value }
    },
    access,
  )

/** Why an accepted origin proves nothing, or `undefined` if the service refuses origins that nobody trusts. */
const whyNoProof = (control: Reading<boolean>): string | undefined => {
  if ('unread' in control) return control.unread
  return control.value ? 'the auth service also accepts an origin that nobody trusts' : undefined
}

/**
 * Asks the auth service whether it answers and how many keys it has, with GET requests and without the API
 * key. Throws only if the run ends.
 */
export const probeService = async (
  urls: AuthUrls,
  access: ServiceAccess,
): Promise<ServiceAnswers> => {
  const service = createAuthService(access.http.once, urls)
  let count = 0
  const askKeys = async () => {
    const response = await service.fetchJwks()
    count = response.keys.length
    return response
  }
  const [alive, keys] = await Promise.all([
    ask<true>(
      service.checkHealth,
      (one) => (one.ok ? { value: true } : { unread: answered(one) }),
      access,
    ),
    ask<number>(askKeys, (one) => (one.ok ? { value: count } : { unread: answered(one) }), access),
  ])
  return { alive, keys }
}

/**
 * Asks the auth service which origins it accepts: a sign-out with a meaningless cookie, which ends no
 * session. An accepted origin counts only if the service refuses one that nobody can have trusted. Throws
 * only if the run ends.
 */
export const probeOrigins = async (
  urls: AuthUrls,
  origins: readonly string[],
  access: ServiceAccess,
): Promise<TrustObservation[]> => {
  if (origins.length === 0) return []
  const service = createAuthService(access.http.once, urls)
  const [control, ...answers] = await Promise.all([
    askOrigin(service, untrustableOrigin(), access),
    ...origins.map((origin) => askOrigin(service, origin, access)),
  ])
  const noProof = whyNoProof(control)
  return origins.map((origin, at) => {
    const accepted = answers[at] ?? { unread: 'it was not asked' }
    const provesNothing = 'value' in accepted && accepted.value && noProof !== undefined
    return { origin, accepted: provesNothing ? { unread: noProof } : accepted }
  })
}
