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
import type { Clock } from './clock.ts'
import { Database, type Facts } from './database.ts'
import type { OutboxMail } from './mail.ts'
import { OpenDatabases } from './open-databases.ts'
import type { Readings } from './readings.ts'

/** The database that every branch has. */
export const defaultDatabase = 'neondb'

const awakeAtOnce = 4

/** A branch's link to the auth service, as the control plane keeps it. */
export interface Integration {
  id: string
  database: string
  createdAt: string
  service: AuthService
  /** When auth began to be there, in ms of the project's clock: switched on or inherited. */
  since: number
  /** Whether it came with the branch. */
  isInherited: boolean
  /** When each domain was added, in ms of the project's clock; absent for those that came with it. */
  trustedSince: Map<string, number>
  /** When its auth service was first asked, in ms of the project's clock. */
  firstAskedAt?: number
  /** The list of domains that reading still shows, and how often. */
  staleDomains?: { list: string[]; reads: number }
}

/** What runs a branch's databases. */
export type Compute = 'read_write' | 'read_only' | 'none'

/** What a branch is doing, in the API's words. */
export type BranchState = 'ready' | 'init' | 'resetting' | 'archived'

/** A branch, with all that belongs to it. */
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
  /** Deployed on this branch: a copy of it has none. */
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

/** How a branch is to be. */
export interface NewBranch {
  name: string
  parent?: string
  protected?: boolean
  annotations?: Record<string, string>
  initSource?: InitSource
  databases?: string[]
  compute?: Compute
  expiresAt?: string
  /** How long ago the branch was created, in ms. Default: just now. */
  ageMs?: number
}

/** Everything there is in the project. */
export interface Project {
  readonly id: string
  readonly origin: string
  readonly createdAt: string
  /** Shared by all branches: the signing keys they inherit are encrypted with it. */
  readonly secret: string
  readonly rateLimit: boolean
  /** The most branches that a page of the list holds. */
  readonly pageSize: number
  /** What the service answers where its documentation leaves the question open. */
  readings: Readings
  /** The clock of the readings. */
  readonly clock: Clock
  /** Whether enabling auth starts its service. */
  readonly startsAuthEarly: boolean
  /** How many writes were answered, for a service that is busy at every second one. */
  writes: number
  /** Whether an entry was already lost between two pages. */
  hasDroppedEntry: boolean
  readonly branches: Map<string, BranchRecord>
  readonly open: OpenDatabases
  /** The emails that the shared provider took, for all branches. */
  readonly outbox: OutboxMail[]
  nextSerial: number
}

/** A project with nothing but its default branch. */
export function createProject(
  options: Pick<
    Project,
    'id' | 'origin' | 'secret' | 'rateLimit' | 'pageSize' | 'readings' | 'clock' | 'startsAuthEarly'
  >,
): Project {
  const project: Project = {
    ...options,
    createdAt: new Date().toISOString(),
    branches: new Map(),
    open: new OpenDatabases(awakeAtOnce),
    outbox: [],
    writes: 0,
    hasDroppedEntry: false,
    nextSerial: 1,
  }
  const databases = new Map([[defaultDatabase, new Database(project.open)]])
  const main = record(project, { name: 'main' }, databases)
  main.default = true
  return project
}

/** The project's default branch. */
export function defaultBranch(project: Project): BranchRecord {
  const found = [...project.branches.values()].find((branch) => branch.default)
  if (found === undefined) throw new Error('the project has no default branch')
  return found
}

/** The branch with this id, or the API's 404. */
export function branchById(project: Project, id: string): BranchRecord {
  const branch = project.branches.get(id)
  if (branch === undefined) throw new ApiError(404, `branch ${id} not found`)
  return branch
}

/** The branch with this id or exact name, for those who arrange a state. */
export function branchByIdOrName(project: Project, idOrName: string): BranchRecord {
  const byName = [...project.branches.values()].find(({ name }) => name === idOrName)
  return byName ?? branchById(project, idOrName)
}

/** The branch's database of this name, or the API's 404. */
export function databaseOf(branch: BranchRecord, name: string): Database {
  const database = branch.databases.get(name)
  if (database === undefined) {
    throw new ApiError(404, `database ${name} not found on branch ${branch.id}`)
  }
  return database
}

/** Adds a branch without auth, its databases copied from its parent's. */
export async function copyBranch(project: Project, options: NewBranch): Promise<BranchRecord> {
  const parent = options.parent ? branchById(project, options.parent) : defaultBranch(project)
  refuseTakenName(project, options.name)
  const databases = new Map<string, Database>()
  for (const [name, database] of parent.databases) databases.set(name, await database.copy())
  // Copying takes time, in which somebody else may have taken the name.
  refuseTakenName(project, options.name)
  const branch = record(project, { ...options, parent: parent.id }, databases)
  for (const database of databases.values()) await settleCopy(database, branch, project, parent)
  for (const name of options.databases ?? []) {
    if (!databases.has(name)) databases.set(name, new Database(project.open))
  }
  return branch
}

/** Removes a branch with its databases; the default branch and parents of others must stay. */
export async function removeBranch(project: Project, id: string): Promise<BranchRecord> {
  const branch = branchById(project, id)
  if (branch.default) throw new ApiError(422, 'cannot delete the default branch')
  if ([...project.branches.values()].some(({ parentId }) => parentId === id)) {
    throw new ApiError(422, `branch ${id} has child branches, delete them first`)
  }
  project.branches.delete(id)
  branch.auth = null
  for (const database of branch.databases.values()) await database.close()
  return branch
}

/** Stops every Postgres of the project. */
export async function closeProject(project: Project): Promise<void> {
  for (const branch of project.branches.values()) {
    for (const database of branch.databases.values()) await database.close()
  }
}

/** Notes that something about a branch was changed. */
export function touch(branch: BranchRecord): void {
  branch.updatedAt = new Date().toISOString()
}

function refuseTakenName(project: Project, name: string): void {
  if ([...project.branches.values()].some((branch) => branch.name === name)) {
    throw new ApiError(409, `branch with name "${name}" already exists`, 'BRANCH_ALREADY_EXISTS')
  }
}

function record(
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

/** Makes a copied database the branch's own: the row names its endpoint, or nothing is left. */
async function settleCopy(
  database: Database,
  branch: BranchRecord,
  { readings }: Project,
  parent: BranchRecord,
): Promise<void> {
  const { config } = database.facts
  if (branch.initSource === 'schema-only') return settleSchemaOnly(database, branch, readings)
  if (config === null) return
  await database.change((facts) => withConfig(facts, inheritedConfig(readings, branch, parent)))
  if (readings.childUsers === 'none') await database.use('write', deleteAllUsers)
  if (readings.childKeys === 'own') await database.use('write', deleteAllKeys)
}

function inheritedConfig(
  readings: Readings,
  branch: BranchRecord,
  parent: BranchRecord,
): Partial<ProjectConfig> {
  return {
    endpoint_id: readings.copiedEndpoint === 'own' ? branch.endpointId : parent.endpointId,
    ...(readings.childDomains === 'empty' && { trusted_origins: [] }),
    ...(readings.childWebhook === 'off' && { webhook_config: { enabled: false } }),
    ...(readings.childSmtp === 'shared' && { email_provider: { type: 'shared' as const } }),
  }
}

async function settleSchemaOnly(
  database: Database,
  branch: BranchRecord,
  { schemaOnlyChild }: Readings,
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

/** The change that rewrites parts of the configuration row. */
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
