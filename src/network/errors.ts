/** The parts of a request's name in messages: `POST /projects/…/auth`. */
export interface RequestName {
  readonly method: string
  /** The path under the API's base URL. For other requests, the URL or a short form of it. */
  readonly path: string
  /** The `X-Request-ID` header of the request, which Neon's support asks for. */
  readonly requestId?: string
}

/** The known cause of a failed request, and what to change. */
export interface NetworkFault {
  readonly why: string
  readonly fix: string
  /** Whether a retry is useless because a setting must change first. */
  readonly isPermanent: boolean
}

/**
 * Thrown if a request got no usable response: none, an incomplete or too large one, one that is not from the server,
 * or a 500, 502, or 504. A write may or may not have been applied. Read back to find out.
 */
export class LostResponseError extends Error {
  override readonly name = 'LostResponseError'
  readonly request: RequestName
  readonly fault: NetworkFault | undefined

  constructor(request: RequestName, message: string, cause?: unknown, fault?: NetworkFault) {
    super(message, { cause })
    this.request = request
    this.fault = fault
  }

  /** The request and its failure: `POST /projects/…/auth: other side closed`. */
  get summary(): string {
    return `${this.request.method} ${this.request.path}: ${this.message}`
  }
}

/** Returns whether the response to a write was lost. If only a read before it was lost, the write was not sent. */
export const isLostWrite = (error: unknown): error is LostResponseError =>
  error instanceof LostResponseError && error.request.method !== 'GET'
