import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from './local-github.ts'
import { type LocalNeon, type LocalNeonOptions, startLocalNeon } from './local-neon/local-neon.ts'
import type { PullRequestFields } from './payloads.ts'
import { BRANCH, stepOf } from './preview.ts'
import {
  type RunningStep,
  type StartStep,
  type Step,
  type StepResult,
  startStep,
} from './runner.ts'

type Overrides = Partial<Step> & { pull?: PullRequestFields }

/** Local Neon, Local GitHub, and the action that uses both. */
export interface TestServices {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  /** Returns the step for a `pull_request` event of pull request #2. */
  stepOf(action: string, inputs?: Step['inputs'], overrides?: Overrides): Step
  /** Starts that step. */
  start(action: string, inputs?: Step['inputs'], overrides?: Overrides): RunningStep
  /** Runs that step to its end. */
  run(action: string, inputs?: Step['inputs'], overrides?: Overrides): Promise<StepResult>
}

interface ServicesOptions extends LocalNeonOptions {
  /** How steps are started. Default: the committed bundle, in its own process. */
  readonly start?: StartStep
}

/** Returns the ID of a branch, or `undefined` if it does not exist. */
const idOf = (neon: LocalNeon, name: string): string | undefined => {
  try {
    return neon.branch(name).id
  } catch {
    return undefined
  }
}

/**
 * Starts one Local Neon and one Local GitHub for the tests of a file. Each test gets a new branch,
 * `preview/pr-2`. At the end, checks that Local Neon neither crashed nor sent a response that violates Neon's
 * API description.
 */
export const useServices = ({
  start = startStep,
  ...options
}: ServicesOptions = {}): TestServices => {
  const services = {} as { -readonly [K in keyof TestServices]: TestServices[K] }
  beforeAll(async () => {
    services.neon = await startLocalNeon({ rateLimit: false, ...options })
    services.github = await startLocalGitHub()
  })
  beforeEach(async () => {
    services.neon.faults.clear()
    services.github.reset()
    services.github.setState(2, 'open')
    await services.neon.createBranch({ name: BRANCH })
    services.neon.clearRequests()
  })
  afterEach(async () => {
    const id = idOf(services.neon, BRANCH)
    if (id !== undefined) await services.neon.deleteBranch(id)
  })
  afterAll(async () => {
    try {
      expect(services.neon.contractBreaches).toEqual([])
    } finally {
      await Promise.all([services.neon.close(), services.github.close()])
    }
  })
  services.stepOf = (action, inputs = {}, { pull, env, ...overrides } = {}) => ({
    ...stepOf(services, action, { timeout: '25', ...inputs }, env),
    event: ['pull_request', action, { number: 2, ...pull }],
    ...overrides,
  })
  services.start = (...args) => start(services.stepOf(...args))
  services.run = (...args) => services.start(...args).finished
  return services
}

/** Returns the writes to the management API in order, with their bodies if they have one: `POST /auth {…}`. */
export const writesOf = ({ neon }: TestServices): string[] =>
  neon.writes().map(({ method, path, requestBody }) => {
    const request = `${method} ${path.replace(/^.*\/branches\/[^/]+/, '')}`
    return requestBody === undefined ? request : `${request} ${JSON.stringify(requestBody)}`
  })
