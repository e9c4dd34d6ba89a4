import type { PGlite } from '@electric-sql/pglite'
import { afterEach, expect, it } from 'vitest'
import { SparePostgres } from './spare-postgres.ts'

const spares = new SparePostgres()
afterEach(() => spares.close())

const stateOf = async (postgres: PGlite) =>
  postgres.query(
    `SELECT to_regnamespace('neon_auth')::text AS schema, current_setting('search_path') AS path`,
  )

it('a Postgres is emptied before the next branch gets it', async () => {
  const postgres = await spares.take()
  const fresh = await stateOf(postgres)
  await postgres.exec('CREATE SCHEMA neon_auth; CREATE TABLE neon_auth.user (id int)')
  await postgres.exec('SET search_path = neon_auth')
  await postgres.exec('BEGIN')
  await spares.give(postgres)
  const next = await spares.take()
  expect(next).toBe(postgres)
  expect((await stateOf(next)).rows).toEqual(fresh.rows)
  await spares.give(next)
})

it.each([
  'CREATE TABLE public.shop (id int)',
  'CREATE ROLE app',
  'ALTER ROLE postgres SET x.y = 1',
])('a Postgres is never used again after %s', async (sql) => {
  const postgres = await spares.take()
  await postgres.exec(sql)
  await spares.give(postgres)
  expect(postgres.closed).toBe(true)
})

it('spares end with their project, so that a script can exit, unless they outlive it', async () => {
  const [first, second] = [await spares.take(), await spares.take()]
  await spares.give(first)
  await spares.projectClosed()
  expect(first.closed).toBe(true)
  spares.outliveProjects()
  await spares.give(second)
  await spares.projectClosed()
  expect(second.closed).toBe(false)
})
