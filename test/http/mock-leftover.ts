import nock from 'nock'
import { BRANCH_ID, created, error, integration, mockBranch } from './harness.ts'

/** The steps of a restore that tests can observe and disturb. */
export type Step =
  | 'enable'
  | 'find leftover'
  | 'move aside'
  | 'find moved'
  | 'count'
  | 'copy'
  | 'move back'
  | 'delete'

/** {@link Leftover.before} returns this to lose the response to a step over SQL. */
export const LOST = 'lost'

/** A branch whose auth is off and that has a leftover schema, until a run restores it. */
export interface Leftover {
  isOn: boolean
  /** The schemas of the database `neondb`: name to OID. */
  schemas: Record<string, string>
  /** The comment on the moved schema. */
  marker: string | null
  /** The compute that the configuration row names. */
  endpointId: string
  /** The configuration row from before the close. */
  config: object
  /** The databases. Each one except `neondb` has a leftover schema that never changes. */
  databases: string[]
  /** The database in each request to enable auth. */
  readonly enabledIn: (string | undefined)[]
  /** The steps so far. */
  readonly steps: Step[]
  /**
   * Called before a step takes effect. If it returns a string, the step has no effect: the string is
   * Postgres's error, or the message of a 402 to `enable`. With {@link LOST}, a step over SQL gets a 502.
   * `delete` ignores the result.
   */
  before: (step: Step) => string | undefined
}

const AUTH = `/api/v2/projects/p1/branches/${BRANCH_ID}/auth`

type Row = Readonly<Record<string, string | null>>

const movedSchema = ({ schemas }: Leftover): [name: string, oid: string] | undefined =>
  Object.entries(schemas).find(([name]) => name.startsWith('neon_auth_restore_'))

const TABLES = JSON.stringify([
  {
    name: 'user',
    columns: [{ name: 'id', type: 'text', isGenerated: false }],
    primaryKey: ['id'],
    references: [],
  },
])

/** Records a step. Returns the error that it gets, if any. */
const takeStep = (leftover: Leftover, step: Step): string | undefined => {
  const refusal = leftover.before(step)
  leftover.steps.push(step)
  return refusal
}

/** The steps over SQL, each with a part of its statement. The first match counts. */
const SQL_STEPS: readonly (readonly [part: string, step: Step])[] = [
  ['RENAME TO neon_auth;', 'move back'],
  ['RENAME TO', 'move aside'],
  ['INSERT INTO', 'copy'],
  ['starts_with', 'find moved'],
  ["nspname = 'neon_auth'", 'find leftover'],
  ['json_object_agg', 'count'],
]

/** Returns the rows of a statement that is not a step. */
const rowsOf = (leftover: Leftover, query: string): Row[] => {
  if (query.includes('to_regclass')) return [{ name: 'project_config' }]
  if (query.includes('endpoint_id::text')) return [{ endpoint_id: leftover.endpointId }]
  if (query.includes('row_to_json')) return [{ json: JSON.stringify(leftover.config) }]
  return [{ json: TABLES }]
}

/** Runs a statement, which it recognizes by its text. Returns its rows, Postgres's error, or {@link LOST}. */
const runSql = (leftover: Leftover, query: string): Row[] | string => {
  const [, step] = SQL_STEPS.find(([part]) => query.includes(part)) ?? []
  if (!step) return rowsOf(leftover, query)
  const { schemas } = leftover
  const moved = movedSchema(leftover)
  const refusal = takeStep(leftover, step)
  if (refusal) return refusal
  switch (step) {
    case 'move back':
      if (moved && !('neon_auth' in schemas)) leftover.schemas = { neon_auth: moved[1] }
      return []
    case 'move aside': {
      const [, name = ''] = /RENAME TO "(\w+)"/.exec(query) ?? []
      const [, marker = ''] = /IS E''(\{.*?\})''/.exec(query) ?? []
      leftover.marker = marker
      leftover.schemas = { [name]: schemas['neon_auth'] ?? '' }
      return []
    }
    case 'copy':
      if (moved) delete schemas[moved[0]]
      return []
    case 'find moved':
      return moved ? [{ oid: moved[1], name: moved[0], marker: leftover.marker }] : []
    case 'find leftover':
      return 'neon_auth' in schemas ? [{ oid: schemas['neon_auth'] ?? '' }] : []
    default:
      return [{ json: '{"user": 12}' }]
  }
}

const sqlReply = (result: Row[] | string): readonly [number, string] => {
  if (result === LOST) return [502, '']
  if (typeof result === 'string') return [400, JSON.stringify({ message: result })]
  const fields = Object.keys(result[0] ?? {}).map((name) => ({ name, dataTypeID: 25 }))
  const rows = result.map((row) => Object.values(row))
  const body = { fields, rows, rowAsArray: true, command: 'SELECT', rowCount: rows.length }
  return [200, JSON.stringify(body)]
}

const enable = (leftover: Leftover): readonly [number, string] => {
  const refusal = takeStep(leftover, 'enable')
  if (refusal) return [402, JSON.stringify(error(refusal))]
  if (leftover.isOn) return [409, JSON.stringify(error('already enabled'))]
  if ('neon_auth' in leftover.schemas) return [409, JSON.stringify(error('schema exists'))]
  leftover.isOn = true
  leftover.schemas['neon_auth'] = '16999'
  return [201, JSON.stringify(created())]
}

const deleteLeftover = (leftover: Leftover): readonly [number, string] => {
  takeStep(leftover, 'delete')
  delete leftover.schemas['neon_auth']
  return [200, '']
}

/** The responses to reads of auth that is on, by the path below `/auth`. */
const RESPONSES: Readonly<Record<string, unknown>> = {
  '': integration({ name: 'Shop' }),
  '/domains': { domains: [] },
  '/plugins': {},
  '/webhooks': { enabled: false },
  '/allow_localhost': { allow_localhost: true },
}

/** Mocks Neon and Postgres for a run that restores. `more` overrides fields of the branch. */
export const mockLeftover = (more: Record<string, unknown> = {}): Leftover => {
  const leftover: Leftover = {
    isOn: false,
    schemas: { neon_auth: '16385' },
    marker: null,
    endpointId: 'ep-own',
    config: { name: 'Shop' },
    databases: ['neondb'],
    enabledIn: [],
    steps: [],
    before: () => undefined,
  }
  mockBranch(more)
  const api = nock('https://console.neon.tech').persist()
  const path = new RegExp(`^${AUTH}(/\\w+)?$`)
  api
    .get(path)
    .optionally()
    .reply((request: Request) => {
      const body = leftover.isOn
        ? RESPONSES[new URL(request.url).pathname.slice(AUTH.length)]
        : undefined
      return [body ? 200 : 404, JSON.stringify(body ?? error('off'))] as const
    })
  api
    .post(AUTH)
    .optionally()
    .reply(async (request: Request) => {
      const { database_name } = (await request.json()) as { database_name?: string }
      leftover.enabledIn.push(database_name)
      return enable(leftover)
    })
  api
    .delete(AUTH)
    .optionally()
    .reply(() => deleteLeftover(leftover))
  api
    .get(`/api/v2/projects/p1/branches/${BRANCH_ID}/databases`)
    .optionally()
    .reply(() => {
      const databases = leftover.databases.map((name) => ({ name, owner_name: 'owner' }))
      return [200, JSON.stringify({ databases })] as const
    })
  api
    .get(`/api/v2/projects/p1/branches/${BRANCH_ID}/endpoints`)
    .optionally()
    .reply(200, { endpoints: [{ id: 'ep-own' }] })
  api
    .get('/api/v2/projects/p1/connection_uri')
    .query(true)
    .optionally()
    .reply((request: Request) => {
      const name = new URL(request.url).searchParams.get('database_name')
      const uri = `postgresql://owner:password1@${name}.localhost:8080/${name}`
      return [200, JSON.stringify({ uri })] as const
    })
  nock(/^http:\/\/\w+\.localhost:8080$/)
    .persist()
    .post('/sql')
    .optionally()
    .reply(async (request: Request) => {
      const { query } = (await request.json()) as { query: string }
      if (request.url.startsWith('http://neondb.')) return sqlReply(runSql(leftover, query))
      return sqlReply(query.includes("nspname = 'neon_auth'") ? [{ oid: '1' }] : [])
    })
  return leftover
}
