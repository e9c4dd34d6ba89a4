import { type Fields, parseFields } from '../core/fields.ts'
import { oneLine } from '../core/text.ts'
import type { NetworkFault, RequestName } from './errors.ts'

/** An HTTP request. Messages name it by `path`. */
export interface HttpRequest extends RequestName {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** The size limit of the response, in bytes, if it is smaller than the usual one. */
  readonly maxBytes?: number
  /** The time limit of one attempt, in ms, if it is shorter than the usual one. */
  readonly maxAttemptMs?: number
  /**
   * Whether the server may need a long time, and stops working if the connection closes. One attempt then gets
   * most of the remaining time.
   */
  readonly isLongRunning?: boolean
  /**
   * Returns a fault if the response does not come from the server, such as a proxy's page. The response
   * then counts as lost. By default, every response is accepted.
   */
  readonly foreignFault?: (response: HttpResponse) => NetworkFault | undefined
  /** Only in a {@link CheckedRequest}. */
  readonly beforeAttempt?: never
}

/** An HTTP request with a check. */
export interface CheckedRequest extends Omit<HttpRequest, 'beforeAttempt'> {
  /**
   * Runs right before every attempt, including the first. If it throws, the request is not sent. A write
   * uses it to check that it is still needed.
   */
  readonly beforeAttempt?: (() => Promise<void>) | undefined
}

/** A complete HTTP response with any status. */
export interface HttpResponse {
  readonly status: number
  /** By lowercase name. Values of the same name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The `Set-Cookie` headers, which a comma cannot join. Absent if there are none. */
  readonly setCookie?: readonly string[]
}

/** Returns the fields of the JSON object in the body, or `{}` if the body is anything else. Never throws. */
export const jsonFields = ({ text }: HttpResponse): Fields => parseFields(text)

/** Returns the status of a response and the start of its text, for a message. */
export const describeResponse = ({ status, text }: HttpResponse): string =>
  `the response was ${status}: ${oneLine(text, 200) || '(empty)'}`

/** Returns whether the status is 2xx. */
export const isSuccess = ({ status }: { readonly status: number }): boolean =>
  status >= 200 && status < 300

/** Sends a request, once or with retries (see {@link Http}). */
export type Send = (request: HttpRequest) => Promise<HttpResponse>

/** Sends a request with retries, and runs its `beforeAttempt`. */
export type SendChecked = (request: CheckedRequest) => Promise<HttpResponse>
