import type { Target } from '../action/intent.ts'
import { oneLine } from '../core/text.ts'
import type { CheckedOrigin } from '../domains/check-domain.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { readCursorPages } from '../neon/cursor-pages.ts'
import { withContext } from '../neon/errors.ts'
import type { FoundCustomDomain, FoundFunction, Page } from '../neon/functions-client.ts'
import type { RunContext } from './context.ts'
import { originToTrust } from './origin-to-trust.ts'

const readItems = async <T>(readPage: (cursor?: string) => Promise<Page<T>>): Promise<T[]> =>
  (await readCursorPages(readPage)).flatMap(({ items }) => items)

/** A URL of one of the branch's functions. */
interface FunctionUrl {
  /** The start of a message, to which the URL is added. */
  readonly label: string
  readonly url: string
}

/**
 * Returns whether a URL belongs to another branch. According to Neon's API description, the host of an
 * invocation URL starts with `<branch_id>-<slug>`. A host that names no branch counts as this branch's own.
 */
const belongsToAnotherBranch = (url: string, branchId: string): boolean => {
  const dnsLabel = URL.parse(url)?.hostname.split('.')[0] ?? ''
  return dnsLabel.startsWith('br-') && !dnsLabel.startsWith(`${branchId}-`)
}

const functionUrls = (
  functions: readonly FoundFunction[],
  branch: FoundBranch,
  { log }: RunContext,
): FunctionUrl[] =>
  functions.flatMap(({ slug, invocationUrl: url }) => {
    const name = `The function ${oneLine(slug, 80)}`
    if (url === undefined) {
      log.warning(`${name} has no invocation URL, so \`discover_functions\` skips it.`)
      return []
    }
    if (!belongsToAnotherBranch(url, branch.id)) return [{ label: `${name} at`, url }]
    log.warning(`${name} runs on another branch, so \`discover_functions\` skips it.`)
    return []
  })

const domainUrls = (domains: readonly FoundCustomDomain[], { log }: RunContext): FunctionUrl[] =>
  domains
    .filter(({ entityType }) => entityType === 'function')
    .flatMap(({ domain, status = 'unknown', statusReason }) => {
      const host = oneLine(domain, 200)
      if (status === 'active') return [{ label: 'The custom domain', url: `https://${domain}` }]
      const why = statusReason === undefined ? status : `${status}, ${statusReason}`
      log.warning(
        `The custom domain ${host} is not active (${oneLine(why, 100)}), so \`discover_functions\` skips it.`,
      )
      return []
    })

/**
 * Returns the origins of the branch's own Neon Functions and of its active custom domains. If
 * `discover_functions` is off, returns an empty array without a request. Warns about every function that it
 * skips, about every inactive custom domain of a function, and if there is no function. Ignores custom domains
 * of anything else. Throws `Problem` if a list cannot be read.
 */
export const discoverFunctions = async (
  branch: FoundBranch,
  target: Target,
  run: RunContext,
): Promise<readonly CheckedOrigin[]> => {
  const { inputs, log, neon } = run
  if (!inputs.discoverFunctions) return []
  const what = `Could not read the Neon Functions and custom domains of branch ${branch.name} (${branch.id}), which \`discover_functions\` needs.`
  const [functions, domains] = await withContext(what, () =>
    Promise.all([
      readItems((cursor) => neon.listFunctions(branch.id, cursor)),
      readItems((cursor) => neon.listCustomDomains(branch.id, cursor)),
    ]),
  )
  if (functions.length === 0)
    log.warning(
      'The branch has no Neon Function yet, so `discover_functions` finds no invocation URL. Run this step after the deploy.',
    )
  const origins = new Set<CheckedOrigin>()
  const urls = [...functionUrls(functions, branch, run), ...domainUrls(domains, run)]
  for (const { label, url } of urls) {
    const origin = await originToTrust(url, target, run, label)
    if (origin === undefined) continue
    log.info(`${label} ${origin} belongs to this branch.`)
    origins.add(origin)
  }
  return [...origins]
}
