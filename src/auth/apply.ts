import { Problem } from '../core/problem.ts'
import type { CreatedAuth, TrustedDomain } from '../neon/client.ts'
import { NeonApiError, toProblem, withContext } from '../neon/errors.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import { applySetting } from '../settings/write-settings.ts'
import type { ChangeContext } from './context.ts'
import { isRecent, type ReadMark } from './grounds.ts'
import { type AuthIdentity, identityOf } from './observe.ts'
import { type PlannedChange, sentence } from './plan.ts'
import { restoreAuthData } from './restore.ts'
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
export interface PlannedFrom {
  /** The trusted domains as Neon stores them. */
  readonly entries: readonly TrustedDomain[]
  /** The integration that was planned for. Absent if auth was off. */
  readonly identity?: AuthIdentity | undefined
  /** Since when that was read. Absent: long ago. */
  readonly since?: ReadMark
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

/** Throws if auth that Neon cannot find to disable is shown as on: the key may not be allowed to. */
const assertOff = async ({ neon, branch }: ChangeContext): Promise<void> => {
  if (!(await neon.getAuth(branch.id))) return
  throw new Problem({
    what: `Neon contradicts itself about branch ${branch.name} (${branch.id}): disabling Neon Auth finds none there, and reading says that it is on.`,
    why: 'the API key may not change the auth of this branch, or another run enabled auth at this very moment',
    fix: 'run the job again, and check that the API key was made for this project',
  })
}

/**
 * Disables auth. Before each repeat, and before an attempt that had to wait, it is the same
 * integration that is on: auth that is on by then may be another run's, with users of its own.
 */
const disable = async (
  deleteData: boolean,
  { identity, since }: PlannedFrom,
  context: ChangeContext,
): Promise<Applied> => {
  const { neon, branch, deadline } = context
  let attempts = 0
  const stillAsPlanned = async (): Promise<void> => {
    attempts += 1
    if (attempts === 1 && since && isRecent(since, deadline)) return
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
    if (outcome === 'gone') await assertOff(context)
    return outcome === 'removed' || mayHaveWorked ? MADE : { how: 'replan' }
  } catch (error) {
    if (!(error instanceof PlanOutdated)) throw error
    if (error.how === 'replaced') throw replaced(context)
    return mayHaveWorked ? MADE : { how: 'replan' }
  }
}

const write = async (
  change: PlannedChange,
  from: PlannedFrom,
  context: ChangeContext,
): Promise<Applied> => {
  const { neon, branch } = context
  switch (change.change) {
    case 'enable_auth': {
      const enabled = await turnOnAuth(context, change.database)
      if (enabled.by === 'another run') return { how: 'replan' }
      return { ...MADE, ...(enabled.created && { created: enabled.created }) }
    }
    case 'set_allow_localhost':
      await reconcileLostWrite<true>(
        async () => neon.setAllowLocalhost(branch.id, change.allow).then(() => true),
        async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined,
        context,
      )
      return MADE
    case 'trust_domain': {
      const outcome = await reconcileLostWrite(
        () => neon.addDomain(branch.id, change.domain),
        async () => ((await trusts(context, change.domain)) ? 'added' : undefined),
        context,
      )
      return outcome === 'added' ? MADE : { how: 'there' }
    }
    case 'untrust_domains':
      await untrust(
        context,
        from.entries.filter(({ domain }) => change.domains.includes(domain)),
      )
      return MADE
    case 'disable_auth':
      return disable(change.deleteData, from, context)
    case 'restore_auth_data':
      return { how: await restoreAuthData(change, context) }
    default:
      await applySetting(change, context)
      return MADE
  }
}

/**
 * Makes one change at Neon and records it. `from` is what the plan was made from.
 * Throws {@link Problem} that names the change when Neon refuses it.
 */
export const apply = async (
  change: PlannedChange,
  from: PlannedFrom,
  context: ChangeContext,
): Promise<Applied> => {
  const { branch, log, record } = context
  log.info(sentence(change))
  try {
    const applied = await context.track(change, () => write(change, from, context))
    if (applied.how === 'made') record(change)
    return applied
  } catch (error) {
    // Auth was on when this was planned: somebody has switched it off, or deleted the branch.
    const missing = error instanceof NeonApiError && [404, 410].includes(error.status)
    const what = `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`
    const isOff = () => withContext(what, async () => !(await context.neon.getAuth(branch.id)))
    if (missing && change.change !== 'enable_auth' && (await isOff())) return { how: 'replan' }
    throw toProblem(error, what)
  }
}
