import { type DomainContext, type JudgedOrigin, judgeDomain } from './judge.ts'
import { shownUrl } from './origin.ts'

/** The result of parsing a list of domains. */
export interface DomainList {
  /** Unique origins (`https://pr-7.example.com`), in the order given. */
  readonly origins: readonly JudgedOrigin[]
  /** One sentence for each entry that cannot be trusted. */
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
  /** An entry between others is empty, so the intended domain is unknown. */
  readonly hasGap: boolean
}

const EMPTY: DomainList = { origins: [], faults: [], warnings: [], hasGap: false }

/** A comma at the end of a line is one separator, not two. */
const SEPARATOR = /,[^\S\n]*\n|[,\n]/

const NOTHING_IN_IT =
  'it is set but contains no domain; the template value in it, probably a step output, was empty. Check the step that sets it, or remove `trusted_domains`'

/**
 * Parses a list of domains, one per line or separated by commas, and reports every fault. An empty
 * text is an empty list. White space or commas alone are a fault, because they come from a template
 * with an empty value. Never throws.
 */
export const judgeDomains = async (text: string, context: DomainContext): Promise<DomainList> => {
  if (text === '') return EMPTY
  const entries = text
    .trim()
    .split(SEPARATOR)
    .map((entry) => entry.trim())
  const given = [...new Set(entries.filter((entry) => entry !== ''))]
  if (given.length === 0) return { ...EMPTY, faults: [NOTHING_IN_IT] }
  const origins = new Set<JudgedOrigin>()
  const faults: string[] = []
  const warnings: string[] = []
  for (const entry of given) {
    const verdict = await judgeDomain(entry, context)
    const shown = `"${shownUrl(entry)}"`
    if ('fault' in verdict) {
      faults.push(`${shown}: ${verdict.fault}`)
      continue
    }
    origins.add(verdict.origin)
    warnings.push(...verdict.warnings.map((warning) => `${shown}: ${warning}`))
  }
  return { origins: [...origins], faults, warnings, hasGap: entries.includes('') }
}
