import { Inconclusive, isOn, readable, succeeded } from './findings.ts'
import { at, type Reply, type Service, textAt } from './service.ts'

/** The prefix of the branches' names, by which a later run finds leftovers. */
export const branchPrefix = 'neon-auth-live-'
const branchName = new RegExp(`^${branchPrefix}[0-9a-z]+-[0-9]+$`)

/** A branch that this examination created. */
export interface WorkspaceBranch {
  readonly id: string
  /** Sends a request to the management API. `path` is below the branch's auth. */
  auth(method: string, path?: string, body?: unknown): Promise<Reply>
}

/** The options of a new branch. */
export interface BranchOptions {
  readonly parent?: string
  readonly schemaOnly?: boolean
  readonly withoutCompute?: boolean
}

/** The branches of one examination, which deletes them at the end. */
export interface Workspace {
  readonly service: Service
  /** Creates a branch with everything that it inherits from its parent. */
  create(options?: BranchOptions): Promise<WorkspaceBranch>
  /** Creates a branch and deletes the auth that it inherits, including its data. */
  createClean(options?: BranchOptions): Promise<WorkspaceBranch>
  /** The prefix of the names of its branches. */
  readonly prefix: string
  /** Returns the IDs of the branches created so far, children first, and forgets them. The caller must delete them. */
  takeCreated(): string[]
}

const lifetimeMs = 2 * 60 * 60 * 1000
/** How much this machine's clock may differ from Neon's. */
const clockSkewMs = 10 * 60 * 1000

/** The fields that an examination reads of a listed branch. */
export interface ListedBranch {
  readonly id: string
  readonly name: string
  readonly default?: boolean
  readonly protected?: boolean
  readonly created_at?: string
  readonly expires_at?: string
}

/**
 * Returns whether a branch looks like one that an examination created: its name has the right form, it expires
 * soon after its creation, and it is neither the default branch nor protected. A person's branch that only has
 * a similar name does not.
 */
export function isOfExamination(branch: ListedBranch): boolean {
  const lifetime = Date.parse(branch.expires_at ?? '') - Date.parse(branch.created_at ?? '')
  const isGuarded = branch.default || branch.protected
  return branchName.test(branch.name) && !isGuarded && lifetime <= lifetimeMs + clockSkewMs
}

/** Returns a workspace. The names of its branches start with {@link branchPrefix} and `run`, and the branches expire. */
export function createWorkspace(service: Service, run: string): Workspace {
  const created: string[] = []
  const prefix = `${branchPrefix}${run}-`
  let serial = 0
  const create: Workspace['create'] = async (options = {}) => {
    serial += 1
    const reply = await service.api('POST', '/branches', {
      branch: {
        name: `${prefix}${serial}`,
        expires_at: new Date(Date.now() + lifetimeMs).toISOString(),
        ...(options.parent !== undefined && { parent_id: options.parent }),
        ...(options.schemaOnly && { init_source: 'schema-only' }),
      },
      ...(!options.withoutCompute && { endpoints: [{ type: 'read_write' }] }),
    })
    const id = textAt(reply, 'branch', 'id')
    if (id === '') throw new Error(`could not create a branch: ${reply.status} ${messageOf(reply)}`)
    created.push(id)
    const auth: WorkspaceBranch['auth'] = (method, path = '', body) =>
      service.api(method, `/branches/${id}/auth${path}`, body)
    return { id, auth }
  }
  return {
    service,
    prefix,
    create,
    createClean: async (options) => {
      const branch = await create(options)
      const inherits = isOn(await branch.auth('GET'))
      if (inherits) succeeded(await branch.auth('DELETE', '', { delete_data: true }))
      return branch
    },
    takeCreated: () => created.splice(0).reverse(),
  }
}

/** Deletes branches in this order. Returns the IDs of those that could not be deleted. */
export async function deleteBranches(service: Service, ids: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const id of ids) {
    const { status } = await service.api('DELETE', `/branches/${id}`)
    if (status !== 200 && status !== 204 && status !== 202 && status !== 404) left.push(id)
  }
  return left
}

/** Returns the message of an error body. */
export function messageOf(reply: Reply): string {
  return textAt(reply, 'message')
}

/** The body of a request to enable auth. */
export const enabling = { auth_provider: 'better_auth' }

/** The URLs of a branch's auth. */
export interface AuthUrls {
  readonly baseUrl: string
  readonly jwksUrl: string
}

/** Enables auth and waits until its URLs are known. Throws if that fails or takes over 30 s. */
export async function enable({ service }: Workspace, branch: WorkspaceBranch): Promise<AuthUrls> {
  readable(await branch.auth('POST', '', enabling))
  return waitForUrls(service, branch)
}

/** Waits until a read returns the URLs. Throws if they do not appear within about 30 s. */
export async function waitForUrls(service: Service, branch: WorkspaceBranch): Promise<AuthUrls> {
  for (let waited = 0; ; waited += 0.5) {
    const reply = await branch.auth('GET')
    const urls = { baseUrl: textAt(reply, 'base_url'), jwksUrl: textAt(reply, 'jwks_url') }
    if (urls.baseUrl !== '' && urls.jwksUrl !== '') return urls
    if (waited > 30) throw new Inconclusive(reply, 'no URLs within 30 s')
    await service.pause(0.5)
  }
}

/** Reads the domains at least four times, until two reads in a row return the same. Stops after ten reads. */
export async function settledDomains(service: Service, branch: WorkspaceBranch): Promise<Reply> {
  let before: string | undefined
  for (let reads = 1; ; reads += 1) {
    const reply = await branch.auth('GET', '/domains')
    const list = JSON.stringify(at(reply, 'domains'))
    if (reads === 10 || (reads > 3 && before === list)) return reply
    before = list
    await service.pause(0.1)
  }
}

/** Returns the domains in the response to a read of the list. Throws {@link Inconclusive} if it has no list. */
export function domainsIn(reply: Reply): string[] {
  const entries = at(succeeded(reply), 'domains')
  if (!Array.isArray(entries)) throw new Inconclusive(reply)
  return entries.map((entry: { domain?: unknown }) => String(entry.domain))
}

/** Adds a trusted domain. */
export function trust(branch: WorkspaceBranch, domain: string): Promise<Reply> {
  return branch.auth('POST', '/domains', { domain, auth_provider: 'better_auth' })
}
