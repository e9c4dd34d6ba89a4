import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseLog } from './act-log.ts'

/** The version of nektos/act that this project runs workflows with. */
export const ACT_VERSION = 'v0.2.87'

/** One line that says how to get act. */
export const HOW_TO_GET_ACT = `act is not on the PATH. Install it with Go 1.25 or newer: go install github.com/nektos/act@${ACT_VERSION}`

/** What act needs to know to run one workflow for one event. */
export interface ActRequest {
  /** The repository that the workflow belongs to, as a folder. */
  readonly repository: string
  /** The path of the workflow's file. */
  readonly workflow: string
  readonly eventName: string
  /** The path of the event's payload. */
  readonly payload: string
  readonly actor: string
  readonly secrets: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, string>>
  /** Environment of every step. `GITHUB_*` also reaches the context `github`. */
  readonly env: Readonly<Record<string, string>>
  /** The folder of each action, by `owner/name@ref`. */
  readonly actions: Readonly<Record<string, string>>
  /** Run only this job. */
  readonly job?: string
  /** Folders to search for programs before those in the PATH of this process. */
  readonly searchPath?: readonly string[]
  /** A folder for act's own files: its home, its caches, and each job's workspace. */
  readonly scratch: string
}

/** A step that act ran. */
export interface StepRun {
  /** The step's `id`, or its position in the job. */
  readonly id: string
  readonly outcome: 'success' | 'failure'
  readonly outputs: Readonly<Record<string, string>>
}

/** A job that act ran. */
export interface JobRun {
  readonly id: string
  readonly matrix: Readonly<Record<string, unknown>>
  readonly result: 'success' | 'failure'
  readonly steps: readonly StepRun[]
}

/** What act did. Jobs and steps that it skipped are missing. */
export interface ActRun {
  readonly exitCode: number | null
  readonly jobs: readonly JobRun[]
  /** The log as text, without masks. */
  readonly log: string
  /** The job summaries, as Markdown. */
  readonly summaries: readonly string[]
}

/** A run in progress. */
export interface ActProcess {
  /** Cancels the run, as a newer run does with `cancel-in-progress: true`. */
  cancel(): void
  readonly finished: Promise<ActRun>
}

const goBin = (): string[] => {
  try {
    const path = execFileSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).trim()
    return path ? [join(path, 'bin')] : []
  } catch {
    return []
  }
}

/** Returns the path of act, from the PATH or from Go's folder for programs. */
export const findAct = (): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...goBin()]
    .map((folder) => join(folder, 'act'))
    .find((path) => existsSync(path))

const pairs = (option: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])

const argumentsFor = (request: ActRequest): string[] => [
  request.eventName,
  ...['--directory', request.repository, '--workflows', request.workflow],
  ...['--eventpath', request.payload, '--actor', request.actor],
  ...(request.job ? ['--job', request.job] : []),
  ...['ubuntu-latest', 'self-hosted'].flatMap((label) => ['--platform', `${label}=-self-hosted`]),
  ...pairs('--secret', request.secrets),
  ...pairs('--var', request.vars),
  ...pairs('--env', request.env),
  ...pairs('--local-repository', request.actions),
  ...['--action-offline-mode', '--no-cache-server', '--action-cache-path', request.scratch],
  // Without masks, the log shows every secret that a step prints, so that the verdict can find it.
  ...['--json', '--insecure-secrets'],
]

const environmentFor = ({ searchPath = [], scratch }: ActRequest): NodeJS.ProcessEnv => ({
  PATH: [...searchPath, process.env['PATH']].join(delimiter),
  HOME: scratch,
  // Requests to anything but loopback fail here.
  HTTPS_PROXY: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  NO_PROXY: 'localhost,127.0.0.1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
})

/** Runs a workflow with act on this machine, without containers and without the network. */
export const startAct = (act: string, request: ActRequest): ActProcess => {
  const child = spawn(act, argumentsFor(request), {
    env: environmentFor(request),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const finished = new Promise<ActRun>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, ...parseLog(output) }))
  })
  return { cancel: () => void child.kill('SIGINT'), finished }
}
