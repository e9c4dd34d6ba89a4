import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOLDER = import.meta.dirname
const ENTRY = join(FOLDER, 'node_modules/neon/dist/cli.js')

/** The result of a CLI command. */
export interface CliResult {
  readonly exitCode: number
  /** The output: JSON as data, anything else as text. */
  readonly printed: unknown
}

/** Neon's command line tool, signed in to one project. */
export interface Cli {
  readonly version: string
  /** Runs `neon …arguments` to its end. */
  run(...args: string[]): Promise<CliResult>
  close(): void
}

/** The service that the CLI calls. */
export interface CliOptions {
  readonly apiHost: string
  readonly apiKey: string
  readonly projectId: string
}

/** Installs the CLI from this folder's lock file, unless it is already installed. Throws if npm fails. */
export const installCli = (): void => {
  if (existsSync(ENTRY)) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ci in test/official-cli ended with ${status}`)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text.trim()
  }
}

/** Opens the installed CLI with an empty home folder, so that it finds no credentials but this key. */
export const openCli = async ({ apiHost, apiKey, projectId }: CliOptions): Promise<Cli> => {
  const home = mkdtempSync(join(tmpdir(), 'neon-cli-'))
  // HTTPS requests fail, because this port is closed. Local Neon uses HTTP.
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CI: 'true',
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NEON_API_KEY: apiKey,
  }
  const execute = (args: readonly string[]): Promise<CliResult> =>
    new Promise((done) => {
      const command = [ENTRY, ...args, '--no-analytics']
      execFile(process.execPath, command, { env, cwd: home }, (error, stdout) => {
        done({ exitCode: error ? Number(error.code ?? 1) : 0, printed: parsed(stdout) })
      })
    })
  const { printed: version } = await execute(['--version'])
  return {
    version: String(version),
    run: (...args) =>
      execute([...args, '--project-id', projectId, '--api-host', apiHost, '--output', 'json']),
    close: () => rmSync(home, { recursive: true, force: true }),
  }
}
