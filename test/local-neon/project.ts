import type { CustomDomain } from '@neon/sdk/raw'
import { ApiError } from './answer.ts'
import {
  dropAuthSchema,
  emptyAllTables,
  newConfig,
  type ProjectConfig,
  writeConfig,
} from './auth-schema.ts'
import type { AuthService } from './auth-service.ts'
import { deleteAllKeys, deleteAllUsers } from './auth-users.ts'
import type { Behavior } from './behavior.ts'
import type { Clock } from './clock.ts'
import { Database, type Facts } from './database.ts'
import type { OutboxMail } from './mail.ts'
import { OpenDatabases } from './open-databases.ts'
import { SPARES } from './spare-postgres.ts'

/** The database that every branch has. */
export const defaultDatabase = 'neondb'

const maxAwakeDatabases = 4

/** A branch's link to the auth service, as the control plane keeps it. */
export interface Integration {
  id: string
  database: string
  createdAt: string
  service: AuthService
  /** When auth was enabled or inherited, in ms of the project's clock. */
  since: number
  /** Whether the branch inherited it. */
  isInherited: boolean
  /** When each domain was added, in ms of the project's clock. Does not contain inherited domains. */
  trustedSince: Map<string, number>
  /** When its auth service got its first request, in ms of the project's clock. */
  firstAskedAt?: number
  /** An old list of domains, and how many more reads show it. */
  staleDomains?: { list: string[]; reads: number }
}

/** The compute that runs a branch's databases. */
export type Compute = 'read_write' | 'read_only' | 'none'

/** The state of a branch, as the API names it. */
export type BranchState = 'ready' | 'init' | 'resetting' | 'archived'

/** A branch and everything that belongs to it. */
export interface BranchRecord {
  readonly id: string
  readonly serial: number
  readonly endpointId: string
  readonly parentId?: string
  readonly initSource: InitSource
  readonly createdAt: string
  name: string
  default: boolean
  protected: boolean
  annotations?: Record<string, string>
  state: BranchState
  compute: Compute
  expiresAt?: string
  updatedAt: string
  databases: Map<string, Database>
  auth: Integration | null
  /** The functions deployed on this branch. A child does not inherit them. */
  functions: DeployedFunction[]
  customDomains: CustomDomain[]
}

/** A Neon Function. */
export interface DeployedFunction {
  slug: string
  /** By default, derived from the branch's ID. */
  invocationUrl?: string
}

/** What a branch starts with. */
export type InitSource = 'parent-data' | 'schema-only'

/** The options of a new branch. */
export interface NewBranch {
  name: string
  parent?: string
  protected?: boolean
  annotations?: Record<string, string>
  initSource?: InitSource
  databases?: string[]
  compute?: Compute
  expiresAt?: string
  /** How long ago the branch was created, in ms. Default: 0. */
  ageMs?: number
}

/** The whole state of the project. */
export interface Project {
  readonly id: string
  readonly origin: string
  readonly createdAt: string
  /** Shared by all branches: the signing keys they inherit are encrypted with it. */
  readonly secret: string
  readonly rateLimit: boolean
  /** The maximum number of branches on a page of the list. */
  readonly pageSize: number
  /** The answers to the questions that Neon's documentation leaves open. */
  behavior: Behavior
  /** The clock for delays that are part of the behavior. */
  readonly clock: Clock
  /** Whether enabling auth starts its service. */
  readonly startsAuthEarly: boolean
  /** The number of writes so far, for a service that refuses every second one as busy. */
  writes: number
  /** Whether an entry was already dropped between two pages. */
  hasDroppedEntry: boolean
  readonly branches: Map<string, BranchRecord>
  readonly open: OpenDatabases
  /** The emails that the shared provider sent for all branches. */
  readonly outbox: OutboxMail[]
  nextSerial: number
}

/** Returns a project that has only its default branch. */
export function createProject(
  options: Pick<
    Project,
    'id' | 'origin' | 'secret' | 'rateLimit' | 'pageSize' | 'behavior' | 'clock' | 'startsAuthEarly'
  >,
): Project {
  const project: Project = {
    ...options,
    createdAt: new Date().toISOString(),
    branches: new Map(),
    open: new OpenDatabases(maxAwakeDatabases),
    outbox: [],
    writes: 0,
    hasDroppedEntry: false,
    nextSerial: 1,
  }
  const databases = new Map([[defaultDatabase, new Database(project.open)]])
  const main = addBranch(project, { name: 'main' }, databases)
  main.default = true
  return project
}

/** Returns the project's default branch. */
export function defaultBranch(project: Project): BranchRecord {
  const found = [...project.branches.values()].find((branch) => branch.default)
  if (found === undefined) throw new Error('the project has no default branch')
  return found
}

/** Returns the branch with this ID. Throws the API's 404 if there is none. */
export function branchById(project: Project, id: string): BranchRecord {
  const branch = project.branches.get(id)
  if (branch === undefined) throw new ApiError(404, `branch ${id} not found`)
  return branch
}

/** Returns the branch with this exact name or ID, for tests that arrange a state. */
export function branchByIdOrName(project: Project, idOrName: string): BranchRecord {
  const byName = [...project.branches.values()].find(({ name }) => name === idOrName)
  return byName ?? branchById(project, idOrName)
}

/** Returns the branch's database with this name. Throws the API's 404 if there is none. */
export function databaseOf(branch: BranchRecord, name: string): Database {
  const database = branch.databases.get(name)
  if (database === undefined) {
    throw new ApiError(404, `database ${name} not found on branch ${branch.id}`)
  }
  return database
}

/** Creates a branch without auth. Its databases are copies of its parent's. */
export async function copyBranch(project: Project, options: NewBranch): Promise<BranchRecord> {
  const parent = options.parent ? branchById(project, options.parent) : defaultBranch(project)
  refuseTakenName(project, options.name)
  const databases = new Map<string, Database>()
  for (const [name, database] of parent.databases) databases.set(name, await database.copy())
  // Meanwhile, another request may have taken the name.
  refuseTakenName(project, options.name)
  const branch = addBranch(project, { ...options, parent: parent.id }, databases)
  for (const database of databases.values()) await settleCopy(database, branch, project, parent)
  for (const name of options.databases ?? []) {
    if (!databases.has(name)) databases.set(name, new Database(project.open))
  }
  return branch
}

/** Deletes a branch and its databases. Throws for the default branch and for branches with children. */
export async function removeBranch(project: Project, id: string): Promise<BranchRecord> {
  const branch = branchById(project, id)
  if (branch.default) throw new ApiError(422, 'cannot delete the default branch')
  if ([...project.branches.values()].some(({ parentId }) => parentId === id)) {
    throw new ApiError(422, `branch ${id} has child branches: delete them first`)
  }
  project.branches.delete(id)
  branch.auth = null
  for (const database of branch.databases.values()) await database.close()
  return branch
}

/** Closes every database of the project. Spares stop too, unless they outlive projects. */
export async function closeProject(project: Project): Promise<void> {
  for (const branch of project.branches.values()) {
    for (const database of branch.databases.values()) await database.close()
  }
  await SPARES.projectClosed()
}

/** Records that a branch was changed. */
export function touch(branch: BranchRecord): void {
  branch.updatedAt = new Date().toISOString()
}

function refuseTakenName(project: Project, name: string): void {
  if ([...project.branches.values()].some((branch) => branch.name === name)) {
    throw new ApiError(409, `branch with name "${name}" already exists`, 'BRANCH_ALREADY_EXISTS')
  }
}

function addBranch(
  project: Project,
  options: NewBranch,
  databases: Map<string, Database>,
): BranchRecord {
  const serial = project.nextSerial
  project.nextSerial += 1
  const suffix = `local-${serial.toString(36).padStart(8, '0')}`
  const now = new Date().toISOString()
  const branch: BranchRecord = {
    id: `br-preview-${suffix}`,
    serial,
    endpointId: `ep-preview-${suffix}`,
    ...(options.parent !== undefined && { parentId: options.parent }),
    initSource: options.initSource ?? 'parent-data',
    createdAt: new Date(Date.now() - (options.ageMs ?? 0)).toISOString(),
    name: options.name,
    default: false,
    protected: options.protected ?? false,
    ...(options.annotations && { annotations: { ...options.annotations } }),
    state: 'ready',
    compute: options.compute ?? 'read_write',
    ...(options.expiresAt !== undefined && { expiresAt: options.expiresAt }),
    updatedAt: now,
    databases,
    auth: null,
    functions: [],
    customDomains: [],
  }
  project.branches.set(branch.id, branch)
  return branch
}

/** Adapts a copied database to its branch: which endpoint the row names, and what the branch inherits. */
async function settleCopy(
  database: Database,
  branch: BranchRecord,
  { behavior }: Project,
  parent: BranchRecord,
): Promise<void> {
  const { config } = database.facts
  if (branch.initSource === 'schema-only') return settleSchemaOnly(database, branch, behavior)
  if (config === null) return
  await database.change((facts) => withConfig(facts, inheritedConfig(behavior, branch, parent)))
  if (behavior.childUsers === 'none') await database.use('write', deleteAllUsers)
  if (behavior.childKeys === 'own') await database.use('write', deleteAllKeys)
}

function inheritedConfig(
  behavior: Behavior,
  branch: BranchRecord,
  parent: BranchRecord,
): Partial<ProjectConfig> {
  return {
    endpoint_id: behavior.copiedEndpoint === 'own' ? branch.endpointId : parent.endpointId,
    ...(behavior.childDomains === 'empty' && { trusted_origins: [] }),
    ...(behavior.childWebhook === 'off' && { webhook_config: { enabled: false } }),
    ...(behavior.childSmtp === 'shared' && { email_provider: { type: 'shared' as const } }),
  }
}

async function settleSchemaOnly(
  database: Database,
  branch: BranchRecord,
  { schemaOnlyChild }: Behavior,
): Promise<void> {
  const { config } = database.facts
  if (schemaOnlyChild === 'off') {
    const facts = { authSchema: false, config: null }
    return database.change(() => ({ facts, work: dropAuthSchema }))
  }
  await database.change((facts) => ({ facts: { ...facts, config: null }, work: emptyAllTables }))
  if (schemaOnlyChild === 'leftover' || config === null) return
  const fresh = newConfig(config.name, branch.endpointId)
  await database.change(() => ({
    facts: { authSchema: true, config: fresh },
    work: (postgres) => writeConfig(postgres, fresh),
  }))
}

/** Returns the change that updates parts of the configuration row. Throws a 500 if there is no row. */
export function withConfig(facts: Facts, patch: Partial<NonNullable<Facts['config']>>) {
  if (facts.config === null) {
    throw new ApiError(
      500,
      'neon_auth.project_config has no row: the schema was dropped or emptied',
    )
  }
  const config = { ...facts.config, ...patch, updated_at: new Date().toISOString() }
  return {
    facts: { authSchema: true, config },
    work: (postgres: Parameters<typeof writeConfig>[0]) => writeConfig(postgres, config),
  }
}
