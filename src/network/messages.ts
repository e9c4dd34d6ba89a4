import { oneLine } from '../core/text.ts'
import type { NetworkFault, RequestName } from './errors.ts'

/** A request as it goes out. `path` is how messages name it. */
export interface HttpRequest extends RequestName {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /**
   * Awaited right before every attempt, the first one included. What it throws ends the request, so
   * that nothing is sent on grounds that no longer hold.
   */
  readonly beforeAttempt?: (() => Promise<void>) | undefined
  /**
   * Returns what is wrong with a response that cannot come from the server that was asked, such as a
   * proxy's page. The response then counts as lost. Default: every response is the server's.
   */
  readonly foreign?: (response: HttpResponse) => NetworkFault | undefined
}

/** A whole answer, whatever its status. */
export interface HttpResponse {
  readonly status: number
  /** The `Retry-After` header as it came, `''` when absent. */
  readonly retryAfter: string
  readonly text: string
}

/** The fields of an answer's JSON object; none where it is something else. Never throws. */
export const jsonFields = (answer: HttpResponse): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(answer.text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** A response in a few words, for a message: its status and the beginning of its text. */
export const describeResponse = ({ status, text }: HttpResponse): string =>
  `the response was ${status}: ${oneLine(text, 200) || '(empty)'}`

/** Whether an answer says yes. */
export const isSuccess = ({ status }: Pick<HttpResponse, 'status'>): boolean =>
  status >= 200 && status < 300

/** Sends a request: once, or with retries, see {@link Http}. */
export type Send = (call: HttpRequest) => Promise<HttpResponse>
