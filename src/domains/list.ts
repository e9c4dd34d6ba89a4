import { type CheckedOrigin, checkDomain, type DomainContext } from './check-domain.ts'
import { printableUrl } from './origin.ts'

/** A parsed list of domains. */
export interface DomainList {
  /** Unique origins (`https://pr-7.example.com`), in the order of the list. */
  readonly origins: readonly CheckedOrigin[]
  /** Why entries cannot be trusted: one message for each, without a final period. */
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
  /** Whether an entry is empty, so a domain is probably missing. */
  readonly hasGap: boolean
}

const EMPTY: DomainList = { origins: [], faults: [], warnings: [], hasGap: false }

/** Matches a comma and a line break after it as one separator. */
const SEPARATOR = /,[^\S\n]*\n|[,\n]/

const NO_DOMAIN =
  'it is set but contains no domain; the template value in it, probably a step output, was empty. Check the step that sets it, or remove `trusted_domains`'

/**
 * Parses a list of domains, one per line or separated by commas, and reports a fault for each unusable entry.
 * An empty string is an empty list. Whitespace or commas alone are a fault, because only a template with an
 * empty value produces them. Never throws.
 */
export const parseDomains = async (text: string, context: DomainContext): Promise<DomainList> => {
  if (text === '') return EMPTY
  const entries = text
    .trim()
    .split(SEPARATOR)
    .map((entry) => entry.trim())
  const unique = [...new Set(entries.filter((entry) => entry !== ''))]
  if (unique.length === 0) return { ...EMPTY, faults: [NO_DOMAIN] }
  const origins = new Set<CheckedOrigin>()
  const faults: string[] = []
  const warnings: string[] = []
  for (const entry of unique) {
    const verdict = await checkDomain(entry, context)
    const quoted = `"${printableUrl(entry)}"`
    if ('fault' in verdict) {
      faults.push(`${quoted}: ${verdict.fault}`)
      continue
    }
    origins.add(verdict.origin)
    warnings.push(...verdict.warnings.map((warning) => `${quoted}: ${warning}`))
  }
  return { origins: [...origins], faults, warnings, hasGap: entries.includes('') }
}
