import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from './local-github.ts'
import { type LocalNeon, type LocalNeonOptions, startLocalNeon } from './local-neon/local-neon.ts'
import type { PullRequestFields } from './payloads.ts'
import { type Finished, type Running, type StartStep, type Step, startStep } from './runner.ts'
import { stepOf } from './scenarios.ts'

/** The preview of the pull request in GitHub's example payloads, and its Neon branch. */
export const PREVIEW = 'https://pr-2.shop.example'
export const BRANCH = 'preview/pr-2'

type More = Partial<Step> & { pull?: PullRequestFields }

/** Local Neon, a local GitHub, and the action that uses both. */
export interface Stage {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  /** Returns the step for a `pull_request` event of pull request #2. */
  stepOf(action: string, inputs?: Step['inputs'], more?: More): Step
  /** Starts that step. */
  start(action: string, inputs?: Step['inputs'], more?: More): Running
  /** Plays that step to its end. */
  play(action: string, inputs?: Step['inputs'], more?: More): Promise<Finished>
}

/** What a stage needs besides the options of its Local Neon. */
interface StageOptions extends LocalNeonOptions {
  /** How steps are started. Default: the committed bundle, in a process of its own. */
  readonly start?: StartStep
}

/**
 * Starts one Local Neon for the tests of a file. Each test gets a new branch, `preview/pr-2`, whose parent
 * has no auth. At the end, checks that no request or response broke the vendor's API description.
 */
export const useStage = ({ start = startStep, ...options }: StageOptions = {}): Stage => {
  const stage = {} as { -readonly [K in keyof Stage]: Stage[K] }
  beforeAll(async () => {
    stage.neon = await startLocalNeon({ rateLimit: false, ...options })
    stage.github = await startLocalGitHub()
  })
  beforeEach(async () => {
    stage.neon.faults.clear()
    stage.github.reset()
    stage.github.setState(2, 'open')
    await stage.neon.createBranch({ name: BRANCH })
    stage.neon.clearRequests()
  })
  afterEach(async () => {
    const left = await Promise.resolve(BRANCH)
      .then(stage.neon.branch)
      .catch(() => undefined)
    if (left) await stage.neon.deleteBranch(left.id)
  })
  afterAll(async () => {
    expect(stage.neon.contractBreaches).toEqual([])
    await Promise.all([stage.neon.close(), stage.github.close()])
  })
  stage.stepOf = (action, inputs = {}, { pull, env, ...more } = {}) => ({
    ...stepOf(stage, action, { timeout: '25', ...inputs }, env),
    event: ['pull_request', action, { number: 2, ...pull }],
    ...more,
  })
  stage.start = (...what) => start(stage.stepOf(...what))
  stage.play = (...what) => stage.start(...what).finished
  return stage
}

const PASSWORD = 'correct horse battery'

const post = async (
  url: string,
  origin: string,
  body: Readonly<Record<string, string>>,
): Promise<number> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify(body),
  })
  await answer.text()
  return answer.status
}

/** Signs a user up as a browser on `origin` does. Returns the status. */
export const signUp = (
  baseUrl: string | undefined,
  origin: string,
  email: string,
): Promise<number> =>
  post(`${baseUrl}/sign-up/email`, origin, { email, password: PASSWORD, name: email })

/** Signs a user in with the password of {@link signUp} and returns the status. */
export const signIn = (
  baseUrl: string | undefined,
  origin: string,
  email: string,
): Promise<number> => post(`${baseUrl}/sign-in/email`, origin, { email, password: PASSWORD })

/** The writes to the management API with their bodies, in order: `POST /auth {…}`. */
export const writesOf = ({ neon }: Stage): string[] =>
  neon
    .writes()
    .map(({ method, path, requestBody }) =>
      `${method} ${path.replace(/^.*\/branches\/[^/]+/, '')} ${JSON.stringify(requestBody ?? '')}`.trim(),
    )
