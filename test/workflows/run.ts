import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { REPOSITORY } from '../payloads.ts'
import { type ActProcess, startAct } from './act.ts'
import { forAct } from './engine-text.ts'
import { HEAD_SHA, type TriggerEvent } from './events.ts'
import { COMPOSED, jobsOf } from './jobs.ts'
import type { Services } from './services.ts'

/** The values of the workflows' secrets. */
const SECRETS = {
  E2E_PASSWORD: 'correct horse battery',
  NETLIFY_AUTH_TOKEN: 'nfp_secret_of_netlify',
  CLOUDFLARE_API_TOKEN: 'secret-of-cloudflare',
  VERCEL_TOKEN: 'secret-of-vercel',
  PREVIEW_COOKIE_SECRET: 'secret-of-the-preview-cookie',
  SMTP_PASSWORD: 'secret-of-the-mail-server',
}

const VARS = {
  NETLIFY_SITE_ID: 'site-1',
  CLOUDFLARE_ACCOUNT_ID: 'account-1',
  VERCEL_ORG_ID: 'team-1',
  VERCEL_PROJECT_ID: 'project-1',
}

const FOLDER = import.meta.dirname

/** Replacements for third-party actions. act itself replaces `actions/checkout`. */
const STAND_INS: Readonly<Record<string, string>> = {
  'actions/setup-node': 'setup-node',
  'cloudflare/wrangler-action': 'wrangler',
  'neondatabase/create-branch-action': 'create-branch',
  'neondatabase/delete-branch-action': 'delete-branch',
}

const folderOf = (services: Services, action: string): string => {
  if (/^[^/]+\/neon-auth-preview-action$/.test(action)) return services.action
  const standIn = STAND_INS[action]
  if (!standIn) throw new Error(`STAND_INS in test/workflows/run.ts has no entry for ${action}`)
  return join(FOLDER, 'actions', standIn)
}

/** Returns the repository's secrets, which the runs of forks and Dependabot do not get. */
export const secretsOf = ({ neon }: Services): Record<string, string> => ({
  NEON_API_KEY: neon.apiKey,
  ...SECRETS,
})

/** A workflow and the repository that it runs in. */
export interface RunRequest {
  /** The workflow's YAML, before it is adapted to act. */
  readonly text: string
  /** The name of its file. */
  readonly name: string
  readonly vars?: Readonly<Record<string, string>>
  /** Files to add to the repository, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** A folder to copy as the repository. Default: a small app. */
  readonly repository?: string
  readonly env?: Readonly<Record<string, string>>
  readonly job?: string
  readonly searchPath?: readonly string[]
}

/** Returns the folder of each action that a workflow uses, by `owner/name@ref`. */
const actionsOf = (services: Services, { text, job }: RunRequest): Record<string, string> => {
  const running = jobsOf(text).filter(({ id }) => job === undefined || id === job)
  const steps = running.flatMap((each) => each.steps)
  const used = steps.flatMap(({ uses }) => (uses?.includes('@') ? [uses] : []))
  const remote = used.filter((uses) => !uses.startsWith('actions/checkout@'))
  return Object.fromEntries(
    remote.map((uses) => [uses, folderOf(services, uses.slice(0, uses.indexOf('@')))]),
  )
}

const createRepository = (
  services: Services,
  { text, name, repository, files = {} }: RunRequest,
): string => {
  const folder = mkdtempSync(join(services.scratch, 'repository-'))
  if (repository) cpSync(repository, folder, { recursive: true })
  else {
    cpSync(join(FOLDER, 'app'), folder, { recursive: true })
    cpSync(COMPOSED, join(folder, '.github/workflows'), { recursive: true })
  }
  mkdirSync(join(folder, '.github/workflows'), { recursive: true })
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content)
  writeFileSync(join(folder, '.github/workflows', name), forAct(text))
  return folder
}

const REPO_ENV = { GITHUB_REPOSITORY: REPOSITORY, SHA_REF: HEAD_SHA }

/** Starts a workflow for an event, in its own copy of a repository. */
export const startRun = (
  services: Services,
  request: RunRequest,
  event: TriggerEvent,
): ActProcess => {
  const { neon, github, target } = services
  const repository = createRepository(services, request)
  const payload = join(repository, '.event.json')
  writeFileSync(payload, JSON.stringify(event.payload))
  const run = startAct(services.act, {
    repository,
    workflow: resolve(repository, '.github/workflows', request.name),
    eventName: event.name,
    payload,
    actor: event.actor,
    secrets: { GITHUB_TOKEN: 'ghs_local', ...(event.secrets && secretsOf(services)) },
    vars: { NEON_PROJECT_ID: neon.projectId, ...VARS, ...request.vars },
    env: {
      ...REPO_ENV,
      GITHUB_API_URL: github.apiUrl,
      LOCAL_NEON_API: neon.apiHost,
      DEPLOY_TARGET: target.origin,
      ...request.env,
    },
    actions: actionsOf(services, request),
    scratch: join(services.scratch, 'act'),
    ...(request.job && { job: request.job }),
    ...(request.searchPath && { searchPath: request.searchPath }),
  })
  const cleanUp = () => rmSync(repository, { recursive: true, maxRetries: 5 })
  return { cancel: run.cancel, finished: run.finished.finally(cleanUp) }
}
