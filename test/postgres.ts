import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll } from 'vitest'
import { findMoved, type MovedSchema } from '../src/neon/moved-schema.ts'
import type { Sql } from '../src/neon/sql.ts'

/** The ID of the branch that the tests restore. */
export const BRANCH_ID = 'br-cool-sun-1234'

interface TestPostgres {
  /** Runs one statement and returns its rows. */
  readonly sql: Sql
  /** Runs several statements. */
  exec(statements: string): Promise<void>
  /** Finds the schemas that a restore of a branch has renamed. Default: {@link BRANCH_ID}. */
  movedSchemas(branchId?: string): Promise<MovedSchema[]>
}

/** Starts one Postgres for the tests of a file. */
export const usePostgres = (): TestPostgres => {
  let postgres: PGlite
  beforeAll(async () => {
    postgres = await PGlite.create()
  })
  afterAll(() => postgres.close())
  const sql: Sql = async (statement) =>
    (await postgres.query<Record<string, unknown>>(statement)).rows
  return {
    sql,
    exec: async (statements) => void (await postgres.exec(statements)),
    movedSchemas: (branchId = BRANCH_ID) =>
      findMoved(branchId, { database: { name: 'neondb', owner: 'owner' }, sql }),
  }
}
