/**
 * Replaces `@actions/http-client` in the bundle. `@actions/github` gets the runner's proxy from it, but
 * this action sends all requests through network/.
 */
export class HttpClient {
  getAgent() {
    return undefined
  }

  getAgentDispatcher() {
    return undefined
  }
}
