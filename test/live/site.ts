import type { QuestionName, Readings } from '../local-neon/readings.ts'
import { at, type Reply, type Service, textAt } from './service.ts'

/** How branches of an examination are named, so that a later run finds leftovers. */
export const branchPrefix = 'neon-auth-live-'
const branchName = new RegExp(`^${branchPrefix}[0-9a-z]+-[0-9]+$`)

/** An answer to a question; undefined where what was seen does not decide it. */
export type Findings = { [Name in QuestionName]?: Readings[Name] | undefined }

/** A branch that this examination created. */
export interface SiteBranch {
  readonly id: string
  /** Sends a request to the management API, below the branch's auth. */
  auth(method: string, path?: string, body?: unknown): Promise<Reply>
}

/** How a branch is created. */
export interface BranchWish {
  readonly parent?: string
  readonly schemaOnly?: boolean
  readonly withoutCompute?: boolean
}

/** Where an examination takes place: branches of its own, deleted at the end. */
export interface Site {
  readonly service: Service
  /** Creates a branch as it comes, with whatever its parent has. */
  create(wish?: BranchWish): Promise<SiteBranch>
  /** Creates a branch on which auth is off and leaves no data. */
  createClean(wish?: BranchWish): Promise<SiteBranch>
  /** How the names of its branches start. */
  readonly prefix: string
  /** Takes the ids of the branches created so far, children first: whoever takes them deletes them. */
  takeCreated(): string[]
}

const lifetimeMs = 2 * 60 * 60 * 1000
/** How far the clock of this machine may be from Neon's. */
const clockSkewMs = 10 * 60 * 1000

/** A branch as a list shows it, as far as an examination looks at those it did not create. */
export interface ListedBranch {
  readonly id: string
  readonly name: string
  readonly default?: boolean
  readonly protected?: boolean
  readonly created_at?: string
  readonly expires_at?: string
}

/**
 * Whether an examination created a branch: its name has the form of one, and it expires as soon as only
 * those do. A person's branch with a similar name stays untouched.
 */
export function isOfExamination(branch: ListedBranch): boolean {
  const lifetime = Date.parse(branch.expires_at ?? '') - Date.parse(branch.created_at ?? '')
  const isGuarded = branch.default || branch.protected
  return branchName.test(branch.name) && !isGuarded && lifetime <= lifetimeMs + clockSkewMs
}

/** Returns a site whose branches start with {@link branchPrefix} and `run`, and expire by themselves. */
export function createSite(service: Service, run: string): Site {
  const created: string[] = []
  const prefix = `${branchPrefix}${run}-`
  let serial = 0
  const create: Site['create'] = async (wish = {}) => {
    serial += 1
    const reply = await service.api('POST', '/branches', {
      branch: {
        name: `${prefix}${serial}`,
        expires_at: new Date(Date.now() + lifetimeMs).toISOString(),
        ...(wish.parent !== undefined && { parent_id: wish.parent }),
        ...(wish.schemaOnly && { init_source: 'schema-only' }),
      },
      ...(!wish.withoutCompute && { endpoints: [{ type: 'read_write' }] }),
    })
    const id = textAt(reply, 'branch', 'id')
    if (id === '') throw new Error(`could not create a branch: ${reply.status} ${messageOf(reply)}`)
    created.push(id)
    const auth: SiteBranch['auth'] = (method, path = '', body) =>
      service.api(method, `/branches/${id}/auth${path}`, body)
    return { id, auth }
  }
  return {
    service,
    prefix,
    create,
    createClean: async (wish) => {
      const branch = await create(wish)
      const { status } = await branch.auth('GET')
      if (status === 200) await branch.auth('DELETE', '', { delete_data: true })
      return branch
    },
    takeCreated: () => created.splice(0).reverse(),
  }
}

/** Deletes branches, in this order; returns the ids of those that could not be deleted. */
export async function deleteBranches(service: Service, ids: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const id of ids) {
    const { status } = await service.api('DELETE', `/branches/${id}`)
    if (status !== 200 && status !== 204 && status !== 202 && status !== 404) left.push(id)
  }
  return left
}

/** The message of an error body. */
export function messageOf(reply: Reply): string {
  return textAt(reply, 'message')
}

/** What enabling asks for. */
export const enabling = { auth_provider: 'better_auth' }

/** Where an enabled branch's auth is found. */
export interface AuthPlace {
  readonly baseUrl: string
  readonly jwksUrl: string
}

/** Switches auth on and waits until its URLs are known; throws when they do not come. */
export async function enable({ service }: Site, branch: SiteBranch): Promise<AuthPlace> {
  const reply = await branch.auth('POST', '', enabling)
  if (reply.status >= 300) {
    throw new Error(`could not enable auth: ${reply.status} ${messageOf(reply)}`)
  }
  return waitForPlace(service, branch)
}

/** Waits until reading names the URLs; throws when they do not come within half a minute. */
export async function waitForPlace(service: Service, branch: SiteBranch): Promise<AuthPlace> {
  for (let waited = 0; waited < 30; waited += 0.5) {
    const reply = await branch.auth('GET')
    const place = { baseUrl: textAt(reply, 'base_url'), jwksUrl: textAt(reply, 'jwks_url') }
    if (place.baseUrl !== '' && place.jwksUrl !== '') return place
    await service.pause(0.5)
  }
  throw new Error('auth is on, but no URL was named within 30 s')
}

/** Lists the domains until two reads in a row are the same. */
export async function settledDomains(service: Service, branch: SiteBranch): Promise<string[]> {
  let before: string[] | undefined
  for (let reads = 0; reads < 10; reads += 1) {
    const list = domainsIn(await branch.auth('GET', '/domains'))
    if (reads > 2 && before?.join() === list.join()) return list
    before = list
    await service.pause(0.1)
  }
  return before ?? []
}

/** The domains of a list as it was read. */
export function domainsIn(reply: Reply): string[] {
  const entries = at(reply, 'domains')
  return Array.isArray(entries)
    ? entries.map((entry: { domain?: unknown }) => String(entry.domain))
    : []
}

/** Trusts a domain. */
export function trust(branch: SiteBranch, domain: string): Promise<Reply> {
  return branch.auth('POST', '/domains', { domain, auth_provider: 'better_auth' })
}
