import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'
import type { QuestionName, Readings } from '../local-neon/readings.ts'
import type { Step } from '../runner.ts'

/** The pull request's branch, its parent, and the origins of the preview and of production. */
export const BRANCH = 'preview/pr-2'
export const PRODUCTION = 'production'
export const PREVIEW = 'https://pr-2.shop.example'
export const SHOP = 'https://shop.example'
/** A user whose data nobody asked to delete. */
export const SENTINEL = 'somebody@example.com'
const PASSWORD = 'correct horse battery'

/** Local Neon with certain readings, a local GitHub, and what to arrange on them. */
export interface Stage {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly readings: Readings
  /** The questions for which special circumstances are arranged. */
  readonly focus: ReadonlySet<QuestionName>
  close(): Promise<void>
}

/** Starts a service with these readings. `focus` lists the questions to arrange circumstances for. */
export const openStage = async (
  readings: Readings,
  focus: ReadonlySet<QuestionName>,
): Promise<Stage> => {
  const isPaged = readings.pagination !== 'exact'
  const [neon, github] = await Promise.all([
    startLocalNeon({ rateLimit: false, readings, ...(isPaged && { pageSize: 2 }) }),
    startLocalGitHub(),
  ])
  if (isPaged) {
    for (const name of ['preview/other', 'staging', 'qa']) await neon.createBranch({ name })
  }
  return {
    neon,
    github,
    readings,
    focus,
    close: async () => {
      await Promise.all([neon.close(), github.close()])
    },
  }
}

/** Returns a step for an event of the pull request, with the default timeout. */
export const stepOf = (
  { neon, github }: Stage,
  action: string,
  inputs: Step['inputs'] = {},
): Step => ({
  event: ['pull_request', action, { number: 2 }],
  inputs: {
    api_key: neon.apiKey,
    project_id: neon.projectId,
    api_host: neon.apiHost,
    github_token: 'ghs_local',
    timeout: '180',
    ...inputs,
  },
  env: {
    GITHUB_API_URL: github.apiUrl,
    GH_SECRET: 'gh-very-secret',
    SMTP_PASSWORD: 'smtp-very-secret',
    E2E_PASSWORD: PASSWORD,
  },
})

/** Returns whether the auth service accepts an origin. Sends what a browser would send. */
export const isTrusted = async ({ neon }: Stage, origin: string): Promise<boolean> =>
  (await signIn(neon, 'nobody@example.com', origin)) !== 403

/** Signs in from `origin` with the users' password. Returns the status. */
export const signIn = async (neon: LocalNeon, email: string, origin: string): Promise<number> => {
  const ask = (): Promise<Response> =>
    fetch(`${neon.branch(BRANCH).baseUrl}/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie: 'readings=none' },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
  // With some readings, the service resets its first connection.
  const answer = await ask().catch(ask)
  await answer.text()
  return answer.status
}
