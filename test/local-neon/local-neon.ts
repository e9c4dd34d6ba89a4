import { randomUUID } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import type { CustomDomain } from '@neon/sdk/raw'
import { type Answer, type Call, jsonAnswer } from './answer.ts'
import type { ProjectConfig } from './auth-schema.ts'
import { type AuthUser, countUsers, insertUser, listUsers } from './auth-users.ts'
import { type Behavior, withBehavior } from './behavior.ts'
import { type Clock, realClock } from './clock.ts'
import { loadContract } from './contract.ts'
import { emailProviderTest } from './contract-amendments.ts'
import { answerControl, type ControlPlane } from './control-plane.ts'
import { answerAuth, isAuthPath } from './data-plane.ts'
import { type FaultRule, Faults } from './faults.ts'
import { listen, type Route, serve, stop } from './http-server.ts'
import * as integration from './integration.ts'
import { answerLocal, localRoot } from './local-plane.ts'
import type { OutboxMail } from './mail.ts'
import { deployFunctions } from './operations/functions.ts'
import * as projects from './project.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'
import { answerSql } from './sql-plane.ts'

const apiRoot = '/api/v2'

const HOUR_MS = 3_600_000

/** The options of Local Neon. Everything has a default. */
export interface LocalNeonOptions {
  /** The port on 127.0.0.1. Default: a free one. */
  port?: number
  apiKey?: string
  projectId?: string
  /** The maximum number of branches on a page of the list. */
  pageSize?: number
  /** The delay of each answer, in ms. Default: none. */
  latencyMs?: number
  /** Whether Better Auth's own rate limit is on. Default: true. */
  rateLimit?: boolean
  /** The answers to open questions. Default: the assumed ones. */
  behavior?: Partial<Behavior>
  /** The clock for delays that are part of the behavior. Default: this machine's. */
  clock?: Clock
  /** Whether enabling auth also starts its service, so that its first answer is not slowed down by the start. */
  startsAuthEarly?: boolean
  /** Whether the API can test the stored email provider. An older API answers 404. */
  emailProviderTest?: boolean
  /** Called with each request when it has ended. */
  onRequest?: (request: LoggedRequest) => void
}

/** A branch and the state of its auth. */
export interface BranchView {
  id: string
  name: string
  auth: 'on' | 'off'
  baseUrl?: string
  trustedDomains: string[]
  allowLocalhost: boolean
  /** The database that auth uses, or the default one if auth is off. */
  database: string
}

/** A running Local Neon. */
export interface LocalNeon {
  /** The value for the action's input `api_host`. */
  apiHost: string
  apiKey: string
  projectId: string
  origin: string
  defaultBranch: { id: string; name: string }
  /** Creates a branch. By default, it is an hour old, or new if the behavior shows inherited auth late. */
  createBranch(options: projects.NewBranch): Promise<{ id: string; name: string }>
  deleteBranch(id: string): Promise<void>
  branch(idOrName: string): BranchView
  hasAuthSchema(idOrName: string, database?: string): Promise<boolean>
  userCount(idOrName: string): Promise<number>
  users(idOrName: string): Promise<AuthUser[]>
  /** Runs SQL in the database of a branch's auth, without logging it. Returns the rows. */
  sql(idOrName: string, statement: string): Promise<Record<string, unknown>[]>
  /** Adds a user without a password. Returns the ID. */
  addUser(idOrName: string, email: string): Promise<string>
  /** Returns a branch's configuration as it is stored, including secrets. */
  settingsOf(idOrName: string): ProjectConfig
  /** Changes parts of a branch's configuration, as its owner could have done before. */
  configure(idOrName: string, changes: SettingChanges): Promise<void>
  /** The emails that the shared provider sent, oldest first. */
  outbox: readonly OutboxMail[]
  enableAuth(
    idOrName: string,
    options?: { domains?: string[]; database?: string; allowLocalhost?: boolean },
  ): Promise<{ baseUrl: string; jwksUrl: string }>
  disableAuth(idOrName: string, options?: { deleteData?: boolean }): Promise<void>
  /** Returns a branch to the state before auth was ever enabled. Cheaper than creating a new one. */
  wipeAuth(idOrName: string): Promise<void>
  setDomains(idOrName: string, domains: string[]): Promise<void>
  updateBranch(idOrName: string, changes: BranchChanges): void
  /** Replaces the functions of a branch and their custom domains. */
  deployFunctions(
    idOrName: string,
    functions: readonly projects.DeployedFunction[],
    domains?: readonly Partial<CustomDomain>[],
  ): void
  /** From now on, gives these answers, and the assumed ones to all other questions. */
  setBehavior(changes: Partial<Behavior>): void
  faults: { add(rule: FaultRule): void; clear(): void }
  requests: readonly LoggedRequest[]
  /** Returns the requests to the management API that could have changed something. */
  writes(): LoggedRequest[]
  clearRequests(): void
  /** Resolves with the next request that arrives and satisfies the predicate. */
  nextRequest(
    predicate: (request: LoggedRequest) => boolean,
    options?: { signal?: AbortSignal },
  ): Promise<LoggedRequest>
  /** Resolves with the next request that takes effect, whether it gets an answer or not. */
  nextEffect(
    predicate: (request: LoggedRequest) => boolean,
    options?: { signal?: AbortSignal },
  ): Promise<LoggedRequest>
  /** Local Neon's own bugs: answers that violate Neon's description, and crashes. */
  contractBreaches: readonly string[]
  close(): Promise<void>
}

/** Changes to a branch's configuration. Fields that are not set stay as they are, also within a plugin. */
export type SettingChanges = Partial<
  Pick<
    ProjectConfig,
    | 'name'
    | 'trusted_origins'
    | 'social_providers'
    | 'email_provider'
    | 'allow_localhost'
    | 'webhook_config'
  >
> & {
  email_and_password?: Partial<ProjectConfig['email_and_password']>
  plugin_configs?: {
    [Plugin in keyof ProjectConfig['plugin_configs']]?: Partial<
      ProjectConfig['plugin_configs'][Plugin]
    >
  }
}

/** What can be changed about a branch from outside the API. */
export interface BranchChanges {
  protected?: boolean
  default?: boolean
  name?: string
  annotations?: Record<string, string>
  state?: projects.BranchState
}

/** The API key that a Local Neon accepts by default. */
export const DEFAULT_API_KEY = 'napi_local'

/** Starts a Neon on this machine: its management API, its auth services, and its SQL proxy. */
export async function startLocalNeon(options: LocalNeonOptions = {}): Promise<LocalNeon> {
  const contract = await loadContract()
  const { server, port } = await listen(options.port ?? 0)
  const project = projects.createProject({
    id: options.projectId ?? 'local-neon-00000001',
    origin: `http://127.0.0.1:${port}`,
    secret: randomUUID() + randomUUID(),
    rateLimit: options.rateLimit ?? true,
    pageSize: options.pageSize ?? 100,
    behavior: withBehavior(options.behavior ?? {}),
    clock: options.clock ?? realClock,
    startsAuthEarly: options.startsAuthEarly ?? false,
  })
  const apiKey = options.apiKey ?? DEFAULT_API_KEY
  const faults = new Faults()
  const log = new RequestLog(options.onRequest)
  const contractBreaches: string[] = []
  const onBreach = (message: string) => contractBreaches.push(message)
  const absent = new Set(options.emailProviderTest === false ? [emailProviderTest] : [])
  const plane: ControlPlane = { project, apiKey, contract, absent, onBreach }
  const { outbox } = project
  const setBehavior = (changes: Partial<Behavior>) => {
    project.behavior = withBehavior(changes)
    project.writes = 0
    project.hasDroppedEntry = false
  }
  const deploy = (idOrName: string, slugs: readonly string[]) =>
    deployFunctions(
      projects.branchByIdOrName(project, idOrName),
      slugs.map((slug) => ({ slug })),
    )
  const local = { faults, log, outbox, breaches: contractBreaches, setBehavior, deploy }
  const route = (call: Call) => routeTo(plane, call, () => answerLocal(call, local))
  serve(server, { route, faults, log, latencyMs: options.latencyMs ?? 0, onBug: onBreach })
  const main = projects.defaultBranch(project)
  return {
    apiHost: `${project.origin}${apiRoot}`,
    apiKey,
    projectId: project.id,
    origin: project.origin,
    defaultBranch: { id: main.id, name: main.name },
    ...arrange(project),
    outbox,
    setBehavior,
    faults: { add: (rule) => faults.add(rule), clear: () => faults.clear() },
    requests: log.entries,
    writes: () => log.entries.filter((each) => each.plane === 'control' && each.method !== 'GET'),
    clearRequests: () => log.clear(),
    nextRequest: (predicate, waiting) => log.next(predicate, waiting),
    nextEffect: (predicate, waiting) => log.nextEffect(predicate, waiting),
    contractBreaches,
    close: async () => {
      await stop(server)
      await projects.closeProject(project)
    },
  }
}

function routeTo(plane: ControlPlane, call: Call, local: () => Answer): Route {
  const { contract, project } = plane
  if (call.path.startsWith(`${localRoot}/`)) return { plane: 'local', run: async () => local() }
  if (call.path === '/sql') return { plane: 'sql', run: () => answerSql(project, call) }
  if (isAuthPath(call.path)) return { plane: 'data', run: () => answerAuth(project, call) }
  if (!call.path.startsWith(`${apiRoot}/`)) {
    const run = async () => jsonAnswer(404, { message: `Local Neon serves no ${call.path}` })
    return { plane: 'data', run }
  }
  const operationId = contract.operationId(call)
  return {
    plane: 'control',
    ...(operationId !== undefined && {
      operationId,
      emptySuccess: contract.successStatus(operationId),
    }),
    run: () => answerControl(plane, call),
  }
}

type ArrangeMethod =
  | 'createBranch'
  | 'deleteBranch'
  | 'branch'
  | 'hasAuthSchema'
  | 'userCount'
  | 'users'
  | 'addUser'
  | 'sql'
  | 'settingsOf'
  | 'configure'
  | 'enableAuth'
  | 'disableAuth'
  | 'wipeAuth'
  | 'setDomains'
  | 'updateBranch'
  | 'deployFunctions'

/** Returns the methods that arrange or inspect the state directly, without HTTP and without the log. */
function arrange(project: projects.Project): Pick<LocalNeon, ArrangeMethod> {
  const find = (idOrName: string) => projects.branchByIdOrName(project, idOrName)
  const databaseOf = (idOrName: string, name?: string) => {
    const branch = find(idOrName)
    return projects.databaseOf(branch, name ?? branch.auth?.database ?? projects.defaultDatabase)
  }
  return {
    createBranch: async (options) => {
      const isLate = project.behavior.childVisible === 'late'
      const ageMs = isLate ? 0 : HOUR_MS
      const { id, name } = await integration.createBranch(project, { ageMs, ...options })
      return { id, name }
    },
    deleteBranch: async (id) => {
      await projects.removeBranch(project, id)
    },
    branch: (idOrName) => viewOf(project, find(idOrName)),
    hasAuthSchema: async (idOrName, name) => databaseOf(idOrName, name).facts.authSchema,
    userCount: (idOrName) => databaseOf(idOrName).use('read', countUsers),
    users: (idOrName) => databaseOf(idOrName).use('read', listUsers),
    addUser: (idOrName, email) =>
      databaseOf(idOrName).use('write', (postgres) => insertUser(postgres, { email, name: email })),
    sql: async (idOrName, statement) => {
      const work = (postgres: PGlite) => postgres.query<Record<string, unknown>>(statement)
      return (await databaseOf(idOrName).use('write', work)).rows
    },
    settingsOf: (idOrName) => structuredClone(integration.authConfig(find(idOrName))),
    configure: async (idOrName, changes) => {
      await integration.updateAuthConfig(find(idOrName), (config) => changed(config, changes))
    },
    enableAuth: async (idOrName, { domains, database, allowLocalhost } = {}) => {
      const branch = find(idOrName)
      const enabled = await integration.enableAuth(project, branch, {
        ...(database !== undefined && { database }),
        config: {
          trusted_origins: [...(domains ?? [])],
          allow_localhost: allowLocalhost ?? true,
        },
      })
      return {
        baseUrl: integration.baseUrl(project, branch, enabled.database),
        jwksUrl: integration.jwksUrl(project, branch, enabled.database),
      }
    },
    disableAuth: (idOrName, { deleteData = false } = {}) =>
      integration.disableAuth(find(idOrName), deleteData),
    wipeAuth: (idOrName) => integration.wipeAuth(find(idOrName)),
    setDomains: async (idOrName, domains) => {
      await integration.updateAuthConfig(find(idOrName), () => ({ trusted_origins: [...domains] }))
    },
    updateBranch: (idOrName, changes) => update(project, find(idOrName), changes),
    deployFunctions: (idOrName, functions, domains = []) =>
      deployFunctions(find(idOrName), functions, domains),
  }
}

function changed(config: ProjectConfig, changes: SettingChanges): Partial<ProjectConfig> {
  const { email_and_password, plugin_configs, ...replaced } = structuredClone(changes)
  const { organization, magic_link, phone_number } = config.plugin_configs
  return {
    ...replaced,
    email_and_password: { ...config.email_and_password, ...email_and_password },
    plugin_configs: {
      organization: { ...organization, ...plugin_configs?.organization },
      magic_link: { ...magic_link, ...plugin_configs?.magic_link },
      phone_number: { ...phone_number, ...plugin_configs?.phone_number },
    },
  }
}

function update(
  project: projects.Project,
  branch: projects.BranchRecord,
  changes: BranchChanges,
): void {
  // A project has exactly one default branch.
  if (changes.default) projects.defaultBranch(project).default = false
  Object.assign(branch, changes)
  projects.touch(branch)
}

function viewOf(project: projects.Project, branch: projects.BranchRecord): BranchView {
  const { id, name, auth } = branch
  const database = auth?.database ?? projects.defaultDatabase
  const config = auth === null ? null : projects.databaseOf(branch, database).facts.config
  return {
    id,
    name,
    auth: auth === null ? 'off' : 'on',
    ...(auth !== null && { baseUrl: integration.baseUrl(project, branch, database) }),
    trustedDomains: [...(config?.trusted_origins ?? [])],
    allowLocalhost: config?.allow_localhost ?? false,
    database,
  }
}
