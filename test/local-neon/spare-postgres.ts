import type { PGlite } from '@electric-sql/pglite'
import { ownerRole, pristineImage, startPostgres } from './pristine.ts'

// Starting a Postgres takes most of the time that a test of a branch needs. So one whose branch is gone is
// emptied, which takes a few milliseconds, and serves the next branch.

/** How many to keep. Each takes about 200 MB. */
const MAX_SPARES = 6

/** What a reset does not undo. A Postgres with any of it is not used again. */
const CHANGED_FOR_GOOD = `
  SELECT EXISTS (SELECT FROM pg_extension WHERE extname <> 'plpgsql')
      OR EXISTS (SELECT FROM pg_event_trigger)
      OR EXISTS (SELECT FROM pg_db_role_setting)
      OR EXISTS (SELECT FROM pg_roles WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', '${ownerRole}'))
      OR (SELECT count(*) FROM pg_database) > 1 AS found`

const DROP_SCHEMAS = `
  DO $$
  DECLARE name text;
  BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  END $$;
  CREATE SCHEMA public AUTHORIZATION pg_database_owner;
  GRANT USAGE ON SCHEMA public TO public`

/** Empties a Postgres. Returns whether it is then as good as a new one. */
const reset = async (postgres: PGlite): Promise<boolean> => {
  await postgres.exec('ROLLBACK')
  await postgres.exec('DISCARD ALL')
  const { rows } = await postgres.query<{ found: boolean }>(CHANGED_FOR_GOOD)
  if (rows[0]?.found !== false) return false
  await postgres.exec(DROP_SCHEMAS)
  return true
}

/** The Postgres instances that wait for their next branch. */
export class SparePostgres {
  readonly #spares: PGlite[] = []
  #outlivesProjects = false

  /** Returns a Postgres with an empty database: a spare one, or a new one. */
  async take(): Promise<PGlite> {
    return this.#spares.pop() ?? startPostgres(await pristineImage())
  }

  /** Empties a Postgres that nobody needs anymore and keeps it, or stops it. */
  async give(postgres: PGlite): Promise<void> {
    const isEmpty = await reset(postgres).catch(() => false)
    if (isEmpty && this.#spares.length < MAX_SPARES) this.#spares.push(postgres)
    else await postgres.close()
  }

  /** Keeps the spares when a project closes, so that the next one finds them. They keep the process running. */
  outliveProjects(): void {
    this.#outlivesProjects = true
  }

  /** Stops all of them, unless they outlive projects. */
  async projectClosed(): Promise<void> {
    if (!this.#outlivesProjects) await this.close()
  }

  /** Stops all of them. */
  async close(): Promise<void> {
    for (const postgres of this.#spares.splice(0)) await postgres.close()
  }
}

/** The spares of all projects in this process. */
export const SPARES = new SparePostgres()
