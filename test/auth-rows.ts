import type { LocalNeon } from './local-neon/local-neon.ts'
import { hashPassword } from './local-neon/password-hash.ts'

// Helpers that follow the rows of the auth data through a restore, which must never lose one.

/** One row of the auth data: its table, and all of its values. */
export type AuthRow = `${string} {${string}`

/** Returns the schemas that hold auth data: the live one, and those that a restore has renamed. */
export const authSchemas = async (neon: LocalNeon, branch: string): Promise<string[]> => {
  const rows = await neon.sql(
    branch,
    `SELECT nspname AS name FROM pg_namespace
     WHERE nspname = 'neon_auth' OR starts_with(nspname, 'neon_auth_restore_') ORDER BY nspname`,
  )
  return rows.map(({ name }) => String(name))
}

/**
 * Returns every row of these schemas, except in the tables `project_config` and `jwks`. Their rows belong to one
 * integration, and no restore copies them.
 */
export const authRows = async (
  neon: LocalNeon,
  branch: string,
  schemas: readonly string[],
): Promise<Set<AuthRow>> => {
  const rows = new Set<AuthRow>()
  for (const schema of schemas) {
    const tables = await neon.sql(
      branch,
      `SELECT tablename AS name FROM pg_tables
       WHERE schemaname = '${schema}' AND tablename NOT IN ('project_config', 'jwks')`,
    )
    for (const { name } of tables) {
      const tableRows = await neon.sql(
        branch,
        `SELECT row_to_json(auth_row)::text AS json FROM "${schema}"."${name}" AS auth_row`,
      )
      for (const { json } of tableRows) rows.add(`${String(name)} ${String(json)}` as AuthRow)
    }
  }
  return rows
}

/** Returns one line for each of these rows that is no longer in any schema. */
export const lostRows = async (
  neon: LocalNeon,
  branch: string,
  rows: ReadonlySet<AuthRow>,
): Promise<string[]> => {
  const current = await authRows(neon, branch, await authSchemas(neon, branch))
  return [...rows].filter((row) => !current.has(row)).map((row) => `lost: ${row}`)
}

/**
 * Adds auth data to a branch whose auth is on: a user who signs in with `password`, a session, an organization
 * with an invitation, and a verification. Also creates a table of the app that references that user.
 */
export const addAuthData = async (
  neon: LocalNeon,
  branch: string,
  email: string,
  password: string,
): Promise<void> => {
  const id = await neon.addUser(branch, email)

  const statements = [
    `INSERT INTO neon_auth.account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     VALUES ('a1', '${id}', 'credential', '${id}', '${await hashPassword(password)}', now(), now())`,
    `INSERT INTO neon_auth.session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
     VALUES ('s1', '${id}', 'old-token', now() + interval '1 day', now(), now())`,
    `INSERT INTO neon_auth.organization (id, name, slug, "createdAt") VALUES ('o1', 'Shop', 'shop', now())`,
    `INSERT INTO neon_auth.member (id, "organizationId", "userId", role, "createdAt") VALUES ('m1', 'o1', '${id}', 'owner', now())`,
    `INSERT INTO neon_auth.invitation (id, "organizationId", email, status, "inviterId", "expiresAt", "createdAt")
     VALUES ('i1', 'o1', 'eve@example.com', 'pending', '${id}', now() + interval '1 day', now())`,
    `INSERT INTO neon_auth.verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     VALUES ('v1', '${email}', '123456', now() + interval '1 day', now(), now())`,
    'DROP TABLE IF EXISTS public.profile',
    'CREATE TABLE public.profile (user_id text PRIMARY KEY REFERENCES neon_auth."user" ON DELETE CASCADE)',
    `INSERT INTO public.profile VALUES ('${id}')`,
  ]
  for (const statement of statements) await neon.sql(branch, statement)
}

/** Drops the schemas that restores have renamed on a branch. */
export const dropRenamedSchemas = async (neon: LocalNeon, branch: string): Promise<void> => {
  const schemas = await authSchemas(neon, branch)
  for (const schema of schemas.filter((name) => name !== 'neon_auth'))
    await neon.sql(branch, `DROP SCHEMA "${schema}" CASCADE`)
}

/** Returns a problem unless exactly one row of the app's own table references a user. */
export const profileProblems = async (neon: LocalNeon, branch: string): Promise<string[]> => {
  const [row] = await neon.sql(
    branch,
    `SELECT (SELECT count(*)::int FROM public.profile JOIN neon_auth."user" u ON u.id = user_id) AS rows,
       (SELECT conrelid::regclass::text || ' -> ' || confrelid::regclass::text FROM pg_constraint
        WHERE conrelid = 'public.profile'::regclass AND contype = 'f') AS link`,
  )
  const actual = `${row?.['rows']} rows, ${row?.['link']}`
  return actual === '1 rows, profile -> neon_auth."user"' ? [] : [`the app's table: ${actual}`]
}
