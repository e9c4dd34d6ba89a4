import { randomUUID } from 'node:crypto'
import { nonEmptyString, oneLine } from '../core/text.ts'
import type { NetworkFault, RequestName } from '../network/errors.ts'
import {
  type CheckedRequest,
  type HttpRequest,
  type HttpResponse,
  isSuccess,
  jsonFields,
  type SendChecked,
} from '../network/messages.ts'
import { isAccessDenied, NeonApiError, NOT_NEON } from './errors.ts'
import { expectJson } from './response-checks.ts'

/** The URL template and parameters of an operation in `@neon/sdk`. */
export interface ApiOperation {
  readonly url: string
  readonly path?: object
  readonly query?: object | undefined
  readonly body?: unknown
}

type Params<O extends ApiOperation> = Omit<O, 'url'>

/** Neon's statuses for a resource that does not exist, such as a branch or its auth. */
const GONE = [404, 410]

/** Returns whether a body is Neon's own error (`GeneralError` in its API description, which requires `message`). */
const isNeonError = (response: HttpResponse): boolean =>
  typeof jsonFields(response)['message'] === 'string'

/** Returns a fault for a proxy's "not found" page. Only Neon's own 404 or 410 can mean that auth is off. */
const foreignFault = (response: HttpResponse): NetworkFault | undefined =>
  GONE.includes(response.status) && !isNeonError(response) ? NOT_NEON : undefined

/** A response with a 2xx status or an error status that the caller accepts. */
export interface ApiResponse {
  readonly request: RequestName
  readonly status: number
  /** Returns the body. Throws `UnexpectedResponseError` if it is not a JSON object. */
  json(): Record<string, unknown>
  /** Returns the response as an error. */
  error(): NeonApiError
  /** Whether Neon itself says that the resource is gone or never existed. */
  readonly isGone: boolean
}

/** A client for the operations of `@neon/sdk`. Throws `NeonApiError` for statuses that are not accepted. */
export interface Api {
  /** Sends a request. `accept` lists the error statuses to return instead of throwing. */
  call<O extends ApiOperation>(
    method: HttpRequest['method'],
    url: O['url'],
    params: Params<O>,
    accept?: readonly number[],
    hooks?: Pick<CheckedRequest, 'beforeAttempt'>,
  ): Promise<ApiResponse>
  /**
   * Reads a resource that may not exist. Returns `undefined` for Neon's own 404 and 410. Throws
   * `NeonApiError` if a 404 is about access, and `LostResponseError` if it does not come from Neon.
   */
  readIfExists<O extends ApiOperation>(
    url: O['url'],
    params: Params<O>,
  ): Promise<ApiResponse | undefined>
  /** Deletes a resource that may already be gone. Throws like {@link Api.readIfExists}. */
  remove<O extends ApiOperation>(
    url: O['url'],
    params: Params<O>,
    hooks?: Pick<CheckedRequest, 'beforeAttempt'>,
  ): Promise<'removed' | 'gone'>
}

/** The URL template of a branch's auth. */
export const AUTH = '/projects/{project_id}/branches/{branch_id}/auth'

/** Returns the path parameters of a branch. */
export type BranchPath = (branchId: string) => { path: { project_id: string; branch_id: string } }

const fillPath = (template: string, path: object): string =>
  Object.entries(path).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(String(value))),
    template,
  )

const formatQuery = (query: object | undefined): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `?${search}` : ''
}

const apiError = (request: RequestName, response: HttpResponse): NeonApiError => {
  const { status, text } = response
  if (!isNeonError(response)) {
    return new NeonApiError(request, { status, message: oneLine(text, 300), isForeign: true })
  }
  const { message, code, request_id } = jsonFields(response)
  return new NeonApiError(request, {
    status,
    message: String(message),
    code: nonEmptyString(code),
    requestId: nonEmptyString(request_id),
  })
}

/** Returns `false` if the resource is gone. Throws `NeonApiError` for a 404 that means something else. */
const exists = (response: ApiResponse): boolean => {
  if (!GONE.includes(response.status)) return true
  if (response.isGone) return false
  throw response.error()
}

/** Creates an API client for a base URL (without a trailing slash) and a key. */
export const createApi = (send: SendChecked, apiHost: string, apiKey: string): Api => {
  const call: Api['call'] = async (method, url, params, accept = [], hooks = {}) => {
    const path = fillPath(url, params.path ?? {})
    const requestId = randomUUID()
    const hasBody = params.body !== undefined
    const request: CheckedRequest = {
      ...hooks,
      method,
      path,
      requestId,
      foreignFault,
      url: `${apiHost}${path}${formatQuery(params.query)}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        // Puts the ID in Neon's logs even if the response is lost (see `GeneralError.request_id`).
        'x-request-id': requestId,
        ...(hasBody && { 'content-type': 'application/json' }),
      },
      ...(hasBody && { body: JSON.stringify(params.body) }),
    }
    const response = await send(request)
    const error = (): NeonApiError => apiError(request, response)
    if (!isSuccess(response) && !accept.includes(response.status)) throw error()
    return {
      request,
      status: response.status,
      json: () => expectJson(request, response.text),
      error,
      isGone: GONE.includes(response.status) && isNeonError(response) && !isAccessDenied(error()),
    }
  }
  return {
    call,
    async readIfExists(url, params) {
      const response = await call('GET', url, params, GONE)
      return exists(response) ? response : undefined
    },
    async remove(url, params, hooks) {
      return exists(await call('DELETE', url, params, GONE, hooks)) ? 'removed' : 'gone'
    },
  }
}
