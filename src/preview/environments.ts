import { matchesWildcard } from '../core/wildcard.ts'

/** Why a deployment environment does not count. */
export type ExcludedEnvironment = 'production' | 'excluded_environment'

const PRODUCTION_WORDS = ['production', 'prod', 'live']

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)

const namesProduction = (text: string): boolean =>
  wordsOf(text).some((word) => PRODUCTION_WORDS.includes(word))

/** Compares an environment with a pattern. Ignores case, as GitHub does for names of environments. */
export const matchesPattern = (pattern: string, environment: string): boolean =>
  matchesWildcard(pattern.toLowerCase(), environment.toLowerCase())

/** A pattern names production if it has no wildcard, or if it contains the word itself. */
const isExplicit = (pattern: string): boolean => !pattern.includes('*') || namesProduction(pattern)

/**
 * Decides whether a deployment environment counts as a preview. `patterns` are the lines of
 * `deployment_environments`: without any, or with exclusions only, every environment counts but
 * production. An exclusion always wins. Returns `undefined` if the environment counts. Pure.
 */
export const excludedEnvironment = (
  environment: string,
  isFlaggedProduction: boolean,
  patterns: readonly string[],
): ExcludedEnvironment | undefined => {
  const matches = (pattern: string): boolean => matchesPattern(pattern, environment)
  const excluding = patterns.filter((pattern) => pattern.startsWith('!'))
  const including = patterns.filter((pattern) => !pattern.startsWith('!'))
  if (excluding.some((pattern) => matches(pattern.slice(1).trim()))) return 'excluded_environment'
  const included = including.filter(matches)
  const isProduction = isFlaggedProduction || namesProduction(environment)
  if (isProduction && !included.some(isExplicit)) return 'production'
  return including.length > 0 && included.length === 0 ? 'excluded_environment' : undefined
}

/** Parses `deployment_environments`: one pattern per line, empty lines ignored. */
export const parseEnvironmentPatterns = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
