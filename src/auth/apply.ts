import type { NeonAuthCreateIntegrationResponse } from '@neon/sdk/raw'
import type { TrustedDomain } from '../neon/client.ts'
import { explain, NeonApiError } from '../neon/errors.ts'
import { Problem } from '../problem.ts'
import { enable } from './enable.ts'
import type { Hands } from './hands.ts'
import { type Change, sentence } from './plan.ts'
import { settle } from './settle.ts'

/** How one change went. */
export interface Applied {
  /** True: the plan no longer fits (auth was switched on by somebody else), observe and plan again. */
  readonly replan: boolean
  /** Only from the enabling call that this run made. */
  readonly created?: NeonAuthCreateIntegrationResponse
}

const DONE: Applied = { replan: false }

const trusts = async ({ neon, branch }: Hands, domain: string): Promise<boolean> => {
  const entries = await neon.listDomains(branch.id)
  return entries?.some((entry) => entry.domain === domain) ?? false
}

/** Neon's batch delete takes one provider at a time; a list with several (after a migration) needs several. */
const untrust = async (hands: Hands, entries: readonly TrustedDomain[]): Promise<void> => {
  const { neon, branch } = hands
  for (const group of Object.values(Object.groupBy(entries, (entry) => entry.auth_provider))) {
    const names = group.map(({ domain }) => domain)
    await settle<true>(
      async () => neon.removeDomains(branch.id, group).then(() => true),
      async () => {
        const left = (await neon.listDomains(branch.id)) ?? []
        return left.some(({ domain }) => names.includes(domain)) ? undefined : true
      },
      hands,
    )
  }
}

const write = async (
  change: Change,
  entries: readonly TrustedDomain[],
  hands: Hands,
): Promise<Applied> => {
  const { neon, branch } = hands
  switch (change.change) {
    case 'enable_auth': {
      const enabled = await enable(hands, change.database)
      if (enabled.by === 'another run') return { replan: true }
      return { replan: false, ...(enabled.created && { created: enabled.created }) }
    }
    case 'set_allow_localhost':
      await settle<true>(
        async () => neon.setAllowLocalhost(branch.id, change.allow).then(() => true),
        async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined,
        hands,
      )
      return DONE
    case 'trust_domain':
      await settle<true>(
        async () => neon.addDomain(branch.id, change.domain).then(() => true),
        async () => (await trusts(hands, change.domain)) || undefined,
        hands,
      )
      return DONE
    case 'untrust_domains':
      await untrust(
        hands,
        entries.filter(({ domain }) => change.domains.includes(domain)),
      )
      return DONE
    case 'disable_auth': {
      const outcome = await settle<'disabled' | 'gone'>(
        () => neon.disableAuth(branch.id, change.deleteData),
        async () => ((await neon.getAuth(branch.id)) ? undefined : 'disabled'),
        hands,
      )
      return { replan: outcome === 'gone' }
    }
    case 'delete_orphan_schema':
      throw new Error('an orphan schema is found by enabling, never planned')
  }
}

/** What to tell when auth goes off under a run that is configuring it. */
export const disabledMeanwhile = ({ branch }: Pick<Hands, 'branch'>, cause?: unknown): Problem =>
  new Problem({
    what: `Neon Auth was switched off on branch ${branch.name} (${branch.id}) while this run was working on it.`,
    why: 'the pull request was closed, or somebody disabled auth in the Neon Console, at this very moment',
    fix: 'if auth is still wanted there, run this job again',
    cause,
  })

/**
 * Makes one change at Neon and records it. `entries` is the list of domains as Neon stores it.
 * Throws {@link Problem} that names the change when Neon refuses it.
 */
export const apply = async (
  change: Change,
  entries: readonly TrustedDomain[],
  hands: Hands,
): Promise<Applied> => {
  const { branch, log, record } = hands
  log.info(sentence(change))
  try {
    const applied = await write(change, entries, hands)
    if (!applied.replan) record(change)
    return applied
  } catch (error) {
    const missing = error instanceof NeonApiError && [404, 410].includes(error.status)
    if (missing && change.change !== 'enable_auth') throw disabledMeanwhile(hands, error)
    throw explain(error, `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`)
  }
}
