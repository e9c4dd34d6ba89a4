import type { PGlite } from '@electric-sql/pglite'
import { getMigrations } from 'better-auth/db/migration'
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { createConfig, newConfig } from './auth-schema.ts'
import { authPlugins } from './better-auth-plugins.ts'
import type { Hold } from './database.ts'
import { noNotices } from './notices.ts'

let schemaSql: Promise<string> | undefined

/** Where Better Auth keeps its tables. */
export function databaseOptions(pool: PostgresPool) {
  return {
    dialect: new PostgresDialect({ pool }),
    type: 'postgres' as const,
    schemaName: 'neon_auth',
    transaction: true,
  }
}

/** Makes the `neon_auth` schema: Better Auth's tables, and the table of the configuration row. */
export async function createAuthSchema(postgres: PGlite): Promise<void> {
  schemaSql ??= writeSchema(postgres)
  await postgres.exec(await schemaSql)
  await createConfig(postgres)
}

/**
 * The SQL for a database without the schema, written once per process. It has the tables of all
 * plugins, so that one can be switched on without a migration.
 */
async function writeSchema(postgres: PGlite): Promise<string> {
  const { plugin_configs, email_and_password } = newConfig('', '')
  plugin_configs.magic_link.enabled = true
  plugin_configs.phone_number.enabled = true
  const pool = poolOver(async () => ({ postgres, release: () => {}, wrote: () => {} }))
  const { compileMigrations } = await getMigrations({
    database: databaseOptions(pool),
    plugins: authPlugins({ plugin_configs, email_and_password }, noNotices),
  })
  return compileMigrations()
}

/**
 * A pool of one connection, as kysely wants it: PGlite has a single session, so a transaction must
 * keep everybody else out until it ends.
 */
export function poolOver(hold: () => Promise<Hold>): PostgresPool {
  return {
    connect: async () => {
      const { postgres, release, wrote } = await hold()
      const query = (sql: string, parameters: readonly unknown[]) => {
        if (!/^\s*select\b/i.test(sql)) wrote()
        return postgres.query(sql, [...parameters])
      }
      // Kysely's type has an overload for cursors, which it only uses when given a cursor class.
      return { query, release } as unknown as PostgresPoolClient
    },
    end: async () => {},
  }
}
