import type { AuthUrls } from '../auth/urls.ts'
import { type AuthService, createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin, type ServiceResponse } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import { untrustableOrigin } from '../domains/origin.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import {
  knownValue,
  type Reading,
  type ServiceObservation,
  type TrustObservation,
} from './observations.ts'
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

const describeProbe = ({ request, summary }: ServiceResponse): string =>
  `${request.method} ${request.path} answered ${summary}`

/** Repeats a request until `interpret` returns a value or the time is up. Returns the last result. */
const probe = async <R extends ServiceResponse, T>(
  send: () => Promise<R>,
  interpret: (response: R) => Reading<T>,
  { deadline }: ServiceAccess,
): Promise<Reading<T>> => {
  const lostPatienceMs = Math.min(LOST_PATIENCE_MS, deadline.remaining() * LOST_SHARE)
  let isLost = false
  const { value } = await pollUntil<Reading<T>>({
    deadline,
    patienceMs: () => (isLost ? lostPatienceMs : PATIENCE_MS),
    waitingFor: 'asking the auth service',
    attempt: async () => {
      const response = await tryRead(send)
      isLost = 'failure' in response
      const result = 'failure' in response ? response : interpret(response.value)
      return 'value' in result
        ? { done: true, value: result }
        : { done: false, value: result, failure: result.failure }
    },
  })
  return value
}

const probeOrigin = (service: AuthService, origin: string, access: ServiceAccess) =>
  probe(
    () => service.probeOrigin(origin),
    (response): Reading<boolean> => {
      const isAccepted = acceptsOrigin(response)
      return isAccepted === undefined ? { failure: describeProbe(response) } : { value: isAccepted }
    },
    access,
  )

/** Returns why an accepted origin proves nothing, or `undefined` if the service rejects the control origin. */
const whyInconclusive = (control: Reading<boolean>): string | undefined => {
  if ('failure' in control) return control.failure
  return control.value ? 'the auth service also accepts an origin that nobody trusts' : undefined
}

/**
 * Checks whether the auth service responds, and counts its keys. Sends GET requests without the API key.
 * Throws `RunAborted`.
 */
export const probeService = async (
  urls: AuthUrls,
  access: ServiceAccess,
): Promise<ServiceObservation> => {
  const service = createAuthService(access.http.once, urls)
  const [alive, keys] = await Promise.all([
    probe(
      service.checkHealth,
      (response): Reading<true> =>
        response.ok ? { value: true } : { failure: describeProbe(response) },
      access,
    ),
    probe(
      service.fetchJwks,
      (response): Reading<number> =>
        response.ok ? { value: response.keys.length } : { failure: describeProbe(response) },
      access,
    ),
  ])
  return { alive, keys }
}

/**
 * Checks which origins the auth service accepts. Sends sign-outs with a meaningless cookie, so no session
 * ends. An accepted origin counts only if the service rejects a control origin that nobody can own.
 * Throws `RunAborted`.
 */
export const probeOrigins = async (
  urls: AuthUrls,
  origins: readonly string[],
  access: ServiceAccess,
): Promise<TrustObservation[]> => {
  if (origins.length === 0) return []
  const service = createAuthService(access.http.once, urls)
  const [control, results] = await Promise.all([
    probeOrigin(service, untrustableOrigin(), access),
    Promise.all(
      origins.map(async (origin) => ({
        origin,
        accepted: await probeOrigin(service, origin, access),
      })),
    ),
  ])
  const failure = whyInconclusive(control)
  if (failure === undefined) return results
  return results.map((result) =>
    knownValue(result.accepted) ? { ...result, accepted: { failure } } : result,
  )
}
