import { matchesWildcard } from '../core/wildcard.ts'

/** Why a deployment environment does not count. */
export type ExcludedEnvironment = 'production' | 'excluded_environment'

const PRODUCTION_WORDS = ['production', 'prod', 'live']

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)

const namesProduction = (text: string): boolean =>
  wordsOf(text).some((word) => PRODUCTION_WORDS.includes(word))

/** Returns whether an environment matches a pattern. Ignores case, as GitHub does for environment names. */
export const matchesPattern = (pattern: string, environment: string): boolean =>
  matchesWildcard(pattern.toLowerCase(), environment.toLowerCase())

/** Returns whether a pattern may match production: it has no wildcard, or it names production. */
const mayIncludeProduction = (pattern: string): boolean =>
  !pattern.includes('*') || namesProduction(pattern)

/**
 * Returns why a deployment environment does not count as a preview, or `undefined` if it does. `patterns` are
 * the lines of `deployment_environments`. Without inclusions, every environment except production counts. An
 * exclusion always wins. Pure.
 */
export const excludedEnvironment = (
  environment: string,
  isFlaggedProduction: boolean,
  patterns: readonly string[],
): ExcludedEnvironment | undefined => {
  const matches = (pattern: string): boolean => matchesPattern(pattern, environment)
  const exclusions = patterns.filter((pattern) => pattern.startsWith('!'))
  const inclusions = patterns.filter((pattern) => !pattern.startsWith('!'))
  if (exclusions.some((pattern) => matches(pattern.slice(1).trim()))) return 'excluded_environment'
  const matching = inclusions.filter(matches)
  const isProduction = isFlaggedProduction || namesProduction(environment)
  if (isProduction && !matching.some(mayIncludeProduction)) return 'production'
  return inclusions.length > 0 && matching.length === 0 ? 'excluded_environment' : undefined
}

/** Parses `deployment_environments`: one pattern per line. Ignores empty lines. */
export const parseEnvironmentPatterns = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
