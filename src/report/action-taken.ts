/** The values of the `action_taken` output. */
export const ACTIONS_TAKEN = [
  'enabled',
  'updated',
  'unchanged',
  'disabled',
  'untrusted',
  'kept',
  'already_gone',
  'skipped',
  'planned',
  'swept',
  'status',
] as const

export type ActionTaken = (typeof ACTIONS_TAKEN)[number]
