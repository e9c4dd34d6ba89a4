import type { CreatedAuth, TrustedDomain } from '../neon/client.ts'
import { NeonApiError, toProblem } from '../neon/errors.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import { applySetting } from '../settings/write-settings.ts'
import type { Hands } from './context.ts'
import { type Change, sentence } from './plan.ts'
import { turnOnAuth } from './turn-on.ts'

/** How one change went. */
export interface Applied {
  /**
   * `made` by this run; `there` already, by somebody else, with nothing left to do; `replan`: the
   * plan no longer fits (auth was switched on or off by somebody else), observe and plan again.
   */
  readonly how: 'made' | 'there' | 'replan'
  /** Only from the enabling call that this run made. */
  readonly created?: CreatedAuth
}

const MADE: Applied = { how: 'made' }

const trusts = async ({ neon, branch }: Hands, domain: string): Promise<boolean> => {
  const entries = await neon.listDomains(branch.id)
  return entries?.some((entry) => entry.domain === domain) ?? false
}

/** Neon's batch delete takes one provider at a time; a list with several (after a migration) needs several. */
const untrust = async (hands: Hands, entries: readonly TrustedDomain[]): Promise<void> => {
  const { neon, branch } = hands
  for (const group of Object.values(Object.groupBy(entries, (entry) => entry.auth_provider))) {
    const names = group.map(({ domain }) => domain)
    await reconcileLostWrite<true>(
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
      const enabled = await turnOnAuth(hands, change.database)
      if (enabled.by === 'another run') return { how: 'replan' }
      return { ...MADE, ...(enabled.created && { created: enabled.created }) }
    }
    case 'set_allow_localhost':
      await reconcileLostWrite<true>(
        async () => neon.setAllowLocalhost(branch.id, change.allow).then(() => true),
        async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined,
        hands,
      )
      return MADE
    case 'trust_domain': {
      const outcome = await reconcileLostWrite(
        () => neon.addDomain(branch.id, change.domain),
        async () => ((await trusts(hands, change.domain)) ? 'added' : undefined),
        hands,
      )
      return outcome === 'added' ? MADE : { how: 'there' }
    }
    case 'untrust_domains':
      await untrust(
        hands,
        entries.filter(({ domain }) => change.domains.includes(domain)),
      )
      return MADE
    case 'disable_auth': {
      const outcome = await reconcileLostWrite(
        async (attempt) => {
          const how = await neon.disableAuth(branch.id, change.deleteData)
          // Gone after an attempt whose answer was lost: that attempt did it.
          return attempt > 0 ? 'removed' : how
        },
        async () => ((await neon.getAuth(branch.id)) ? undefined : 'removed'),
        hands,
      )
      return outcome === 'removed' ? MADE : { how: 'replan' }
    }
    case 'delete_orphan_schema':
    case 'create_user':
    case 'sweep_branch':
    case 'delete_user':
      throw new Error(`${change.change} is done in its own place, never planned`)
    default:
      await applySetting(change, hands)
      return MADE
  }
}

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
    const applied = await hands.making(change, () => write(change, entries, hands))
    if (applied.how === 'made') record(change)
    return applied
  } catch (error) {
    // Auth was on when this was planned: somebody has switched it off, or deleted the branch.
    const missing = error instanceof NeonApiError && [404, 410].includes(error.status)
    if (missing && change.change !== 'enable_auth' && !(await hands.neon.getAuth(branch.id))) {
      return { how: 'replan' }
    }
    throw toProblem(error, `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`)
  }
}
