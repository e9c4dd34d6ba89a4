import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import { listsOrigin } from '../domains/origin.ts'
import type { CreatedAuth, TrustedDomain } from '../neon/client.ts'
import { NeonApiError, toProblem, withContext } from '../neon/errors.ts'
import { reconcileLostWrite, settleLostWrite } from '../network/lost-writes.ts'
import { pollUntil } from '../network/poll.ts'
import { applySetting } from '../settings/write-settings.ts'
import type { ChangeContext } from './context.ts'
import { contradictionProblem } from './contradiction.ts'
import { isSameAuth } from './observe.ts'
import { type PlannedChange, sentence } from './plan.ts'
import { isRecent, NEVER_READ, type ReadMark } from './preconditions.ts'
import { restoreAuthData } from './restore.ts'
import { turnOnAuth } from './turn-on.ts'

/** The result of one change. */
export interface ApplyResult {
  /**
   * `applied`: this run applied it. `already_applied`: another run did. `replan`: another run enabled or
   * disabled auth, so the plan is out of date.
   */
  readonly outcome: 'applied' | 'already_applied' | 'replan'
  /** The response to the request that enabled auth, if this run made it. */
  readonly created?: CreatedAuth
}

const APPLIED: ApplyResult = { outcome: 'applied' }

const listTrustedDomains = async ({ neon, branch }: ChangeContext): Promise<string[]> =>
  ((await neon.listDomains(branch.id)) ?? []).map(({ domain }) => domain)

/** How long Neon may take to list a domain that it refuses to add again, in ms. */
const LISTING_MS = 5_000

/** Waits at most 5 s until Neon lists a domain, in any spelling. Returns whether it does. */
const waitUntilListed = async (domain: string, context: ChangeContext): Promise<boolean> => {
  const { done } = await pollUntil({
    deadline: context.deadline,
    patienceMs: LISTING_MS,
    waitingFor: `waiting for Neon to list ${domain}`,
    attempt: async () => {
      const isListed = listsOrigin(await listTrustedDomains(context), domain)
      return { done: isListed, value: undefined }
    },
  })
  return done
}

/**
 * Adds a domain. A 409 means that it exists already. After a 400, checks the list of domains, not the message.
 * Any spelling counts as existing, because the read-back decides whether that spelling works. If the plan saw no
 * spelling of it, and Neon refuses a repeated request, the lost one most likely added it.
 */
const trust = async (
  context: ChangeContext,
  storedDomains: readonly TrustedDomain[],
  domain: string,
): Promise<ApplyResult> => {
  const { neon, branch } = context
  const wasListed = listsOrigin(
    storedDomains.map((entry) => entry.domain),
    domain,
  )
  const existsIfListed = async (error: unknown): Promise<'exists'> => {
    const isRefused = error instanceof NeonApiError && error.status === 400
    if (isRefused && (await waitUntilListed(domain, context))) return 'exists'
    throw error
  }
  const outcome = await reconcileLostWrite<'added' | 'exists'>(
    async (attempt) => {
      const result = await neon.addDomain(branch.id, domain).catch(existsIfListed)
      return attempt > 0 && !wasListed ? 'added' : result
    },
    async () => ((await listTrustedDomains(context)).includes(domain) ? 'added' : undefined),
    context,
  )
  return outcome === 'added' ? APPLIED : { outcome: 'already_applied' }
}

/**
 * Removes domains. Sends one request for each auth provider, because a request can name only one. After a
 * migration, a branch can have domains of several providers.
 */
const untrust = async (
  context: ChangeContext,
  storedDomains: readonly TrustedDomain[],
): Promise<void> => {
  const { neon, branch } = context
  const byProvider = Object.groupBy(storedDomains, ({ auth_provider }) => auth_provider)
  for (const group of Object.values(byProvider)) {
    const names = group.map(({ domain }) => domain)
    await reconcileLostWrite<unknown>(
      () => neon.removeDomains(branch.id, group),
      async () => {
        const remaining = (await neon.listDomains(branch.id)) ?? []
        return remaining.some(({ domain }) => names.includes(domain)) ? undefined : 'removed'
      },
      context,
    )
  }
}

/** The part of the observed state that writes depend on. */
export interface PlanBasis {
  /** The trusted domains, exactly as Neon stores them. */
  readonly storedDomains: readonly TrustedDomain[]
  /** The integration. Absent if auth was off. */
  readonly integration?: NeonAuthIntegration | undefined
  /** When the state was read. If absent, `disable_auth` confirms the integration before its first attempt. */
  readonly since?: ReadMark
}

/** Stops disabling auth, because it is already off, or because another run has replaced it. */
class PlanOutdated extends Error {
  readonly auth: 'off' | 'replaced'

  constructor(auth: 'off' | 'replaced') {
    super(`auth is ${auth}`)
    this.auth = auth
  }
}

const ownEffect = (mayHaveWorked: boolean) =>
  mayHaveWorked && {
    response: "This run's own request may have disabled it: the response was lost.",
  }

const authReplacedProblem = ({ branch }: ChangeContext, mayHaveWorked: boolean): Problem =>
  new Problem({
    what: `The run stopped: Neon Auth on branch ${branch.name} (${branch.id}) was disabled and enabled again while this run was disabling it.`,
    ...ownEffect(mayHaveWorked),
    why: 'the pull request was reopened, or another run enabled auth',
    fix: 'if auth should be off there, run this job again',
  })

/**
 * Disables auth. Before each repeat, and before an attempt that had to wait, checks that the same integration
 * is still on. Otherwise, this run could disable auth that another run has enabled since.
 */
const disable = async (
  change: Extract<PlannedChange, { change: 'disable_auth' }>,
  { integration: planned, since = NEVER_READ }: PlanBasis,
  context: ChangeContext,
): Promise<ApplyResult> => {
  const { neon, branch, deadline } = context
  let attempts = 0
  const assertSameIntegration = async (): Promise<void> => {
    const integration = await neon.getAuth(branch.id)
    if (!integration) throw new PlanOutdated('off')
    if (!planned || !isSameAuth(integration, planned)) throw new PlanOutdated('replaced')
  }
  const beforeAttempt = async (): Promise<void> => {
    attempts += 1
    if (attempts > 1 || !isRecent(since, deadline)) await assertSameIntegration()
  }
  let mayHaveWorked = false
  const request = async (): Promise<ApplyResult> => {
    const outcome = await reconcileLostWrite(
      () => neon.disableAuth(branch.id, change.deleteData, beforeAttempt),
      async () => {
        mayHaveWorked = true
        return (await neon.getAuth(branch.id)) ? undefined : 'removed'
      },
      context,
    )
    if (outcome === 'removed') return APPLIED
    await assertSameIntegration()
    throw contradictionProblem(branch, 'found no auth to disable, but it reports auth as on', {
      ...ownEffect(mayHaveWorked),
      why: 'the API key is not allowed to change the auth of this branch, or Neon is still disabling it',
    })
  }
  const explain = (error: unknown): ApplyResult => {
    if (!(error instanceof PlanOutdated)) throw error
    if (error.auth === 'replaced') throw authReplacedProblem(context, mayHaveWorked)
    return mayHaveWorked ? APPLIED : { outcome: 'replan' }
  }
  return settleLostWrite(
    () => mayHaveWorked,
    () => request().catch(explain),
  )
}

const write = async (
  change: PlannedChange,
  basis: PlanBasis,
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
      await reconcileLostWrite<unknown>(
        () => neon.setAllowLocalhost(branch.id, change.allow),
        async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined,
        context,
      )
      return APPLIED
    case 'trust_domain':
      return trust(context, basis.storedDomains, change.domain)
    case 'untrust_domains':
      await untrust(
        context,
        basis.storedDomains.filter(({ domain }) => change.domains.includes(domain)),
      )
      return APPLIED
    case 'disable_auth':
      return disable(change, basis, context)
    case 'restore_auth_data':
      return { outcome: await restoreAuthData(change, context) }
    default:
      await applySetting(change, context)
      return APPLIED
  }
}

/**
 * Applies one change at Neon, and records it if this run applied it. `basis` is the state that the plan is based on.
 * If Neon refuses the change, throws a {@link Problem} that names it.
 */
export const apply = async (
  change: PlannedChange,
  basis: PlanBasis,
  context: ChangeContext,
): Promise<ApplyResult> => {
  const { branch, log, record } = context
  log.info(sentence(change))
  try {
    const result = await context.track(change, () => write(change, basis, context))
    if (result.outcome === 'applied') record(change)
    return result
  } catch (error) {
    // The plan assumes that auth is on. A 404 means that another run has disabled it, or that the branch is gone.
    const isMissing = error instanceof NeonApiError && [404, 410].includes(error.status)
    const what = `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`
    const isOff = () => withContext(what, async () => !(await context.neon.getAuth(branch.id)))
    if (isMissing && change.change !== 'enable_auth' && (await isOff()))
      return { outcome: 'replan' }
    throw toProblem(error, what)
  }
}
