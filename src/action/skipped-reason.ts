/** Why a run is skipped: the values of the output `skipped_reason`. */
export const SKIPPED_REASONS = [
  'fork_without_secrets',
  'dependabot_without_secrets',
  'pull_request_closed',
  // Reopened while a run was cleaning up after it.
  'pull_request_reopened',
  'pull_request_not_found',
  'superseded_commit',
  'deployment_not_successful',
  'production_deployment',
  'excluded_environment',
  'not_a_preview',
] as const

export type SkippedReason = (typeof SKIPPED_REASONS)[number]
