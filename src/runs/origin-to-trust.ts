import type { Target } from '../action/intent.ts'
import { type CheckedOrigin, checkDomain } from '../domains/check-domain.ts'
import { printableUrl } from '../domains/origin.ts'
import type { RunContext } from './context.ts'
import { domainContext } from './trusted-domains-input.ts'

/**
 * Returns the origin of a deployment's or a function's URL. If it cannot be trusted, warns and returns `undefined`.
 * Warnings start with `label`.
 */
export const originToTrust = async (
  url: string,
  target: Target,
  run: RunContext,
  label = "The deployment's URL",
): Promise<CheckedOrigin | undefined> => {
  const { log } = run
  const verdict = await checkDomain(url, domainContext('deployment', target, run))
  const name = `${label} ${printableUrl(url)}`
  if ('fault' in verdict) {
    log.warning(
      `${name} is not trusted: ${verdict.fault}. If the preview has another URL, pass it in \`trusted_domains\`.`,
    )
    return undefined
  }
  for (const warning of verdict.warnings) log.warning(`${name}: ${warning}.`)
  return verdict.origin
}
