import { startLocalGitHub } from '../local-github.ts'
import { type Finished, runStep, type Step } from '../runner.ts'
import { publishable, type Service, textAt } from './service.ts'
import { domainsIn, type Site, type SiteBranch } from './site.ts'

/** One run of the action on the service, and what is wrong with it. */
export interface StepResult {
  readonly step: string
  readonly seconds: number
  readonly wrong: readonly string[]
}

interface LiveStep {
  readonly name: string
  readonly event: 'opened' | 'synchronize' | 'closed' | 'reopened'
  readonly inputs: Step['inputs']
  /** What auth must be like after it. */
  readonly expects: 'trusted' | 'untrusted' | 'off'
  /** Whether the user that an earlier step signed up must be able to sign in after it. */
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

/** Plays the lifecycle of a preview on a branch of the site, with the committed bundle. */
export async function playOnService(site: Site): Promise<StepResult[]> {
  const github = await startLocalGitHub()
  try {
    const branch = await site.createClean()
    const results: StepResult[] = []
    for (const step of STEPS) {
      site.service.signal.throwIfAborted()
      github.setState(2, step.event === 'closed' ? 'closed' : 'open')
      const started = performance.now()
      const finished = await runStep(stepOf(site.service, branch, step, github.apiUrl))
      const seconds = Math.round((performance.now() - started) / 1000)
      const wrong = await wrongOf(step, finished, branch)
      results.push({ step: step.name, seconds, wrong })
      if (step.signsIn && wrong.length === 0) results.push(await signInAgain(site.service, branch))
    }
    return results
  } finally {
    await github.close()
  }
}

/** Signs in with the password from before the close: what a restore is for. */
async function signInAgain(service: Service, branch: SiteBranch): Promise<StepResult> {
  const started = performance.now()
  const baseUrl = textAt(await branch.auth('GET'), 'base_url')
  const { status } = await service.auth('POST', `${baseUrl}/sign-in/email`, {
    origin,
    headers: { 'sec-fetch-mode': 'cors' },
    body: { email, password },
  })
  return {
    step: 'sign in after the restore: does Better Auth accept the rows?',
    seconds: Math.round((performance.now() - started) / 1000),
    wrong: status === 200 ? [] : [`the restored user cannot sign in (${status})`],
  }
}

function stepOf(service: Service, branch: SiteBranch, step: LiveStep, github: string): Step {
  const { apiHost, apiKey, projectId } = service
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
      GITHUB_API_URL: github,
      HTTPS_PROXY: process.env['HTTPS_PROXY'] ?? '',
      E2E_PASSWORD: password,
    },
  }
}

async function wrongOf(step: LiveStep, finished: Finished, branch: SiteBranch): Promise<string[]> {
  if (finished.exitCode !== 0) {
    const message = String(publishable(finished.annotations.error[0] ?? '(no error)'))
    return [`failed: ${message.split('\n').join(' | ').slice(0, 800)}`]
  }
  const { status } = await branch.auth('GET')
  if (step.expects === 'off') return status === 404 ? [] : [`auth is still on (${status})`]
  if (status !== 200) return [`auth is off (${status})`]
  const list = domainsIn(await branch.auth('GET', '/domains'))
  const isListed = list.some((domain) => domain.replace(/\/$/, '') === origin)
  return isListed === (step.expects === 'trusted')
    ? []
    : [`the domain is ${isListed ? 'still' : 'not'} in the list`]
}
