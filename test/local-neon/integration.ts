import { randomUUID } from 'node:crypto'
import { ApiError } from './answer.ts'
import { dropAuthSchema, newConfig, type ProjectConfig, writeConfig } from './auth-schema.ts'
import { createAuthService } from './auth-service.ts'
import type { Behavior } from './behavior.ts'
import { createAuthSchema } from './better-auth-options.ts'
import {
  type BranchRecord,
  branchById,
  copyBranch,
  databaseOf,
  defaultDatabase,
  type Integration,
  type NewBranch,
  type Project,
  touch,
  withConfig,
} from './project.ts'

/** Neon's message if auth is enabled while the schema already exists. */
export const orphanSchema =
  'The `neon_auth` schema already exists and cannot be automatically provisioned. ' +
  'Please drop the existing `neon_auth` schema before provisioning Neon Auth.'

/** Returns the branch's integration. Throws the API's 404 if auth is off. */
export function requireAuth(branch: BranchRecord): Integration {
  if (branch.auth === null) throw new ApiError(404, 'Neon Auth is not enabled for this branch')
  return branch.auth
}

/** Returns the base URL of the branch's auth service for the database that holds its users. */
export function baseUrl(project: Project, branch: BranchRecord, database: string): string {
  return `${project.origin}${basePath(branch, database)}`
}

/** Returns the URL of the branch's signing keys. */
export function jwksUrl(project: Project, branch: BranchRecord, database: string): string {
  const root = `${project.origin}/${branch.endpointId}`
  const place = project.behavior.jwksPlace === 'root' ? root : baseUrl(project, branch, database)
  return `${place}/.well-known/jwks.json`
}

/** Creates a branch. It inherits auth if its parent has it. */
export async function createBranch(project: Project, options: NewBranch): Promise<BranchRecord> {
  const branch = await copyBranch(project, options)
  const parent = branchById(project, branch.parentId ?? '')
  if (parent.auth === null) return branch
  // A schema-only branch may get the schema without the row, and then has no integration.
  const { config } = databaseOf(branch, parent.auth.database).facts
  if (config === null) return branch
  branch.auth = { ...integrate(project, branch, parent.auth.database), isInherited: true }
  return branch
}

/** Enables auth on a branch. Throws one of the two 409s if that is impossible. */
export async function enableAuth(
  project: Project,
  branch: BranchRecord,
  options: { database?: string; config?: Partial<ProjectConfig> } = {},
): Promise<Integration> {
  const name = options.database ?? defaultDatabase
  const database = databaseOf(branch, name)
  await database.change((facts) => {
    if (branch.auth !== null) {
      throw alreadyEnabled(project.behavior)
    }
    if (facts.authSchema && project.behavior.leftoverSchema === 'conflict') {
      throw new ApiError(409, orphanSchema)
    }
    const config = facts.config ?? { ...freshConfig(project, branch), ...options.config }
    // Set this here, so that the second of two simultaneous requests finds auth enabled.
    branch.auth = integrate(project, branch, name)
    if (facts.config !== null) return { facts, work: async () => {} }
    return {
      facts: { authSchema: true, config },
      work: async (postgres) => {
        if (!facts.authSchema) await createAuthSchema(postgres)
        await writeConfig(postgres, config)
      },
    }
  })
  touch(branch)
  const auth = requireAuth(branch)
  if (project.startsAuthEarly) await auth.service(aliveRequest(project, branch, name), '127.0.0.1')
  return auth
}

function aliveRequest(project: Project, branch: BranchRecord, database: string): Request {
  return new Request(`${baseUrl(project, branch, database)}/ok`)
}

/** Returns the configuration of auth that nobody has configured yet. */
function freshConfig({ id, behavior }: Project, branch: BranchRecord): ProjectConfig {
  return {
    ...newConfig(id, branch.endpointId),
    ...(behavior.freshProviders === 'none' && { social_providers: [] }),
    ...(behavior.freshEmailProvider === 'none' && { email_provider: null }),
  }
}

function alreadyEnabled({ enableAgain }: Behavior): ApiError {
  if (enableAgain === 'says-schema') return new ApiError(409, orphanSchema)
  if (enableAgain === 'bare') return new ApiError(409, 'Conflict', 'CONFLICT')
  return new ApiError(409, 'Neon Auth is already enabled for this branch')
}

/** Disables auth on a branch. Keeps its data unless `deleteData` is set. */
export async function disableAuth(branch: BranchRecord, deleteData: boolean): Promise<void> {
  const { database } = requireAuth(branch)
  branch.auth = null
  touch(branch)
  if (!deleteData) return
  const facts = { authSchema: false, config: null }
  await databaseOf(branch, database).change(() => ({ facts, work: dropAuthSchema }))
}

/** Removes every trace of auth from a branch: the integration and the schema. */
export async function wipeAuth(branch: BranchRecord): Promise<void> {
  branch.auth = null
  touch(branch)
  const facts = { authSchema: false, config: null }
  for (const database of branch.databases.values()) {
    if (database.facts.authSchema) await database.change(() => ({ facts, work: dropAuthSchema }))
  }
}

/** Returns the configuration row of a branch. Throws the API's 404 if auth is off, and a 500 if the row is missing. */
export function authConfig(branch: BranchRecord): ProjectConfig {
  const { config } = databaseOf(branch, requireAuth(branch).database).facts
  if (config === null) {
    throw new ApiError(
      500,
      'neon_auth.project_config has no row: the schema was dropped or emptied',
    )
  }
  return config
}

/** Changes parts of the configuration row. `patch` gets its current content. Returns the new row. */
export async function updateAuthConfig(
  branch: BranchRecord,
  patch: (config: ProjectConfig) => Partial<ProjectConfig>,
): Promise<ProjectConfig> {
  const database = databaseOf(branch, requireAuth(branch).database)
  await database.change((facts) => withConfig(facts, facts.config ? patch(facts.config) : {}))
  touch(branch)
  return authConfig(branch)
}

function basePath(branch: BranchRecord, database: string): string {
  return `/${branch.endpointId}/${encodeURIComponent(database)}/auth`
}

function integrate(project: Project, branch: BranchRecord, database: string): Integration {
  const trustedSince = new Map<string, number>()
  const service = createAuthService({
    isTrustedYet: (domain) => isTrustedYet(project, trustedSince.get(domain)),
    behavior: () => project.behavior,
    origin: project.origin,
    basePath: basePath(branch, database),
    branchId: branch.id,
    endpointId: branch.endpointId,
    outbox: project.outbox,
    database: databaseOf(branch, database),
    secret: project.secret,
    rateLimit: project.rateLimit,
  })
  return {
    id: randomUUID(),
    database,
    createdAt: new Date().toISOString(),
    service,
    since: project.clock.now(),
    isInherited: false,
    trustedSince,
  }
}

const trustDelay = { 'at-once': 0, '2-s': 2, '20-s': 20 } as const

function isTrustedYet({ behavior, clock }: Project, since: number | undefined): boolean {
  return since === undefined || clock.now() - since >= trustDelay[behavior.trustDelay] * 1000
}
