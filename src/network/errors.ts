/** One request, named the way a reader finds it again: `POST /projects/…/auth`. */
export interface RequestName {
  readonly method: string
  /** The path under the API's base URL, or the whole URL where it is not the API's. */
  readonly path: string
  /** The `X-Request-ID` that the request carries, to give to Neon's support. */
  readonly requestId?: string
}

/** Why a request got no usable response, if that is known, and what to change. */
export interface NetworkFault {
  readonly why: string
  readonly fix: string
  /** Sending the request again cannot help: a setting has to change first. */
  readonly isPermanent: boolean
}

/**
 * A request whose whole answer never came, or came as a 500, 502 or 504: a write may have been
 * applied or not. Only reading tells.
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
}
