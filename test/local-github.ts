import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { REPOSITORY } from './payloads.ts'

/** The little of GitHub's REST API that the action asks, on loopback. */
export interface LocalGitHub {
  /** What GITHUB_API_URL is to say. */
  readonly apiUrl: string
  /** Set the state of a pull request; one that was never set is open. */
  setState(number: number, state: 'open' | 'closed'): void
  close(): Promise<void>
}

/** A pull request as `GET /repos/{owner}/{repo}/pulls/{number}` tells it, as far as it is read. */
const pullRequest = (number: number, state: string) => ({
  number,
  state,
  user: { login: 'Codertocat' },
  head: { ref: 'changes', repo: { id: 1, full_name: REPOSITORY } },
  base: { ref: 'master', repo: { id: 1, full_name: REPOSITORY } },
})

/** Starts it on a free port. */
export const startLocalGitHub = async (): Promise<LocalGitHub> => {
  const states = new Map<number, string>()
  const server = createServer((request, response) => {
    const number = Number(request.url?.match(/\/pulls\/(\d+)$/)?.[1])
    const known = Number.isInteger(number) && request.headers.authorization === 'token ghs_local'
    const body = known
      ? pullRequest(number, states.get(number) ?? 'open')
      : { message: 'Resource not accessible by integration' }
    response.writeHead(known ? 200 : 403, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    setState: (number, state) => void states.set(number, state),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
