/**
 * Replaces `@actions/http-client` in the bundle. `@actions/github` asks it for the runner's proxy,
 * but all requests of this action go through network/.
 */
export class HttpClient {
  getAgent() {
    return undefined
  }

  getAgentDispatcher() {
    return undefined
  }
}
