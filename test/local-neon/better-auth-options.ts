import type { PGlite } from '@electric-sql/pglite'
import { getMigrations } from 'better-auth/db/migration'
import { jwt } from 'better-auth/plugins'
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import { createConfig } from './auth-schema.ts'
import type { Hold } from './database.ts'

/** Better Auth's options that shape its tables: the same for making the tables and for serving. */
export function schemaOptions(pool: PostgresPool) {
  return {
    database: {
      dialect: new PostgresDialect({ pool }),
      type: 'postgres' as const,
      schemaName: 'neon_auth',
      transaction: true,
    },
    plugins: [jwt({ jwks: { jwksPath: '/.well-known/jwks.json' } })],
  }
}

/** Makes the `neon_auth` schema: Better Auth's tables, and the table of the configuration row. */
export async function createAuthSchema(postgres: PGlite): Promise<void> {
  const pool = poolOver(async () => ({ postgres, release: () => {}, wrote: () => {} }))
  const { runMigrations } = await getMigrations(schemaOptions(pool))
  await runMigrations()
  await createConfig(postgres)
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
