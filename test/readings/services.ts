import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import type { Behavior, QuestionName } from '../local-neon/behavior.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'
import { BRANCH, PASSWORD, stepOf } from '../preview.ts'
import type { Step } from '../runner.ts'

/** Production's branch and origin. */
export const PRODUCTION = 'production'
export const SHOP = 'https://shop.example'
/** A user who must survive every run that may not delete data. */
export const SENTINEL = 'somebody@example.com'

/** Local Neon with this behavior, and a local GitHub. */
export interface Services {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly behavior: Behavior
  /** The questions for which special circumstances are arranged. */
  readonly focus: ReadonlySet<QuestionName>
  close(): Promise<void>
}

/** Starts the services. `focus` names the questions to arrange circumstances for. */
export const startServices = async (
  behavior: Behavior,
  focus: ReadonlySet<QuestionName>,
): Promise<Services> => {
  const isPaged = behavior.pagination !== 'exact'
  const [neon, github] = await Promise.all([
    startLocalNeon({ rateLimit: false, behavior, ...(isPaged && { pageSize: 2 }) }),
    startLocalGitHub(),
  ])
  if (isPaged) {
    for (const name of ['preview/other', 'staging', 'qa']) await neon.createBranch({ name })
  }
  return {
    neon,
    github,
    behavior,
    focus,
    close: async () => {
      await Promise.all([neon.close(), github.close()])
    },
  }
}

/** Returns a step for an event of the pull request, with the default timeout. */
export const lifecycleStep = (
  services: Services,
  action: string,
  inputs: Step['inputs'] = {},
): Step =>
  stepOf(
    services,
    action,
    { timeout: '180', ...inputs },
    {
      GH_SECRET: 'gh-very-secret',
      SMTP_PASSWORD: 'smtp-very-secret',
      E2E_PASSWORD: PASSWORD,
    },
  )

/**
 * Returns whether the auth service accepts an origin. If it does, it looks the user up and refuses the sign-in
 * with 401. Throws if the status is neither 401 nor 403.
 */
export const isTrusted = async ({ neon }: Services, origin: string): Promise<boolean> => {
  const status = await signIn(neon, origin, 'nobody@example.com')
  if (status !== 401 && status !== 403)
    throw new Error(`a sign-in of an unknown user from ${origin} got ${status}, not 401 or 403`)
  return status === 401
}

/** Signs in from `origin` with the tests' password, and a cookie so that the origin is checked. Returns the status. */
export const signIn = async (neon: LocalNeon, origin: string, email: string): Promise<number> => {
  const attempt = (): Promise<Response> =>
    fetch(`${neon.branch(BRANCH).baseUrl}/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie: 'session=none' },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
  // With the behavior `firstAnswer: reset`, the service resets its first connection.
  const response = await attempt().catch(attempt)
  await response.text()
  return response.status
}
