import { beforeEach, describe, expect, it } from 'vitest'
import type { Deadline } from '../../src/core/deadline.ts'
import { moveSchemaAside, moveSchemaBack, restoreRows } from '../../src/neon/auth-schema-restore.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import {
  copyStatement,
  countRows,
  prepareCopy,
  readConfigRow,
  readTables,
} from '../../src/neon/copy-rows.ts'
import { movedName } from '../../src/neon/moved-name.ts'
import { type MovedSchema, moveAside, moveBack } from '../../src/neon/moved-schema.ts'
import type { WriteContext } from '../../src/neon/open-databases.ts'
import { findAuthSchema } from '../../src/neon/orphan-schema.ts'
import type { CheckedRequest, SendChecked } from '../../src/network/messages.ts'
import { fakeDeadline, SILENT_LOG } from '../fakes.ts'
import { BRANCH_ID, usePostgres } from '../postgres.ts'

const { sql, exec, movedSchemas } = usePostgres()

beforeEach(async () => {
  const schemas = await sql(
    `SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname LIKE 'neon_auth%'`,
  )
  for (const { name } of schemas) await exec(`DROP SCHEMA ${name} CASCADE`)
  await exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
})

const oidOf = async (name: string): Promise<string> =>
  String((await sql(`SELECT oid::text FROM pg_namespace WHERE nspname = '${name}'`))[0]?.['oid'])

const move = async (run = '42'): Promise<MovedSchema> => {
  const oid = await oidOf('neon_auth')
  const marker = { branch: BRANCH_ID, run, step: 'moved', at: '2026-11-26T00:00:00Z' } as const
  await moveAside(sql, { oid, name: movedName(run, oid), ...marker })
  const moved = (await movedSchemas()).find((schema) => schema.oid === oid)
  if (!moved) throw new Error('the schema was not moved')
  return moved
}

const copy = async (moved: MovedSchema): Promise<void> => {
  await sql(copyStatement(moved, await prepareCopy(sql, moved)))
}

const AUTH = `CREATE SCHEMA neon_auth;
  CREATE TYPE neon_auth.role AS ENUM ('user', 'admin');
  CREATE TABLE neon_auth."user" (id text PRIMARY KEY, email text UNIQUE, role neon_auth.role);
  CREATE TABLE neon_auth.account (id text PRIMARY KEY,
    "userId" text NOT NULL REFERENCES neon_auth."user" ON DELETE CASCADE, password text);
  CREATE TABLE neon_auth.jwks (id text PRIMARY KEY);
  CREATE TABLE neon_auth.project_config (id text PRIMARY KEY);`

/** Moves a schema with two users aside, creates a new one in its place, as Neon does, and returns the moved one. */
const movedWithUsers = async (): Promise<MovedSchema> => {
  await exec(`${AUTH}
    INSERT INTO neon_auth."user" VALUES ('1', 'ada@example.com', 'admin'), ('2', 'bob@example.com', 'user');
    INSERT INTO neon_auth.account VALUES ('a1', '1', 'hash');
    INSERT INTO neon_auth.jwks VALUES ('old key');
    INSERT INTO neon_auth.project_config VALUES ('old row');`)
  const moved = await move()
  await exec(`${AUTH} INSERT INTO neon_auth.jwks VALUES ('new key');`)
  return moved
}

it('schemas that no restore has marked do not count as moved', async () => {
  await exec(`CREATE SCHEMA neon_auth_restore_1; CREATE SCHEMA neon_auth_restore_2;
    COMMENT ON SCHEMA neon_auth_restore_2 IS '{"by": "somebody"}'; CREATE SCHEMA neon_auth_restore_3;
    COMMENT ON SCHEMA neon_auth_restore_3 IS 'null'`)
  expect(await movedSchemas()).toEqual([])
})

describe('moving a schema aside', () => {
  it('marks it for later runs on the same branch only', async () => {
    await exec(AUTH)
    const moved = await move('77')
    expect(await movedSchemas()).toEqual([moved])
    expect(moved).toMatchObject({ branch: BRANCH_ID, run: '77', step: 'moved' })
    expect(moved.name).toBe(`neon_auth_restore_77_${moved.oid}`)
    expect(await movedSchemas('br-child-0001')).toEqual([])
  })

  it('does not touch a schema that replaced the one it found', async () => {
    await exec(AUTH)
    const oid = await oidOf('neon_auth')
    await exec(`DROP SCHEMA neon_auth CASCADE; ${AUTH}`)
    const marker = { branch: BRANCH_ID, run: '1', step: 'moved', at: '' } as const
    await moveAside(sql, { oid, name: movedName('1', oid), ...marker })
    expect(await movedSchemas()).toEqual([])
    expect(await readTables(sql, 'neon_auth')).toHaveLength(4)
  })

  it('escapes hostile names', async () => {
    await exec(AUTH)
    const { name } = await move(`1"; DROP SCHEMA neon_auth CASCADE; -- ' \\`)
    expect(name).toMatch(/^neon_auth_restore_1_drop_schema_neon_auth_cascade__\d+$/)
    await exec(`CREATE TABLE "${name}"."it's ""$$ \\" ("a ""b'\\" text PRIMARY KEY)`)
    await exec(`INSERT INTO "${name}"."it's ""$$ \\" VALUES ('x')`)
    await exec(`${AUTH} CREATE TABLE neon_auth."it's ""$$ \\" ("a ""b'\\" text PRIMARY KEY)`)
    const [moved] = await movedSchemas()
    if (!moved) throw new Error('the schema was not moved')
    await copy(moved)
    expect(await sql(`SELECT * FROM neon_auth."it's ""$$ \\"`)).toHaveLength(1)
    expect(await movedSchemas()).toEqual([])
  })
})

describe('moving a schema back', () => {
  it('keeps its rows and removes the marker', async () => {
    await exec(`${AUTH} INSERT INTO neon_auth."user" VALUES ('1', 'a@example.com', 'user')`)
    const moved = await move()
    await moveBack(sql, moved)
    expect(await movedSchemas()).toEqual([])
    expect(await countRows(sql, 'neon_auth', ['user'])).toEqual({ user: 1 })
    expect(await sql(`SELECT obj_description(${moved.oid}, 'pg_namespace') AS marker`)).toEqual([
      { marker: null },
    ])
  })

  it('does nothing if there is a new schema', async () => {
    const moved = await movedWithUsers()
    await moveBack(sql, moved)
    expect(await movedSchemas()).toEqual([moved])
  })
})

describe('copying a moved schema back', () => {
  it('restores the rows, drops the schema, and leaves signing keys and configuration alone', async () => {
    const moved = await movedWithUsers()
    await copy(moved)
    expect(await sql('SELECT id, role::text FROM neon_auth."user" ORDER BY id')).toEqual([
      { id: '1', role: 'admin' },
      { id: '2', role: 'user' },
    ])
    expect(await sql('SELECT * FROM neon_auth.jwks')).toEqual([{ id: 'new key' }])
    expect(await sql('SELECT * FROM neon_auth.project_config')).toEqual([])
    expect(await movedSchemas()).toEqual([])
    await copy(moved)
    expect(await countRows(sql, 'neon_auth', ['user', 'account'])).toEqual({ user: 2, account: 1 })
  })

  it('keeps a row that changed after auth was enabled', async () => {
    const moved = await movedWithUsers()
    await sql(`INSERT INTO neon_auth."user" VALUES ('1', 'new@example.com', 'user')`)
    await copy(moved)
    expect(await sql(`SELECT email FROM neon_auth."user" WHERE id = '1'`)).toEqual([
      { email: 'new@example.com' },
    ])
  })

  it('changes nothing if another user has taken an email address in the meantime', async () => {
    const moved = await movedWithUsers()
    await sql(`INSERT INTO neon_auth."user" VALUES ('9', 'bob@example.com', 'user')`)
    await expect(copy(moved)).rejects.toThrow('1 rows of the table user are not in neon_auth')
    expect(await movedSchemas()).toEqual([moved])
    expect(await countRows(sql, 'neon_auth', ['user'])).toEqual({ user: 1 })
    expect(await countRows(sql, moved.name, ['user'])).toEqual({ user: 2 })
  })

  it("points the foreign keys of the app's own tables to the copied rows", async () => {
    await exec(`${AUTH} INSERT INTO neon_auth."user" VALUES ('1', 'a@example.com', 'user');
      CREATE TABLE profile (id text REFERENCES neon_auth."user" ON DELETE CASCADE);
      INSERT INTO profile VALUES ('1')`)
    const moved = await move()
    await exec(AUTH)
    await copy(moved)
    expect(await movedSchemas()).toEqual([])
    await expect(sql(`INSERT INTO profile VALUES ('2')`)).rejects.toThrow('foreign key')
    await sql('DELETE FROM neon_auth."user"')
    expect(await sql('SELECT * FROM profile')).toEqual([])
  })

  it("copies the rows but keeps the schema if one of the app's own objects depends on it", async () => {
    await exec(`${AUTH} INSERT INTO neon_auth."user" VALUES ('1', 'a@example.com', 'user');
      CREATE VIEW people AS SELECT email FROM neon_auth."user"`)
    const moved = await move()
    await exec(AUTH)
    await copy(moved)
    expect(await countRows(sql, 'neon_auth', ['user'])).toEqual({ user: 1 })
    expect(await movedSchemas()).toEqual([{ ...moved, step: 'kept' }])
    await sql('DELETE FROM neon_auth."user"')
    await copy(moved)
    expect(await countRows(sql, 'neon_auth', ['user'])).toEqual({ user: 0 })
  })

  it('copies all rows of a table without a primary key, or changes nothing', async () => {
    const create = `${AUTH} CREATE TABLE neon_auth.log (text text UNIQUE)`
    await exec(`${create}; INSERT INTO neon_auth.log VALUES ('a'), ('b')`)
    const moved = await move()
    await exec(`${create}; INSERT INTO neon_auth.log VALUES ('b')`)
    await expect(copy(moved)).rejects.toThrow('1 rows of the table log are not in neon_auth')
    await exec('DELETE FROM neon_auth.log')
    await copy(moved)
    expect(await countRows(sql, 'neon_auth', ['log'])).toEqual({ log: 2 })
  })

  it('continues sequences after the copied rows', async () => {
    const create = `${AUTH} CREATE TABLE neon_auth.log (id serial PRIMARY KEY, text text)`
    await exec(`${create}; INSERT INTO neon_auth.log (text) VALUES ('a'), ('b')`)
    const moved = await move()
    await exec(create)
    await copy(moved)
    await sql(`INSERT INTO neon_auth.log (text) VALUES ('c')`)
    expect(await countRows(sql, 'neon_auth', ['log'])).toEqual({ log: 3 })
  })
})

describe('a restore over HTTP', () => {
  const BRANCH = { id: BRANCH_ID, name: 'preview/pr-2', isDefault: false, isProtected: false }
  const neon = {
    listDatabases: async () => [{ name: 'neondb', owner: 'owner' }],
    getConnectionUri: async () => 'postgresql://owner:password1@neondb.localhost:8080/neondb',
  } as unknown as NeonClient
  const requests: CheckedRequest[] = []
  const send: SendChecked = async (request) => {
    requests.push(request)
    await request.beforeAttempt?.()
    const rows = await sql(JSON.parse(request.body ?? '').query)
    const fields = Object.keys(rows[0] ?? {}).map((name) => ({ name, dataTypeID: 25 }))
    const text = JSON.stringify({ fields, rows: rows.map((row) => Object.values(row)) })
    return { status: 200, headers: {}, text }
  }
  const contextWith = (deadline: Partial<Deadline> = {}): WriteContext => ({
    send,
    deadline: fakeDeadline(deadline),
    log: SILENT_LOG,
    database: undefined,
    beforeWrite: async () => {},
  })

  it('moves and copies only the given schema, and not that of another restore', async () => {
    await exec(AUTH)
    const other = await move('1')
    expect(await moveSchemaAside(neon, BRANCH, '2', contextWith())).toBeUndefined()
    await exec(AUTH)
    const moved = await moveSchemaAside(neon, BRANCH, '2', contextWith())
    if (!moved) throw new Error('the schema was not moved')
    expect(moved).toMatchObject({ run: '2', name: expect.stringContaining('restore_2_') })
    expect(await moveSchemaBack(neon, BRANCH, moved, contextWith())).toBe(true)
    expect(await moveSchemaBack(neon, BRANCH, other, contextWith())).toBe(false)
    expect(await restoreRows(neon, BRANCH, other, contextWith())).toEqual({
      outcome: 'dropped',
      leftBehind: [],
    })
  })

  it('does not take the move of another run for its own', async () => {
    await exec(AUTH)
    const beforeWrite = async () => void (await move('1'))
    const context = { ...contextWith(), beforeWrite }
    expect(await moveSchemaAside(neon, BRANCH, '2', context)).toBeUndefined()
    expect(await movedSchemas()).toEqual([expect.objectContaining({ run: '1' })])
  })

  it('gives only the copy a long time to respond', async () => {
    const moved = await movedWithUsers()
    requests.length = 0
    await restoreRows(neon, BRANCH, moved, contextWith())
    const isCopy = requests.map(({ body }) => body?.includes('INSERT INTO') === true)
    expect(requests.map(({ isLongRunning }) => isLongRunning === true)).toEqual(isCopy)
    expect(isCopy).toContain(true)
  })

  it('keeps a schema with data that the new one has no place for, and returns where that data is', async () => {
    await exec(`${AUTH}
      ALTER TABLE neon_auth."user" ADD phone text, ADD nickname text;
      CREATE TABLE neon_auth.wallet (id text); CREATE TABLE neon_auth.passkey (id text);
      INSERT INTO neon_auth."user" (id, phone) VALUES ('1', '555');
      INSERT INTO neon_auth.wallet VALUES (NULL)`)
    const moved = await move()
    await exec(AUTH)
    expect(await restoreRows(neon, BRANCH, moved, contextWith())).toEqual({
      outcome: 'kept',
      leftBehind: [{ table: 'user', column: 'phone' }, { table: 'wallet' }],
    })
    expect(await countRows(sql, moved.name, ['user', 'wallet'])).toEqual({ user: 1, wallet: 1 })
  })

  it('waits for the tables of the new schema', async () => {
    const moved = await movedWithUsers()
    await exec('DROP SCHEMA neon_auth CASCADE; CREATE SCHEMA neon_auth')
    const outOfTime = contextWith({ remaining: () => 0 })
    await expect(restoreRows(neon, BRANCH, moved, outOfTime)).rejects.toThrow(
      'lacks the tables that the data needs: account, user',
    )
    const sleep = () => exec(`DROP SCHEMA neon_auth CASCADE; ${AUTH}`)
    await restoreRows(neon, BRANCH, moved, contextWith({ sleep }))
    expect(await countRows(sql, 'neon_auth', ['user'])).toEqual({ user: 2 })
  })

  it('reads the configuration row, if there is one', async () => {
    const config = { endpoint_id: 'ep-1' }
    const create = (body: string) =>
      exec(`DROP SCHEMA IF EXISTS neon_auth CASCADE; CREATE SCHEMA neon_auth; ${body}`)
    const read = async () => {
      const found = await findAuthSchema(neon, BRANCH, contextWith())
      return [found?.endpointId, await readConfigRow(sql, 'neon_auth')]
    }
    const table = 'CREATE TABLE neon_auth.project_config (endpoint_id text)'
    await create('')
    expect(await read()).toEqual([undefined, undefined])
    expect(await countRows(sql, 'neon_auth', [])).toEqual({})
    await create(table)
    expect(await read()).toEqual([undefined, undefined])
    await create(`${table}; INSERT INTO neon_auth.project_config VALUES ('ep-1')`)
    expect(await read()).toEqual(['ep-1', config])
  })
})
