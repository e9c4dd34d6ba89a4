import type { Target } from '../action/intent.ts'
import { createAuthService } from '../auth-service/client.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { toProblem } from '../neon/errors.ts'
import type { SetCookie } from '../network/set-cookie.ts'
import type { Report } from '../report/report.ts'
import { openSession, type SessionContext } from '../session/open.ts'
import { createStorageState, writeStorageState } from '../session/storage-state.ts'
import { findSettingsUser, newUser } from '../session/user.ts'
import { getBypassCookies } from '../session/vercel.ts'
import type { Settings } from '../settings/settings.ts'
import type { PasswordUser } from '../settings/sign-up.ts'
import type { RunContext } from './context.ts'

/** The plan for the session that an enabling run opens at its end (`e2e_session`). */
interface SessionPlan {
  readonly user: PasswordUser
  /** Whether this run creates the user. */
  readonly createsUser: boolean
  /** The exact origins of the preview. The user signs in from the first one. */
  readonly previews: readonly string[]
}

/** Throws `Problem` if `email` is not a user of the settings with a password. */
export const assertUserWithPassword = (email: string, settings: Settings | undefined): void => {
  findSettingsUser(email, settings)
}

const onProductionProblem = ({ name, id, isDefault }: FoundBranch): Problem =>
  new Problem({
    what: `Nothing was changed: \`e2e_session\` opens no session on ${name} (${id}), because it is ${isDefault ? "the project's default branch" : 'a protected branch'}.`,
    why: "anybody with the session's cookies could sign in to production, so `allow_protected` does not allow this",
    fix: "remove `e2e_session`, or set `branch` to the preview's branch",
  })

const noPreviewProblem = (): Problem =>
  new Problem({
    what: 'Nothing was changed: `e2e_session` needs the exact URL of the preview, and this run knows none.',
    why: 'the preview is not deployed yet, a step output is empty, or `trusted_domains` has only wildcards',
    fix: 'set `e2e_session` on the step after the deploy, with the URL of the preview in `trusted_domains`',
  })

const planFor = (
  branch: FoundBranch,
  { target, settings, domains }: SessionInput,
  { inputs, env }: RunContext,
): SessionPlan => {
  if (branch.isDefault || branch.isProtected) throw onProductionProblem(branch)
  const previews = domains.filter((domain) => !domain.includes('*'))
  if (previews.length === 0) throw noPreviewProblem()
  const { e2eSession } = inputs
  return typeof e2eSession === 'string'
    ? { user: findSettingsUser(e2eSession, settings), createsUser: false, previews }
    : {
        user: newUser(target.prNumber, env['GITHUB_RUN_ID'] || 'local'),
        createsUser: true,
        previews,
      }
}

/** Returns the cookies that open each preview (`vercel_bypass`), by origin. */
const readBypassCookies = async (
  { previews }: SessionPlan,
  { inputs, http, log }: RunContext,
): Promise<Map<string, readonly SetCookie[]>> => {
  const cookies = new Map<string, readonly SetCookie[]>()
  const { vercelBypass } = inputs
  if (vercelBypass === undefined) return cookies
  for (const origin of previews)
    cookies.set(origin, await getBypassCookies(origin, vercelBypass, { send: http.retrying, log }))
  return cookies
}

const signInContext = (
  { origin, urls }: { origin: string; urls: NonNullable<Report['auth']> },
  { http, deadline, log }: RunContext,
): SessionContext => ({
  service: createAuthService(http.retrying, urls),
  origin,
  issuer: new URL(urls.baseUrl).origin,
  deadline,
  log,
})

const open = async (
  report: Report,
  plan: SessionPlan,
  confirm: SessionInput['confirm'],
  run: RunContext,
): Promise<Report> => {
  const { user, previews } = plan
  const [origin = ''] = previews
  const userAndOrigin = `${oneLine(user.email, 100)} from ${origin}`
  if (run.inputs.dryRun) run.log.info(`Would: Sign in as ${userAndOrigin}.`)
  const { auth: urls } = report
  if (run.inputs.dryRun || !urls) return report
  await confirm()
  try {
    const session = await openSession(user, signInContext({ origin, urls }, run))
    const bypass = await readBypassCookies(plan, run)
    const state = await createStorageState({ baseUrl: urls.baseUrl, previews, session, bypass })
    const path = writeStorageState(state, run.env)
    run.log.info(`Signed in as ${userAndOrigin}. The session and its JWT work.`)
    return { ...report, session: { user: user.email, storageState: path } }
  } catch (error) {
    throw toProblem(error, `Could not open a session for ${userAndOrigin}.`)
  }
}

/** The inputs of {@link planSession}. */
export interface SessionInput {
  readonly target: Target
  readonly settings: Settings | undefined
  /** The domains that this run trusts. */
  readonly domains: readonly string[]
  /** Throws if the session must no longer be opened. */
  readonly confirm: () => Promise<void>
}

/** A session that is planned but not opened yet. */
export interface PlannedSession {
  /** The settings, plus the user that this run creates for the session, if any. */
  readonly settings: Settings | undefined
  /**
   * Opens the session, proves that it works, and writes it to a file for Playwright. Returns the report
   * with the session. A dry run only logs the plan. Throws `Problem` if a step fails, and
   * `PullRequestClosed` if the pull request was closed in the meantime.
   */
  open(report: Report): Promise<Report>
}

/**
 * Plans the session that this run opens at its end. Throws `Problem` if no exact origin of the preview is
 * known, or if the branch is protected or the default branch, even with `allow_protected`.
 */
export const planSession = (
  branch: FoundBranch,
  input: SessionInput,
  run: RunContext,
): PlannedSession => {
  const { settings, confirm } = input
  const plan = planFor(branch, input, run)
  const users = [...(settings?.users ?? []), plan.user]
  return {
    settings: plan.createsUser ? { ...settings, users } : settings,
    open: (report) => open(report, plan, confirm, run),
  }
}
