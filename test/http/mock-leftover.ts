import nock from 'nock'
import { branch, created, error, integration, listing, neon } from './harness.ts'

/** The steps of a restore that tests can observe and disturb. */
export type Step = 'enable' | 'find' | 'move' | 'found' | 'count' | 'copy' | 'back' | 'delete'

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
  /** The databases. Each one but `neondb` has a leftover schema that never changes. */
  databases: string[]
  /** The database that each request to enable auth names. */
  readonly enabledIn: (string | undefined)[]
  /** The steps so far. */
  readonly steps: Step[]
  /** Called before a step is answered. A returned text is Postgres's error, or the message of a 402. */
  before: (step: Step) => string | undefined
}

const ID = 'br-cool-sun-1234'
const AUTH = `/api/v2/projects/p1/branches/${ID}/auth`
const LEFT = '16385'

type Row = Readonly<Record<string, string | null>>

const movedIn = ({ schemas }: Leftover): [name: string, oid: string] | undefined =>
  Object.entries(schemas).find(([name]) => name.startsWith('neon_auth_restore_'))

const TABLES = JSON.stringify([
  {
    name: 'user',
    columns: [{ name: 'id', type: 'text', isGenerated: false }],
    primaryKey: ['id'],
    references: [],
  },
])

const step = (leftover: Leftover, one: Step): string | undefined => {
  const refused = leftover.before(one)
  leftover.steps.push(one)
  return refused
}

/** Answers a statement, which it recognizes by its text, with rows or with Postgres's error. */
const answerSql = (leftover: Leftover, query: string): Row[] | string => {
  const { schemas } = leftover
  const moved = movedIn(leftover)
  if (query.includes('RENAME TO neon_auth;')) {
    const refused = step(leftover, 'back')
    if (refused) return refused
    if (moved && !('neon_auth' in schemas)) leftover.schemas = { neon_auth: moved[1] }
    return []
  }
  if (query.includes('RENAME TO')) {
    const refused = step(leftover, 'move')
    if (refused) return refused
    const [, name = ''] = /RENAME TO "(\w+)"/.exec(query) ?? []
    const [, marker = ''] = /IS E''(\{.*?\})''/.exec(query) ?? []
    leftover.marker = marker
    leftover.schemas = { [name]: schemas['neon_auth'] ?? '' }
    return []
  }
  if (query.includes('INSERT INTO')) {
    const refused = step(leftover, 'copy')
    if (refused) return refused
    if (moved) delete schemas[moved[0]]
    return []
  }
  if (query.includes('starts_with')) {
    const refused = step(leftover, 'found')
    if (refused) return refused
    return moved ? [{ oid: moved[1], name: moved[0], marker: leftover.marker }] : []
  }
  if (query.includes("nspname = 'neon_auth'")) {
    const refused = step(leftover, 'find')
    if (refused) return refused
    return 'neon_auth' in schemas ? [{ oid: schemas['neon_auth'] ?? '' }] : []
  }
  if (query.includes('to_regclass')) return [{ name: 'project_config' }]
  if (query.includes('endpoint_id::text')) return [{ endpoint_id: leftover.endpointId }]
  if (query.includes('row_to_json')) return [{ json: JSON.stringify(leftover.config) }]
  if (query.includes('json_object_agg'))
    return step(leftover, 'count') ?? [{ json: '{"user": 12}' }]
  return [{ json: TABLES }]
}

const sqlReply = (answered: Row[] | string): readonly [number, string] => {
  if (typeof answered === 'string') return [400, JSON.stringify({ message: answered })]
  const fields = Object.keys(answered[0] ?? {}).map((name) => ({ name, dataTypeID: 25 }))
  const rows = answered.map((row) => Object.values(row))
  const body = { fields, rows, rowAsArray: true, command: 'SELECT', rowCount: rows.length }
  return [200, JSON.stringify(body)]
}

const enable = (leftover: Leftover): readonly [number, string] => {
  const refused = step(leftover, 'enable')
  if (refused) return [402, JSON.stringify(error(refused))]
  if (leftover.isOn) return [409, JSON.stringify(error('already enabled'))]
  if ('neon_auth' in leftover.schemas) return [409, JSON.stringify(error('schema exists'))]
  leftover.isOn = true
  leftover.schemas['neon_auth'] = '16999'
  return [201, JSON.stringify(created())]
}

const deleteLeftover = (leftover: Leftover): readonly [number, string] => {
  step(leftover, 'delete')
  delete leftover.schemas['neon_auth']
  return [200, '']
}

const ON: Readonly<Record<string, unknown>> = {
  '': integration({ name: 'Shop' }),
  '/domains': { domains: [] },
  '/plugins': {},
  '/webhooks': { enabled: false },
  '/allow_localhost': { allow_localhost: true },
}

/** Mocks every request of a restoring run to Neon and Postgres for this test. */
export const mockLeftover = (more: Record<string, unknown> = {}): Leftover => {
  const leftover: Leftover = {
    isOn: false,
    schemas: { neon_auth: LEFT },
    marker: null,
    endpointId: 'ep-own',
    config: { name: 'Shop' },
    databases: ['neondb'],
    enabledIn: [],
    steps: [],
    before: () => undefined,
  }
  neon('get', '/branches', listing(branch(more)))
  const api = nock('https://console.neon.tech').persist()
  const path = new RegExp(`^${AUTH}(/\\w+)?$`)
  api
    .get(path)
    .optionally()
    .reply((request: Request) => {
      const answered = ON[new URL(request.url).pathname.slice(AUTH.length)]
      const isThere = leftover.isOn && answered !== undefined
      return [isThere ? 200 : 404, JSON.stringify(isThere ? answered : error('off'))] as const
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
    .get(`/api/v2/projects/p1/branches/${ID}/databases`)
    .optionally()
    .reply(() => {
      const databases = leftover.databases.map((name) => ({ name, owner_name: 'owner' }))
      return [200, JSON.stringify({ databases })] as const
    })
  api
    .get(`/api/v2/projects/p1/branches/${ID}/endpoints`)
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
      if (request.url.startsWith('http://neondb.')) return sqlReply(answerSql(leftover, query))
      return sqlReply(query.includes("nspname = 'neon_auth'") ? [{ oid: '1' }] : [])
    })
  return leftover
}
