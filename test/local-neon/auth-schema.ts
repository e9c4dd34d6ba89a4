import { randomUUID } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import type {
  NeonAuthEmailAndPasswordConfig,
  NeonAuthEmailServerConfigResponse,
  NeonAuthOauthProviderId,
  NeonAuthPluginConfigs,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'

/** A sign-in provider. Without credentials, it uses Neon's shared app. */
export interface SocialProvider {
  id: NeonAuthOauthProviderId
  client_id?: string
  client_secret?: string
  microsoft_tenant_id?: string
}

/** The one row of `neon_auth.project_config`: all of a branch's auth configuration. */
export interface ProjectConfig {
  id: string
  name: string
  endpoint_id: string
  created_at: string
  updated_at: string
  trusted_origins: string[]
  social_providers: SocialProvider[]
  email_provider: NeonAuthEmailServerConfigResponse | null
  email_and_password: NeonAuthEmailAndPasswordConfig
  allow_localhost: boolean
  plugin_configs: Required<
    Pick<NeonAuthPluginConfigs, 'organization' | 'magic_link' | 'phone_number'>
  >
  webhook_config: NeonAuthWebhookConfig
}

const jsonColumns: ReadonlySet<string> = new Set([
  'trusted_origins',
  'social_providers',
  'email_provider',
  'email_and_password',
  'plugin_configs',
  'webhook_config',
] satisfies (keyof ProjectConfig)[])

const createConfigTable = `
  CREATE TABLE neon_auth.project_config (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    endpoint_id text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    trusted_origins jsonb NOT NULL,
    social_providers jsonb NOT NULL,
    email_provider jsonb NOT NULL,
    email_and_password jsonb NOT NULL,
    allow_localhost boolean NOT NULL,
    plugin_configs jsonb NOT NULL,
    webhook_config jsonb NOT NULL
  )`

/** Returns the configuration of a branch whose auth was just enabled. */
export function newConfig(name: string, endpointId: string): ProjectConfig {
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    name,
    endpoint_id: endpointId,
    created_at: now,
    updated_at: now,
    trusted_origins: [],
    social_providers: [{ id: 'google' }],
    email_provider: { type: 'shared' },
    email_and_password: {
      enabled: true,
      email_verification_method: 'otp',
      require_email_verification: false,
      auto_sign_in_after_verification: true,
      send_verification_email_on_sign_up: false,
      send_verification_email_on_sign_in: false,
      disable_sign_up: false,
    },
    allow_localhost: true,
    plugin_configs: {
      organization: {
        enabled: true,
        organization_limit: 10,
        membership_limit: 100,
        creator_role: 'owner',
        send_invitation_email: false,
      },
      magic_link: { enabled: false, expires_in: 5, disable_sign_up: false },
      phone_number: { enabled: false, otp_expires_in: 300 },
    },
    webhook_config: { enabled: false },
  }
}

/** Creates the table for the configuration row. The schema must exist. */
export async function createConfig(postgres: PGlite): Promise<void> {
  await postgres.exec(createConfigTable)
}

/** Replaces the configuration row. */
export async function writeConfig(postgres: PGlite, config: ProjectConfig): Promise<void> {
  const columns = Object.entries(config).map(([column, value]) => ({
    column,
    value: jsonColumns.has(column) ? JSON.stringify(value) : value,
  }))
  const placeholders = columns.map((_, index) => `$${index + 1}`)
  await postgres.transaction(async (transaction) => {
    await transaction.exec('DELETE FROM neon_auth.project_config')
    await transaction.query(
      `INSERT INTO neon_auth.project_config (${columns.map(({ column }) => column)})
       VALUES (${placeholders})`,
      columns.map(({ value }) => value),
    )
  })
}

/** Returns the configuration row. `null` if the table or the row is missing. */
export async function readConfig(postgres: PGlite): Promise<ProjectConfig | null> {
  if (!(await relationExists(postgres, 'neon_auth.project_config'))) return null
  const { rows } = await postgres.query<ProjectConfig>('SELECT * FROM neon_auth.project_config')
  const row = rows[0]
  if (row === undefined) return null
  const dates = { created_at: isoDate(row.created_at), updated_at: isoDate(row.updated_at) }
  return { ...row, ...dates }
}

/** Returns whether the `neon_auth` schema exists. */
export async function hasAuthSchema(postgres: PGlite): Promise<boolean> {
  const { rows } = await postgres.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'neon_auth'`)
  return rows.length > 0
}

/** Drops the `neon_auth` schema and everything in it. */
export async function dropAuthSchema(postgres: PGlite): Promise<void> {
  await postgres.exec('DROP SCHEMA IF EXISTS neon_auth CASCADE')
}

/** Empties every table of the database. A schema-only branch starts like this. */
export async function emptyAllTables(postgres: PGlite): Promise<void> {
  const { rows } = await postgres.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  if (rows.length > 0) await postgres.exec(`TRUNCATE ${rows.map(({ name }) => name)} CASCADE`)
}

/** Returns whether a table with this name exists. */
export async function relationExists(postgres: PGlite, name: string): Promise<boolean> {
  const { rows } = await postgres.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [name])
  return rows.length > 0
}

function isoDate(value: string | Date): string {
  return new Date(value).toISOString()
}
