import { PGlite } from '@electric-sql/pglite'
import { citext } from '@electric-sql/pglite/contrib/citext'
import { afterEach, expect, it } from 'vitest'
import { pristineImage } from './pristine.ts'
import { SparePostgres } from './spare-postgres.ts'

const spares = new SparePostgres()
afterEach(() => spares.close())

/** Returns the search path, and the owner, the privileges, and the number of objects of each schema. */
const stateOf = async (postgres: PGlite) =>
  postgres.query(`
    SELECT current_setting('search_path') AS path, nspname, nspowner::regrole::text AS owner, nspacl::text[] AS acl,
      (SELECT count(*) FROM pg_depend WHERE refobjid = pg_namespace.oid) AS objects
    FROM pg_namespace WHERE nspname !~ '^pg_toast|^pg_temp' ORDER BY nspname`)

it('a Postgres is emptied before the next branch gets it', async () => {
  const postgres = await spares.take()
  const fresh = await stateOf(postgres)
  await postgres.exec('CREATE SCHEMA neon_auth; CREATE TABLE neon_auth.user (id int)')
  await postgres.exec(
    "CREATE TYPE public.size AS ENUM ('small'); CREATE TABLE public.orders (size public.size)",
  )
  await postgres.exec("CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
  await postgres.exec('SET search_path = neon_auth')
  await postgres.exec('BEGIN')
  await spares.give(postgres)
  const next = await spares.take()
  expect(next).toBe(postgres)
  expect((await stateOf(next)).rows).toEqual(fresh.rows)
  await spares.give(next)
})

const OTHER_SCHEMA = 'CREATE SCHEMA other; '
const TRIGGER = "FUNCTION other.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"

// Each changes one thing that a reset does not undo.
it.each([
  `${OTHER_SCHEMA}CREATE ${TRIGGER}; CREATE EVENT TRIGGER t ON sql_drop EXECUTE FUNCTION other.f()`,
  'CREATE ROLE app',
  'ALTER ROLE postgres SET x.y = 1',
  'CREATE DATABASE other TEMPLATE postgres',
])('a Postgres is never used again after %s', async (sql) => {
  const postgres = await spares.take()
  await postgres.exec(sql)
  await spares.give(postgres)
  expect(postgres.closed).toBe(true)
})

it('a Postgres is never used again after CREATE EXTENSION', async () => {
  const postgres = await PGlite.create({
    loadDataDir: await pristineImage(),
    extensions: { citext },
  })
  await postgres.exec(`${OTHER_SCHEMA}CREATE EXTENSION citext SCHEMA other`)
  await spares.give(postgres)
  expect(postgres.closed).toBe(true)
})

it('closing a project stops its spares, unless outliveProjects() was called', async () => {
  const own = new SparePostgres()
  const [first, second] = [await own.take(), await own.take()]
  await own.give(first)
  await own.projectClosed()
  expect(first.closed).toBe(true)
  own.outliveProjects()
  await own.give(second)
  await own.projectClosed()
  expect(second.closed).toBe(false)
  await own.close()
})
