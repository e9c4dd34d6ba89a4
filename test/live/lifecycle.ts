import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalGitHub } from '../local-github.ts'
import { type Step, type StepResult, startStep } from '../runner.ts'
import { Inconclusive } from './findings.ts'
import { publishable, type Service, textAt } from './service.ts'
import { domainsIn, type Workspace, type WorkspaceBranch } from './workspace.ts'

/** The result of one step of the lifecycle: a run of the action, or the sign-in after a restore. */
export interface LiveStepResult {
  readonly step: string
  readonly seconds: number
  readonly problems: readonly string[]
  /** The run's warnings. */
  readonly warnings: readonly string[]
}

interface LiveStep {
  readonly name: string
  readonly event: 'opened' | 'synchronize' | 'closed' | 'reopened'
  readonly inputs: Step['inputs']
  /** The state of auth that must follow. */
  readonly expects: 'trusted' | 'untrusted' | 'off'
  /** Whether the user from an earlier step must then be able to sign in. */
  readonly signsIn?: true
}

const origin = 'https://pr-2.live.example'
const trusting = { trusted_domains: origin }
const email = 'lifecycle@live.example'
const password = 'correct horse battery'

const STEPS: readonly LiveStep[] = [
  { name: 'open', event: 'opened', inputs: trusting, expects: 'trusted' },
  { name: 'push', event: 'synchronize', inputs: trusting, expects: 'trusted' },
  {
    name: 'settings and a user',
    event: 'synchronize',
    inputs: {
      ...trusting,
      settings: `
name: Live lifecycle
oauth_providers: { google: shared }
plugins: { magic_link: { enabled: true, expires_in: 15 } }
users: [{ email: ${email}, roles: [admin], password: "\${E2E_PASSWORD}" }]`,
    },
    expects: 'trusted',
  },
  {
    name: 'session and OAuth preflight',
    event: 'synchronize',
    inputs: { ...trusting, e2e_session: 'true', oauth_preflight: 'true' },
    expects: 'trusted',
  },
  {
    name: 'isolate',
    event: 'synchronize',
    inputs: { ...trusting, isolate: 'true' },
    expects: 'trusted',
  },
  {
    name: 'untrust',
    event: 'closed',
    inputs: { ...trusting, on_close: 'untrust' },
    expects: 'untrusted',
  },
  { name: 'reopen', event: 'reopened', inputs: trusting, expects: 'trusted' },
  { name: 'close', event: 'closed', inputs: {}, expects: 'off' },
  { name: 'close again', event: 'closed', inputs: {}, expects: 'off' },
  {
    name: 'restore: may the role rename the schema?',
    event: 'reopened',
    inputs: { ...trusting, on_orphan_schema: 'restore' },
    expects: 'trusted',
    signsIn: true,
  },
  { name: 'close after the restore', event: 'closed', inputs: {}, expects: 'off' },
  {
    name: 'recreate',
    event: 'reopened',
    inputs: { ...trusting, on_orphan_schema: 'recreate' },
    expects: 'trusted',
  },
  { name: 'close and delete', event: 'closed', inputs: { delete_data: 'true' }, expects: 'off' },
]

/** Runs the lifecycle of a preview on a branch of the workspace. */
export async function runLifecycle(workspace: Workspace): Promise<LiveStepResult[]> {
  const github = await startLocalGitHub()
  const runnerTemp = mkdtempSync(join(tmpdir(), 'live-runner-'))
  const environment = { service: workspace.service, github: github.apiUrl, runnerTemp }
  try {
    const branch = await workspace.createClean()
    const results: LiveStepResult[] = []
    for (const step of STEPS) {
      workspace.service.signal.throwIfAborted()
      github.setState(2, step.event === 'closed' ? 'closed' : 'open')
      const started = performance.now()
      const finished = await runStep(workspace.service, stepOf(branch, step, environment))
      const seconds = Math.round((performance.now() - started) / 1000)
      const problems = await problemsOf(step, finished, branch)
      const warnings = finished.annotations.warning.map(onOneLine)
      results.push({ step: step.name, seconds, problems, warnings })
      if (step.signsIn && problems.length === 0)
        results.push(await signInAgain(workspace.service, branch))
    }
    return results
  } finally {
    // The runner's temporary folder contains session cookies.
    rmSync(runnerTemp, { recursive: true })
    await github.close()
  }
}

/** Signs in with the password from before the close, because a restore must preserve it. */
async function signInAgain(service: Service, branch: WorkspaceBranch): Promise<LiveStepResult> {
  const started = performance.now()
  const problems = await signInProblems(service, branch)
  return {
    step: 'sign in after the restore: does Better Auth accept the rows?',
    seconds: Math.round((performance.now() - started) / 1000),
    problems,
    warnings: [],
  }
}

async function signInProblems(service: Service, branch: WorkspaceBranch): Promise<string[]> {
  const auth = await branch.auth('GET')
  const baseUrl = textAt(auth, 'base_url')
  if (baseUrl === '') return [`auth cannot be read (${auth.status})`]
  const { status } = await service.auth('POST', `${baseUrl}/sign-in/email`, {
    origin,
    headers: { 'sec-fetch-mode': 'cors' },
    body: { email, password },
  })
  return status === 200 ? [] : [`the restored user cannot sign in (${status})`]
}

/** Runs a step. If the service's `signal` aborts, cancels the step as a runner does. */
async function runStep({ signal, start = startStep }: Service, step: Step): Promise<StepResult> {
  const running = start(step)
  const cancel = () => running.kill('SIGTERM')
  signal.addEventListener('abort', cancel)
  try {
    return await running.finished
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

interface Environment {
  readonly service: Service
  readonly github: string
  readonly runnerTemp: string
}

function stepOf(branch: WorkspaceBranch, step: LiveStep, environment: Environment): Step {
  const { apiHost, apiKey, projectId } = environment.service
  return {
    event: ['pull_request', step.event, { number: 2 }],
    inputs: {
      api_key: apiKey,
      project_id: projectId,
      api_host: apiHost,
      branch: branch.id,
      github_token: 'ghs_local',
      timeout: '120',
      ...step.inputs,
    },
    env: {
      GITHUB_API_URL: environment.github,
      RUNNER_TEMP: environment.runnerTemp,
      HTTPS_PROXY: process.env['HTTPS_PROXY'] ?? '',
      E2E_PASSWORD: password,
    },
  }
}

const onOneLine = (message: string): string =>
  String(publishable(message)).split('\n').join(' | ').slice(0, 800)

async function problemsOf(
  step: LiveStep,
  finished: StepResult,
  branch: WorkspaceBranch,
): Promise<string[]> {
  if (finished.exitCode !== 0) {
    return [`failed: ${onOneLine(finished.annotations.error[0] ?? '(no error)')}`]
  }
  const { status } = await branch.auth('GET')
  if (step.expects === 'off') return status === 404 ? [] : [`auth is not off (${status})`]
  if (status !== 200) return [`auth is not on (${status})`]
  const domains = await branch.auth('GET', '/domains')
  if (domains.status !== 200) return [`the domains cannot be read (${domains.status})`]
  try {
    const isListed = domainsIn(domains).some((domain) => domain.replace(/\/$/, '') === origin)
    return isListed === (step.expects === 'trusted')
      ? []
      : [`the domain is ${isListed ? 'still' : 'not'} in the list`]
  } catch (error) {
    if (!(error instanceof Inconclusive)) throw error
    return [error.message]
  }
}
