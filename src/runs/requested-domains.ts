import type { Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { DomainContext } from '../domains/judge.ts'
import { type DomainList, judgeDomains } from '../domains/list.ts'
import type { RunContext } from './context.ts'

const unusable = ({ faults }: DomainList): Problem => {
  const [first = '', ...others] = faults
  return new Problem({
    what:
      others.length === 0
        ? `The input \`trusted_domains\`: ${first}.`
        : `${faults.length} entries of the input \`trusted_domains\` cannot be used:\n${bulletList(faults)}`,
    fix: 'change `trusted_domains` of this step, or the step whose output it contains; nothing at Neon was changed',
  })
}

/** What a domain of this run is judged by. */
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
 * Judges the input `trusted_domains`. Call this only in a run that trusts or removes domains, because
 * a step output that the text contains may be empty in any other. Every fault is in the result.
 */
export const requestedDomains = async (target: Target, run: RunContext): Promise<DomainList> => {
  const { inputs, log } = run
  const list = await judgeDomains(inputs.trustedDomains, domainContext('workflow', target, run))
  for (const warning of list.warnings) log.warning(`\`trusted_domains\`: ${warning}.`)
  if (list.hasGap)
    log.info(
      '`trusted_domains`: an entry between the others is empty; a step output may be missing.',
    )
  return list
}

/** Throws a `Problem` that lists every entry that cannot be used. */
export const assertUsable = (list: DomainList): void => {
  if (list.faults.length > 0) throw unusable(list)
}

/** Warns of every entry that cannot be used, in a run that can do its work without them. */
export const warnOfUnusable = ({ faults }: DomainList, { log }: RunContext): void => {
  for (const fault of faults) log.warning(`\`trusted_domains\`: ${fault}.`)
}
