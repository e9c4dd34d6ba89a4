import type { RequestName } from './errors.ts'

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

/** Whether an answer says yes. */
export const isSuccess = ({ status }: Pick<HttpResponse, 'status'>): boolean =>
  status >= 200 && status < 300

/** Sends a request: once, or with retries, see {@link Http}. */
export type Send = (call: HttpRequest) => Promise<HttpResponse>
