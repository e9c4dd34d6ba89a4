import type { Target } from '../action/intent.ts'
import { type CheckedOrigin, checkDomain } from '../domains/check-domain.ts'
import { printableUrl } from '../domains/origin.ts'
import type { RunContext } from './context.ts'
import { domainContext } from './trusted-domains-input.ts'

/**
 * Returns the origin of a deployment's URL, or `undefined` with a warning if it cannot be trusted. `what`
 * names the URL in warnings.
 */
export const originToTrust = async (
  url: string,
  target: Target,
  run: RunContext,
  what = "The deployment's URL",
): Promise<CheckedOrigin | undefined> => {
  const { log } = run
  const verdict = await checkDomain(url, domainContext('deployment', target, run))
  const name = `${what} ${printableUrl(url)}`
  if ('fault' in verdict) {
    log.warning(
      `${name} is not trusted: ${verdict.fault}. If the preview has another URL, pass it in \`trusted_domains\`.`,
    )
    return undefined
  }
  for (const warning of verdict.warnings) log.warning(`${name}: ${warning}.`)
  return verdict.origin
}
