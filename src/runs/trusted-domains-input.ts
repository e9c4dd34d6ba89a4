import type { Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { DomainContext } from '../domains/check-domain.ts'
import { type DomainList, parseDomains } from '../domains/list.ts'
import type { RunContext } from './context.ts'

const unusableDomainsProblem = ({ faults }: DomainList): Problem => {
  const [first = '', ...others] = faults
  return new Problem({
    what:
      others.length === 0
        ? `The input \`trusted_domains\`: ${first}.`
        : `${faults.length} entries of the input \`trusted_domains\` cannot be used:\n${bulletList(faults)}`,
    fix: 'change `trusted_domains` of this step, or the step whose output it contains; nothing was changed in Neon',
  })
}

/** Returns the context in which the domains of `source` are checked. */
export const domainContext = (
  source: DomainContext['source'],
  { pullRequest }: Target,
  { env, event, inputs }: RunContext,
): DomainContext => ({
  source,
  allowSharedWildcards: inputs.allowSharedWildcards,
  headRef: pullRequest?.headRef,
  repository: event.repository,
  githubHost: URL.parse(env['GITHUB_SERVER_URL'] ?? '')?.hostname,
})

/**
 * Parses the input `trusted_domains`, logs its warnings, and returns its origins and faults. Call this only
 * in runs that use domains. In other runs, a step output in the input may legitimately be empty.
 */
export const readRequestedDomains = async (
  target: Target,
  run: RunContext,
): Promise<DomainList> => {
  const { inputs, log } = run
  const list = await parseDomains(inputs.trustedDomains, domainContext('workflow', target, run))
  for (const warning of list.warnings) log.warning(`\`trusted_domains\`: ${warning}.`)
  if (list.hasGap) log.info('`trusted_domains`: one entry is empty. A step output may be missing.')
  return list
}

/** Throws a `Problem` that lists every unusable entry. */
export const assertUsable = (list: DomainList): void => {
  if (list.faults.length > 0) throw unusableDomainsProblem(list)
}

/** Warns about every unusable entry. Call this in runs that can continue without these entries. */
export const warnAboutUnusable = ({ faults }: DomainList, { log }: RunContext): void => {
  for (const fault of faults) log.warning(`\`trusted_domains\`: ${fault}.`)
}
