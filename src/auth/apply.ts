import { Problem } from '../core/problem.ts'
import type { CreatedAuth, TrustedDomain } from '../neon/client.ts'
import { NeonApiError, toProblem, withContext } from '../neon/errors.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import { applySetting } from '../settings/write-settings.ts'
import type { ChangeContext } from './context.ts'
import { type AuthIdentity, identityOf } from './observe.ts'
import { type Change, sentence } from './plan.ts'
import { turnOnAuth } from './turn-on.ts'

/** How one change went. */
export interface ApplyResult {
  /**
   * `made` by this run; `there` already, by somebody else, with nothing left to do; `replan`: the
   * plan no longer fits (auth was switched on or off by somebody else), observe and plan again.
   */
  readonly outcome: 'made' | 'there' | 'replan'
  /** Only from the enabling call that this run made. */
  readonly created?: CreatedAuth
}

const APPLIED: ApplyResult = { outcome: 'made' }

const trusts = async ({ neon, branch }: ChangeContext, domain: string): Promise<boolean> => {
  const entries = await neon.listDomains(branch.id)
  return entries?.some((entry) => entry.domain === domain) ?? false
}

/** Neon's batch delete takes one provider at a time; a list with several (after a migration) needs several. */
const untrust = async (
  context: ChangeContext,
  entries: readonly TrustedDomain[],
): Promise<void> => {
  const { neon, branch } = context
  for (const group of Object.values(Object.groupBy(entries, (entry) => entry.auth_provider))) {
    const names = group.map(({ domain }) => domain)
    await reconcileLostWrite<true>(
      async () => neon.removeDomains(branch.id, group).then(() => true),
      async () => {
        const left = (await neon.listDomains(branch.id)) ?? []
        return left.some(({ domain }) => names.includes(domain)) ? undefined : true
      },
      context,
    )
  }
}

/** What the plan was made from, as far as a write depends on it. */
export interface PlanBasis {
  /** The trusted domains as Neon stores them. */
  readonly storedDomains: readonly TrustedDomain[]
  /** The integration that was planned for. Absent if auth was off. */
  readonly identity?: AuthIdentity | undefined
}

/** Ends the disabling of auth that another run has disabled or replaced in the meantime. */
class PlanOutdated extends Error {
  readonly how: 'off' | 'replaced'

  constructor(how: 'off' | 'replaced') {
    super(`auth is ${how}`)
    this.how = how
  }
}

const replaced = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Nothing was deleted: Neon Auth on branch ${branch.name} (${branch.id}) was disabled and enabled again while this run was closing it.`,
    why: 'the pull request was reopened, or another run enabled auth',
    fix: 'if auth should be off there, run this job again',
  })

/**
 * Disables auth. Before each repeat it is the same integration that is on: after a lost response,
 * auth that is on may be another run's, with users of its own.
 */
const disable = async (
  deleteData: boolean,
  { identity }: PlanBasis,
  context: ChangeContext,
): Promise<ApplyResult> => {
  const { neon, branch } = context
  let attempts = 0
  const stillAsPlanned = async (): Promise<void> => {
    attempts += 1
    if (attempts === 1) return
    const integration = await neon.getAuth(branch.id)
    if (!integration) throw new PlanOutdated('off')
    if (identityOf(integration) !== identity) throw new PlanOutdated('replaced')
  }
  let mayHaveWorked = false
  try {
    const outcome = await reconcileLostWrite(
      () => neon.disableAuth(branch.id, deleteData, stillAsPlanned),
      async () => {
        mayHaveWorked = true
        return (await neon.getAuth(branch.id)) ? undefined : 'removed'
      },
      context,
    )
    return outcome === 'removed' || mayHaveWorked ? APPLIED : { outcome: 'replan' }
  } catch (error) {
    if (!(error instanceof PlanOutdated)) throw error
    if (error.how === 'replaced') throw replaced(context)
    return mayHaveWorked ? APPLIED : { outcome: 'replan' }
  }
}

const write = async (
  change: Change,
  from: PlanBasis,
  context: ChangeContext,
): Promise<ApplyResult> => {
  const { neon, branch } = context
  switch (change.change) {
    case 'enable_auth': {
      const enabled = await turnOnAuth(context, change.database)
      if (enabled.by === 'another run') return { outcome: 'replan' }
      return { ...APPLIED, ...(enabled.created && { created: enabled.created }) }
    }
    case 'set_allow_localhost':
      await reconcileLostWrite<true>(
        async () => neon.setAllowLocalhost(branch.id, change.allow).then(() => true),
        async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined,
        context,
      )
      return APPLIED
    case 'trust_domain': {
      const outcome = await reconcileLostWrite(
        () => neon.addDomain(branch.id, change.domain),
        async () => ((await trusts(context, change.domain)) ? 'added' : undefined),
        context,
      )
      return outcome === 'added' ? APPLIED : { outcome: 'there' }
    }
    case 'untrust_domains':
      await untrust(
        context,
        from.storedDomains.filter(({ domain }) => change.domains.includes(domain)),
      )
      return APPLIED
    case 'disable_auth':
      return disable(change.deleteData, from, context)
    case 'delete_orphan_schema':
    case 'create_user':
    case 'sweep_branch':
    case 'delete_user':
      throw new Error(`${change.change} is done in its own place, never planned`)
    default:
      await applySetting(change, context)
      return APPLIED
  }
}

/**
 * Makes one change at Neon and records it. `from` is what the plan was made from.
 * Throws {@link Problem} that names the change when Neon refuses it.
 */
export const apply = async (
  change: Change,
  from: PlanBasis,
  context: ChangeContext,
): Promise<ApplyResult> => {
  const { branch, log, record } = context
  log.info(sentence(change))
  try {
    const applied = await context.track(change, () => write(change, from, context))
    if (applied.outcome === 'made') record(change)
    return applied
  } catch (error) {
    // Auth was on when this was planned: somebody has switched it off, or deleted the branch.
    const missing = error instanceof NeonApiError && [404, 410].includes(error.status)
    const what = `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`
    const isOff = () => withContext(what, async () => !(await context.neon.getAuth(branch.id)))
    if (missing && change.change !== 'enable_auth' && (await isOff())) return { outcome: 'replan' }
    throw toProblem(error, what)
  }
}
