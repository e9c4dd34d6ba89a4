import type { Target } from '../action/intent.ts'
import { createAuthService } from '../auth-service/client.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { toProblem } from '../neon/errors.ts'
import type { SetCookie } from '../network/set-cookie.ts'
import type { Report } from '../report/report.ts'
import { openSession, type SignInContext } from '../session/open.ts'
import { storageState, writeStorageState } from '../session/storage-state.ts'
import { newUser, settingsUser } from '../session/user.ts'
import { bypassCookies } from '../session/vercel.ts'
import type { Settings } from '../settings/settings.ts'
import type { PasswordUser } from '../settings/sign-up.ts'
import type { RunContext } from './context.ts'

/** The session that an enabling run opens last (`e2e_session`). */
interface Plan {
  readonly user: PasswordUser
  /** Whether this run creates the user. */
  readonly isNew: boolean
  /** The exact origins of the preview. The user signs in from the first one. */
  readonly previews: readonly string[]
}

/** Throws `Problem` if `email` is not a user of the settings with a password. */
export const assertKnownUser = (email: string, settings: Settings | undefined): void => {
  settingsUser(email, settings)
}

const onProduction = ({ name, id, isDefault }: FoundBranch): Problem =>
  new Problem({
    what: `Nothing was changed: \`e2e_session\` opens no session on ${name} (${id}), because it is ${isDefault ? "the project's default branch" : 'a protected branch'}.`,
    why: "the session's cookies would sign anybody who has them in to production, so `allow_protected` does not allow this",
    fix: "remove `e2e_session`, or set `branch` to the preview's branch",
  })

const noPreview = (): Problem =>
  new Problem({
    what: 'Nothing was changed: `e2e_session` needs the exact URL of the preview, and this run knows none.',
    why: 'the preview is not deployed yet, a step output is empty, or `trusted_domains` has only wildcards',
    fix: 'set `e2e_session` on the step after the deploy, with the URL of the preview in `trusted_domains`',
  })

const planFor = (
  branch: FoundBranch,
  { target, settings, domains }: SessionInput,
  { inputs, env }: RunContext,
): Plan => {
  if (branch.isDefault || branch.isProtected) throw onProduction(branch)
  const previews = domains.filter((domain) => !domain.includes('*'))
  if (previews.length === 0) throw noPreview()
  const { e2eSession } = inputs
  return typeof e2eSession === 'string'
    ? { user: settingsUser(e2eSession, settings), isNew: false, previews }
    : { user: newUser(target.prNumber, env['GITHUB_RUN_ID'] || 'local'), isNew: true, previews }
}

const bypassOf = async (
  { previews }: Plan,
  { inputs, http, log }: RunContext,
): Promise<Map<string, readonly SetCookie[]>> => {
  const found = new Map<string, readonly SetCookie[]>()
  const { vercelBypass } = inputs
  if (vercelBypass === undefined) return found
  for (const origin of previews)
    found.set(origin, await bypassCookies(origin, vercelBypass, { send: http.retrying, log }))
  return found
}

const signInContext = (
  { origin, urls }: { origin: string; urls: NonNullable<Report['auth']> },
  { http, deadline, log }: RunContext,
): SignInContext => ({
  service: createAuthService(http.retrying, urls),
  origin,
  issuer: new URL(urls.baseUrl).origin,
  deadline,
  log,
})

const open = async (
  report: Report,
  plan: Plan,
  confirm: SessionInput['confirm'],
  run: RunContext,
): Promise<Report> => {
  const { user, previews } = plan
  const [origin = ''] = previews
  const named = `${oneLine(user.email, 100)} from ${origin}`
  if (run.inputs.dryRun) run.log.info(`Would: Sign in as ${named}.`)
  const { auth: urls, branch } = report
  if (run.inputs.dryRun || !urls || !branch) return report
  await confirm()
  try {
    const cookies = await openSession(user, signInContext({ origin, urls }, run))
    const bypass = await bypassOf(plan, run)
    const { baseUrl } = urls
    const state = await storageState({ baseUrl, previews, session: cookies, bypass })
    const path = writeStorageState(state, run.env)
    run.log.info(`Signed in as ${named}. The session and its JWT work.`)
    return { ...report, session: { user: user.email, storageState: path } }
  } catch (error) {
    throw toProblem(error, `Could not open a session of ${named}.`)
  }
}

/** What a session is planned from. */
export interface SessionInput {
  readonly target: Target
  readonly settings: Settings | undefined
  /** The domains that this run trusts. */
  readonly domains: readonly string[]
  /** Throws if no session may be opened on the branch any more. */
  readonly confirm: () => Promise<void>
}

/** A session that is planned and not opened yet. */
export interface PlannedSession {
  /** The settings, with the user whom this run creates for the session. */
  readonly settings: Settings | undefined
  /**
   * Opens the session, proves that it works, and writes it to a file for Playwright. Returns the report
   * with it; a dry run only logs the plan. Throws `Problem` if any of that fails, and
   * `PullRequestClosed` if the pull request was closed in the meantime.
   */
  open(report: Report): Promise<Report>
}

/**
 * Plans the session that this run opens last. Throws `Problem` on the default branch or a protected
 * branch, whatever `allow_protected` says, and if no exact origin of the preview is known.
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
    settings: plan.isNew ? { ...settings, users } : settings,
    open: (report) => open(report, plan, confirm, run),
  }
}
