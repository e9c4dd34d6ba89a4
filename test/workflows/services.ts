import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'
import { type DeployTarget, startDeployTarget } from './deploy-target.ts'

/** The services that the workflows run against. */
export interface Services {
  /** The path of act. */
  readonly act: string
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly target: DeployTarget
  /** The built action, with Local Neon as the default of `api_host`. */
  readonly action: string
  /** A temporary folder for the files of runs. */
  readonly scratch: string
  close(): Promise<void>
}

const ROOT = resolve(import.meta.dirname, '../..')
const NEON = 'https://console.neon.tech/api/v2'
const PRODUCTION = 'https://shop.example.com'

/** Copies the action. The workflows do not set `api_host`, so Local Neon becomes its default. */
const installAction = (folder: string, apiHost: string): string => {
  const manifest = readFileSync(join(ROOT, 'action.yml'), 'utf8')
  const line = `default: ${NEON}\n`
  if (!manifest.includes(line)) throw new Error(`action.yml has no line "${line.trim()}"`)
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'action.yml'), manifest.replace(line, `default: ${apiHost}\n`))
  return folder
}

/** Starts Local Neon, Local GitHub, and a deploy target. Production has auth, which branches inherit. */
export const startServices = async (act: string): Promise<Services> => {
  const scratch = mkdtempSync(join(tmpdir(), 'workflows-'))
  const neon = await startLocalNeon({ rateLimit: false, apiKey: 'napi_secret_of_neon' })
  await neon.enableAuth('main', { domains: [PRODUCTION] })
  const [github, target] = await Promise.all([startLocalGitHub(), startDeployTarget()])
  const folder = join(scratch, 'action')
  mkdirSync(folder)
  return {
    act,
    neon,
    github,
    target,
    action: installAction(folder, neon.apiHost),
    scratch,
    close: async () => {
      await Promise.all([neon.close(), github.close(), target.close()])
      rmSync(scratch, { recursive: true })
    },
  }
}

const branchesOf = async ({ neon }: Services): Promise<{ id: string; default: boolean }[]> => {
  const response = await fetch(`${neon.apiHost}/projects/${neon.projectId}/branches`, {
    headers: { authorization: `Bearer ${neon.apiKey}` },
  })
  return ((await response.json()) as { branches: { id: string; default: boolean }[] }).branches
}

/** Resets the services to their initial state. */
export const resetServices = async (services: Services): Promise<void> => {
  const { neon, github, target } = services
  neon.faults.clear()
  github.reset()
  target.reset()
  for (const branch of await branchesOf(services)) {
    if (!branch.default) await neon.deleteBranch(branch.id)
  }
  await neon.configure('main', { plugin_configs: { magic_link: { enabled: false } } })
  neon.clearRequests()
}
