import { accountOf, BOT_ACCOUNT, type LocalAccount } from './local-github/accounts.ts'
import { BAD_GATEWAY } from './local-github/answers.ts'
import { storeComment } from './local-github/comments.ts'
import {
  createInterference,
  type Fault,
  type FaultOptions,
  type Hook,
  type Interference,
} from './local-github/faults.ts'
import { startServer } from './local-github/server.ts'
import {
  freshState,
  type LocalBranch,
  type LocalComment,
  type LocalDeployment,
  type LocalPull,
  type LocalRepository,
  type Permission,
  pullOf,
  type State,
} from './local-github/state.ts'

/** The fields of a new deployment. The defaults match those of a job's `environment:`. */
export type NewDeployment = Partial<Omit<LocalDeployment, 'id' | 'creator'>> &
  Pick<LocalDeployment, 'sha' | 'environment'> & { readonly creator?: string | null }

/** The part of GitHub's API that the action calls, on loopback, with a state that tests control. */
export interface LocalGitHub {
  /** The value for GITHUB_API_URL. */
  readonly apiUrl: string
  /** Sets the state of a pull request. Default: open. */
  setState(number: number, state: 'open' | 'closed'): void
  setPull(number: number, pull: Partial<LocalPull>): void
  /** Adds an issue that is not a pull request. */
  addIssue(number: number): void
  /** Locks the conversation of a pull request. */
  lock(number: number): void
  /** Changes the repository. Requests to `formerNames` are redirected, as after a rename. */
  setRepository(repository: Partial<LocalRepository>): void
  /** Adds another repository. Only its metadata can be read. */
  addRepository(repository: Partial<LocalRepository> & Pick<LocalRepository, 'fullName'>): void
  /** Sets a git branch. `'deleted'` removes it even if it is the head of a pull request. */
  setBranch(name: string, branch: Partial<LocalBranch> | 'deleted'): void
  /** Records a deployment of `sha` to `environment` with its statuses, oldest first. */
  deploy(
    sha: string,
    environment: string,
    states: readonly string[],
    url: string,
    production?: boolean,
  ): void
  /** Records a deployment and returns its ID. */
  addDeployment(deployment: NewDeployment): number
  /** Adds the newest status to a deployment. */
  addStatus(id: number, state: string, environmentUrl?: string, creator?: string): void
  /** Adds a comment and returns its ID. The author is a login or an account. `null` is a deleted account. */
  addComment(
    number: number,
    author: string | LocalAccount | null,
    body: string,
    app?: string,
  ): number
  /** Sets the owner of the token. Default: {@link BOT}. */
  setViewer(viewer: LocalAccount): void
  readonly comments: readonly LocalComment[]
  /** Moves the last change of every comment back by a day. */
  ageComments(): void
  /** Deletes a comment, as its author would. */
  removeComment(id: number): void
  /** Revokes a permission of the token. Revoking read access revokes write access too. */
  forbid(permission: Permission): void
  /** Restores a permission. */
  permit(permission: Permission): void
  /**
   * Answers 502 to the next `times` matching requests (`POST /repos/…`, default: one), before or after they
   * take effect.
   */
  fail(request: RegExp, when: 'before' | 'after', times?: number): void
  /**
   * Injects a fault into matching requests (`GET /repos/…`, with or without the query or ` {body}`).
   * Skips the first `skip` of them and hits the next `times` (default: all).
   */
  fault(request: RegExp, fault: Fault, options?: FaultOptions): void
  /** Calls a hook for each matching request. Returns a function that removes it. */
  onRequest(request: RegExp, hook: Hook): () => void
  /** Removes all faults and hooks. */
  clearFaults(): void
  /** The requests so far: `GET /repos/…`. */
  readonly requests: readonly string[]
  /** Restores the initial state and removes all faults and hooks, but keeps the address. */
  reset(): void
  close(): Promise<void>
}

const DAY_MS = 86_400_000

/** The login of the token's default owner. */
export const BOT = BOT_ACCOUNT.login

const pullControls = (state: () => State) => ({
  setState: (number: number, pullState: 'open' | 'closed') =>
    void state().pulls.set(number, { ...pullOf(state(), number), state: pullState }),
  setPull: (number: number, pull: Partial<LocalPull>) =>
    void state().pulls.set(number, { ...pullOf(state(), number), ...pull }),
  addIssue: (number: number) => void state().issues.add(number),
  lock: (number: number) => void state().locked.add(number),
})

const repositoryControls = (state: () => State) => ({
  setRepository: (repository: Partial<LocalRepository>) =>
    void Object.assign(state().repository, repository),
  addRepository: (repository: Partial<LocalRepository> & Pick<LocalRepository, 'fullName'>) => {
    const { others } = state()
    others.set(repository.fullName.toLowerCase(), {
      id: 1000 + others.size,
      defaultBranch: 'main',
      formerNames: [],
      ...repository,
    })
  },
  setBranch: (name: string, branch: Partial<LocalBranch> | 'deleted') =>
    void state().branches.set(
      name,
      branch === 'deleted' ? branch : { protected: false, sha: '0'.repeat(40), ...branch },
    ),
})

const deploymentControls = (state: () => State) => {
  const addDeployment = ({ creator = BOT, ...deployment }: NewDeployment): number => {
    const { deployments } = state()
    const id = deployments.length + 1
    deployments.push({
      ref: deployment.sha,
      production: false,
      transient: false,
      task: 'deploy',
      statuses: [],
      ...deployment,
      id,
      creator: creator === null ? null : accountOf(creator),
    })
    return id
  }
  return {
    addDeployment,
    deploy: (
      sha: string,
      environment: string,
      states: readonly string[],
      url: string,
      production = false,
    ) => {
      const statuses = states.map((state) => ({ state, environmentUrl: url }))
      addDeployment({ sha, environment, production, statuses })
    },
    addStatus: (id: number, newState: string, environmentUrl?: string, creator?: string) => {
      const deployment = state().deployments.find((candidate) => candidate.id === id)
      if (!deployment) throw new Error(`There is no deployment ${id}`)
      deployment.statuses.push({
        state: newState,
        ...(environmentUrl !== undefined && { environmentUrl }),
        ...(creator !== undefined && { creator }),
      })
    },
  }
}

const tokenControls = (state: () => State) => ({
  setViewer: (viewer: LocalAccount) => {
    state().viewer = viewer
  },
  forbid: (permission: Permission) => void state().forbidden.add(permission),
  permit: (permission: Permission) => void state().forbidden.delete(permission),
})

const interferenceControls = (interference: Interference) => ({
  fail: (request: RegExp, when: 'before' | 'after', times = 1) =>
    interference.arm(request, when === 'after' ? 'lost' : BAD_GATEWAY, { times }),
  fault: interference.arm,
  clearFaults: interference.clear,
  onRequest: interference.hook,
})

/** Starts a local GitHub on a free port. */
export const startLocalGitHub = async (): Promise<LocalGitHub> => {
  let current = freshState()
  const state = () => current
  const interference = createInterference()
  const { apiUrl, close } = await startServer(state, interference)
  return {
    apiUrl,
    close,
    ...pullControls(state),
    ...repositoryControls(state),
    ...deploymentControls(state),
    ...tokenControls(state),
    ...interferenceControls(interference),
    addComment: (number, author, body, app) => {
      const account = typeof author === 'string' ? accountOf(author) : author
      return storeComment(current, number, account, body, app).id
    },
    ageComments: () => {
      for (const comment of current.comments) comment.updatedAt -= DAY_MS
    },
    removeComment: (id) => {
      current.comments = current.comments.filter((comment) => comment.id !== id)
    },
    get comments() {
      return current.comments
    },
    get requests() {
      return current.requests
    },
    reset: () => {
      current = freshState()
      interference.clear()
    },
  }
}
