import { randomUUID } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import { ApiError } from './answer.ts'
import { relationExists } from './auth-schema.ts'

/** The fields of a user that tests read. */
export interface AuthUser {
  id: string
  email: string
  name: string
  /** Several roles are separated by commas. */
  role: string | null
  emailVerified: boolean
}

/** Returns the number of users. 0 if the table does not exist. */
export async function countUsers(postgres: PGlite): Promise<number> {
  if (!(await relationExists(postgres, 'neon_auth."user"'))) return 0
  const { rows } = await postgres.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM neon_auth."user"',
  )
  return rows[0]?.count ?? 0
}

/** Returns the users, oldest first. Empty if the table does not exist. */
export async function listUsers(postgres: PGlite): Promise<AuthUser[]> {
  if (!(await relationExists(postgres, 'neon_auth."user"'))) return []
  const { rows } = await postgres.query<AuthUser>(
    'SELECT id, email, name, role, "emailVerified" FROM neon_auth."user" ORDER BY "createdAt", id',
  )
  return rows
}

/** Adds a user who has no password and no other way to sign in yet. Returns the ID. Throws a 409 if the email is taken. */
export async function insertUser(
  postgres: PGlite,
  { email, name }: { email: string; name: string },
): Promise<string> {
  // Better Auth looks up addresses in lowercase only.
  const { rows } = await postgres.query<{ id: string }>(
    `INSERT INTO neon_auth."user" (id, email, name, role, "emailVerified", "createdAt", "updatedAt")
     VALUES ($1, $2, $3, 'user', false, now(), now())
     ON CONFLICT (email) DO NOTHING RETURNING id`,
    [randomUUID(), email.toLowerCase(), name],
  )
  const created = rows[0]
  if (created === undefined) {
    throw new ApiError(409, `user with email ${email} already exists`, 'USER_ALREADY_EXISTS')
  }
  return created.id
}

/** Deletes a user and everything that belongs to them. Throws a 404 if there is no such user. */
export async function deleteUser(postgres: PGlite, id: string): Promise<void> {
  const { rows } = await postgres.query('DELETE FROM neon_auth."user" WHERE id = $1 RETURNING id', [
    id,
  ])
  if (rows.length === 0) throw noSuchUser(id)
}

/** Replaces a user's roles. Throws a 404 if there is no such user. */
export async function setRoles(postgres: PGlite, id: string, roles: string[]): Promise<void> {
  const { rows } = await postgres.query(
    'UPDATE neon_auth."user" SET role = $2, "updatedAt" = now() WHERE id = $1 RETURNING id',
    [id, roles.join(',')],
  )
  if (rows.length === 0) throw noSuchUser(id)
}

/** Deletes all users and everything that belongs to them. */
export async function deleteAllUsers(postgres: PGlite): Promise<void> {
  await postgres.exec('TRUNCATE neon_auth."user" CASCADE')
}

/** Deletes the signing keys. The auth service creates new ones when it needs them. */
export async function deleteAllKeys(postgres: PGlite): Promise<void> {
  await postgres.exec('DELETE FROM neon_auth.jwks')
}

function noSuchUser(id: string): ApiError {
  return new ApiError(404, `user ${id} not found`)
}
