import type { Scenario } from './scenario.ts'

/** What users compose of this action that no page shows. */
export const composedScenarios: readonly Scenario[] = []
