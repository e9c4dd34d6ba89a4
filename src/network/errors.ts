/** One request, named the way a reader finds it again: `POST /projects/…/auth`. */
export interface RequestName {
  readonly method: string
  /** The path under the API's base URL, or the whole URL where it is not the API's. */
  readonly path: string
}

/**
 * A request whose whole answer never came, or came as a 500, 502 or 504: a write may have been
 * applied or not. Only reading tells.
 */
export class LostResponseError extends Error {
  override readonly name = 'LostAnswerError'
  readonly request: RequestName

  constructor(request: RequestName, message: string, cause?: unknown) {
    super(message, { cause })
    this.request = request
  }
}
