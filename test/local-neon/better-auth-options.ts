import type { PGlite } from '@electric-sql/pglite'
import { getMigrations } from 'better-auth/db/migration'
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { createConfig, newConfig } from './auth-schema.ts'
import { authPlugins } from './better-auth-plugins.ts'
import type { Hold } from './database.ts'
import { noNotices } from './notices.ts'

let schemaSql: Promise<string> | undefined

/** Returns Better Auth's database options for this pool. */
export function databaseOptions(pool: PostgresPool) {
  return {
    dialect: new PostgresDialect({ pool }),
    type: 'postgres' as const,
    schemaName: 'neon_auth',
    transaction: true,
  }
}

/** Creates the `neon_auth` schema with Better Auth's tables and the table for the configuration row. */
export async function createAuthSchema(postgres: PGlite): Promise<void> {
  schemaSql ??= writeSchema(postgres)
  await postgres.exec(await schemaSql)
  await createConfig(postgres)
}

/**
 * Returns the SQL that creates the schema. It includes the tables of all plugins, so that a plugin can
 * be enabled later without a migration.
 */
async function writeSchema(postgres: PGlite): Promise<string> {
  const { plugin_configs, email_and_password } = newConfig('', '')
  plugin_configs.magic_link.enabled = true
  plugin_configs.phone_number.enabled = true
  const pool = poolOver(async () => ({ postgres, release: () => {}, willWrite: () => {} }))
  const { compileMigrations } = await getMigrations({
    database: databaseOptions(pool),
    plugins: authPlugins({ plugin_configs, email_and_password }, noNotices),
  })
  return compileMigrations()
}

/**
 * Returns a pool with one connection for Kysely. PGlite has a single session, so a transaction must
 * lock everybody else out until it ends.
 */
export function poolOver(hold: () => Promise<Hold>): PostgresPool {
  return {
    connect: async () => {
      const { postgres, release, willWrite } = await hold()
      const query = (sql: string, parameters: readonly unknown[]) => {
        if (!/^\s*select\b/i.test(sql)) willWrite()
        return postgres.query(sql, [...parameters])
      }
      // Kysely's type has an overload for cursors, which it uses only with a cursor class.
      return { query, release } as unknown as PostgresPoolClient
    },
    end: async () => {},
  }
}
