/** The names of all outputs. A contract test compares them with action.yml. */
export const OUTPUT_NAMES = [
  'base_url',
  'jwks_url',
  'issuer',
  'action_taken',
  'changed',
  'skipped_reason',
  'branch_id',
  'branch_name',
  'database',
  'auth_provider',
  'auth_provider_project_id',
  'schema_name',
  'pub_client_key',
  'secret_server_key',
  'trusted_domains',
  'domains_added',
  'domains_removed',
  'callback_urls',
  'users',
  'storage_state',
  'session_user',
  'plan',
  'verdict',
  'findings',
] as const

export type OutputName = (typeof OUTPUT_NAMES)[number]
