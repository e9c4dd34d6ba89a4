import type { AuthUrls } from '../auth/urls.ts'
import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import { untrustableOrigin } from '../domains/origin.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import type { Reading, ServiceObservation, TrustObservation } from './observations.ts'
import { tryRead } from './read-branch.ts'

/** The dependencies for probing the auth service. */
export interface ServiceAccess {
  readonly http: Http
  readonly deadline: Deadline
}

/** How long to retry if a response proves nothing, in ms. */
const PATIENCE_MS = 10_000
/** How long to retry if there is no response, in ms. A suspended compute needs time to start. */
const LOST_PATIENCE_MS = 60_000
/** The share of the remaining time that those retries may use. The report needs the rest. */
const LOST_SHARE = 0.6

const describe = ({ request, summary }: ServiceResponse): string =>
  `${request.method} ${request.path} answered ${summary}`

/** Sends a request until `interpret` returns a value or the time is up. Returns the last result. */
const probe = async <T>(
  send: () => Promise<ServiceResponse>,
  interpret: (response: ServiceResponse) => Reading<T>,
  { deadline }: ServiceAccess,
): Promise<Reading<T>> => {
  const lostPatience = Math.min(LOST_PATIENCE_MS, deadline.remaining() * LOST_SHARE)
  let isLost = false
  const { value } = await pollUntil<Reading<T>>({
    deadline,
    patienceMs: () => (isLost ? lostPatience : PATIENCE_MS),
    waitingFor: 'asking the auth service',
    attempt: async () => {
      const response = await tryRead(send)
      isLost = 'failure' in response
      const value = 'failure' in response ? response : interpret(response.value)
      return 'value' in value
        ? { done: true, value }
        : { done: false, value, failure: value.failure }
    },
  })
  return value
}

const probeOrigin = (service: AuthService, origin: string, access: ServiceAccess) =>
  probe<boolean>(
    () => service.probeOrigin(origin),
    (response) => {
      const value = acceptsOrigin(response)
      return value === undefined ? { failure: describe(response) } : { value }
    },
    access,
  )

/**
 * Returns why an accepted origin proves nothing, or `undefined` if the service refuses the control origin.
 */
const whyNoProof = (control: Reading<boolean>): string | undefined => {
  if ('failure' in control) return control.failure
  return control.value ? 'the auth service also accepts an origin that nobody trusts' : undefined
}

/**
 * Checks whether the auth service responds, and counts its keys. Sends GET requests without the API key.
 * Throws only `RunAborted`.
 */
export const probeService = async (
  urls: AuthUrls,
  access: ServiceAccess,
): Promise<ServiceObservation> => {
  const service = createAuthService(access.http.once, urls)
  let count = 0
  const readKeys = async () => {
    const response = await service.fetchJwks()
    count = response.keys.length
    return response
  }
  const [alive, keys] = await Promise.all([
    probe<true>(
      service.checkHealth,
      (response) => (response.ok ? { value: true } : { failure: describe(response) }),
      access,
    ),
    probe<number>(
      readKeys,
      (response) => (response.ok ? { value: count } : { failure: describe(response) }),
      access,
    ),
  ])
  return { alive, keys }
}

/**
 * Checks which origins the auth service accepts, by a sign-out with a meaningless cookie, which ends no
 * session. Counts an accepted origin only if the service refuses a control origin that nobody can have
 * trusted. Throws only `RunAborted`.
 */
export const probeOrigins = async (
  urls: AuthUrls,
  origins: readonly string[],
  access: ServiceAccess,
): Promise<TrustObservation[]> => {
  if (origins.length === 0) return []
  const service = createAuthService(access.http.once, urls)
  const [control, ...results] = await Promise.all([
    probeOrigin(service, untrustableOrigin(), access),
    ...origins.map((origin) => probeOrigin(service, origin, access)),
  ])
  const noProof = whyNoProof(control)
  return origins.map((origin, index) => {
    const accepted = results[index] ?? { failure: 'it was not probed' }
    const provesNothing = 'value' in accepted && accepted.value && noProof !== undefined
    return { origin, accepted: provesNothing ? { failure: noProof } : accepted }
  })
}
