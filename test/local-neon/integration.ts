import { randomUUID } from 'node:crypto'
import { ApiError } from './answer.ts'
import { dropAuthSchema, newConfig, type ProjectConfig, writeConfig } from './auth-schema.ts'
import { createAuthService } from './auth-service.ts'
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

const orphanSchema =
  'The `neon_auth` schema already exists and cannot be automatically provisioned. ' +
  'Please drop the existing `neon_auth` schema before provisioning Neon Auth.'

/** The branch's integration, or the API's 404. */
export function requireAuth(branch: BranchRecord): Integration {
  if (branch.auth === null) throw new ApiError(404, 'Neon Auth is not enabled for this branch')
  return branch.auth
}

/** Where the branch's auth service is, in the database that holds its users. */
export function baseUrl(project: Project, branch: BranchRecord, database: string): string {
  return `${project.origin}${basePath(branch, database)}`
}

/** Where the branch's signing keys are. */
export function jwksUrl(project: Project, branch: BranchRecord, database: string): string {
  return `${baseUrl(project, branch, database)}/.well-known/jwks.json`
}

/** Adds a branch; it has auth when its parent has, with what it inherits. */
export async function createBranch(project: Project, options: NewBranch): Promise<BranchRecord> {
  const branch = await copyBranch(project, options)
  const parent = branchById(project, branch.parentId ?? '')
  // A schema-only branch gets the schema without the row and so no integration.
  if (parent.auth !== null && branch.initSource === 'parent-data') {
    branch.auth = integrate(project, branch, parent.auth.database)
  }
  return branch
}

/** Enables auth on a branch, or refuses with one of the two 409s. */
export async function enableAuth(
  project: Project,
  branch: BranchRecord,
  options: { database?: string; config?: Partial<ProjectConfig> } = {},
): Promise<Integration> {
  const name = options.database ?? defaultDatabase
  const database = databaseOf(branch, name)
  await database.change((facts) => {
    if (branch.auth !== null) {
      throw new ApiError(409, 'Neon Auth is already enabled for this branch')
    }
    if (facts.authSchema) throw new ApiError(409, orphanSchema)
    const config = { ...newConfig(project.id, branch.endpointId), ...options.config }
    // Within the decision, so that of two at the same time one finds it enabled.
    branch.auth = integrate(project, branch, name)
    return {
      facts: { authSchema: true, config },
      work: async (postgres) => {
        await createAuthSchema(postgres)
        await writeConfig(postgres, config)
      },
    }
  })
  touch(branch)
  return requireAuth(branch)
}

/** Disables auth on a branch; its data stays unless it is to go. */
export async function disableAuth(branch: BranchRecord, deleteData: boolean): Promise<void> {
  const { database } = requireAuth(branch)
  branch.auth = null
  touch(branch)
  if (!deleteData) return
  const facts = { authSchema: false, config: null }
  await databaseOf(branch, database).change(() => ({ facts, work: dropAuthSchema }))
}

/** Leaves nothing of auth on a branch: no integration, no schema. */
export async function wipeAuth(branch: BranchRecord): Promise<void> {
  branch.auth = null
  touch(branch)
  const facts = { authSchema: false, config: null }
  for (const database of branch.databases.values()) {
    if (database.facts.authSchema) await database.change(() => ({ facts, work: dropAuthSchema }))
  }
}

/** The configuration row of a branch with auth, or the API's 404. */
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

/** Rewrites parts of the configuration row, from what it holds at that moment. */
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
  const service = createAuthService({
    origin: project.origin,
    basePath: basePath(branch, database),
    branchId: branch.id,
    endpointId: branch.endpointId,
    outbox: project.outbox,
    database: databaseOf(branch, database),
    secret: project.secret,
    rateLimit: project.rateLimit,
  })
  return { id: randomUUID(), database, createdAt: new Date().toISOString(), service }
}
