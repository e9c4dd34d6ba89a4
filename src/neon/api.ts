import { randomUUID } from 'node:crypto'
import { oneLine } from '../core/text.ts'
import type { NetworkFault } from '../network/errors.ts'
import {
  type HttpRequest,
  type HttpResponse,
  isSuccess,
  jsonFields,
  type Send,
} from '../network/messages.ts'
import { isRefusal, NeonApiError, NOT_NEON } from './errors.ts'
import { expectJson, expectRecord } from './response-checks.ts'

/** What a request function of `@neon/sdk` takes: its URL template and what fills it. */
export interface ApiOperation {
  readonly url: string
  readonly path?: object
  readonly query?: object | undefined
  readonly body?: unknown
}

type Fill<O extends ApiOperation> = Omit<O, 'url'>

/** Statuses with which Neon says that there is no auth on a branch, or no such branch. */
const GONE = [404, 410]

/** Whether a body is Neon's own error: `GeneralError` in its API description. */
const isNeonError = (response: HttpResponse): boolean =>
  typeof jsonFields(response)['message'] === 'string'

/** A page that a proxy sends with "not found" must never be read as "auth is off". */
const foreignPage = (response: HttpResponse): NetworkFault | undefined =>
  GONE.includes(response.status) && !isNeonError(response) ? NOT_NEON : undefined

/** A good answer, or one of the others that the caller said it would take. */
export interface ApiResponse {
  readonly request: HttpRequest
  readonly status: number
  /** The body. Throws `UnexpectedResponseError` when it is no JSON object. */
  json(): Record<string, unknown>
  /** The answer as the error that it is. */
  error(): NeonApiError
  /** Whether Neon itself says that what was asked for is gone, or was never there. */
  readonly isGone: boolean
}

/** How the endpoints of `@neon/sdk` are asked. Every other answer than the ones taken throws. */
export interface Api {
  /** Any method. `accept` names statuses that are answers, not errors. */
  call<O extends ApiOperation>(
    method: HttpRequest['method'],
    url: O['url'],
    fill: Fill<O>,
    accept?: readonly number[],
    confirming?: Pick<HttpRequest, 'beforeAttempt'>,
  ): Promise<ApiResponse>
  /**
   * GET of something that is only there where auth is on: absent for Neon's own 404 and 410. Throws
   * `NeonApiError` if the message of a 404 speaks of access, and for a 404 that is not Neon's.
   */
  readIfOn<O extends ApiOperation>(url: O['url'], fill: Fill<O>): Promise<ApiResponse | undefined>
  /** DELETE of something that may be gone already. Throws as {@link Api.readIfOn} does. */
  remove<O extends ApiOperation>(
    url: O['url'],
    fill: Fill<O>,
    confirming?: Pick<HttpRequest, 'beforeAttempt'>,
  ): Promise<'removed' | 'gone'>
}

/** Where a branch's auth lives in the API. */
export const AUTH = '/projects/{project_id}/branches/{branch_id}/auth'

/** How one branch is named in paths. */
export type BranchPath = (branchId: string) => { path: { project_id: string; branch_id: string } }

const fillPath = (template: string, path: object): string =>
  Object.entries(path).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(String(value))),
    template,
  )

const queryText = (query: object | undefined): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `?${search}` : ''
}

const apiError = (call: HttpRequest, answer: HttpResponse): NeonApiError => {
  try {
    const body = expectRecord(call, JSON.parse(answer.text), 'the error')
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    const { message, code, request_id } = body
    return new NeonApiError(call, answer.status, text(message), text(code), text(request_id))
  } catch {
    return new NeonApiError(call, answer.status, oneLine(answer.text, 300), '', '', true)
  }
}

/** Whether a good answer came. Throws `NeonApiError` for a "not found" that does not say "gone". */
const isThere = (answered: ApiResponse): boolean => {
  if (!GONE.includes(answered.status)) return true
  if (answered.isGone) return false
  throw answered.error()
}

/** Binds requests to the API's base URL (without a slash at its end) and a key. */
export const createApi = (send: Send, apiHost: string, apiKey: string): Api => {
  const call: Api['call'] = async (method, url, fill, accept = [], confirming = {}) => {
    const path = fillPath(url, fill.path ?? {})
    const requestId = randomUUID()
    const hasBody = fill.body !== undefined
    const request: HttpRequest = {
      ...confirming,
      method,
      path,
      requestId,
      foreign: foreignPage,
      url: `${apiHost}${path}${queryText(fill.query)}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        // Neon's logs then have it even if the response is lost (`GeneralError.request_id` of its API description).
        'x-request-id': requestId,
        ...(hasBody && { 'content-type': 'application/json' }),
      },
      ...(hasBody && { body: JSON.stringify(fill.body) }),
    }
    const answer = await send(request)
    const error = (): NeonApiError => apiError(request, answer)
    if (!isSuccess(answer) && !accept.includes(answer.status)) throw error()
    return {
      request,
      status: answer.status,
      json: () => expectJson(request, answer.text),
      error,
      isGone: GONE.includes(answer.status) && isNeonError(answer) && !isRefusal(error()),
    }
  }
  return {
    call,
    async readIfOn(url, fill) {
      const answered = await call('GET', url, fill, GONE)
      return isThere(answered) ? answered : undefined
    },
    async remove(url, fill, confirming) {
      return isThere(await call('DELETE', url, fill, GONE, confirming)) ? 'removed' : 'gone'
    },
  }
}
