import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'

/** The project's root, which is what a job checks out. */
const ROOT = resolve(import.meta.dirname, '../..')

/** The result of a script. */
export interface ScriptResult {
  readonly exitCode: number | null
  /** stdout and stderr. */
  readonly log: string
}

/** The parts of a runner that scripts need. */
export interface Machine {
  /** A temporary folder, like `RUNNER_TEMP`. */
  readonly temp: string
  /** Runs a step's script as GitHub does with `shell: bash`, with only `env`, PATH, HOME, and RUNNER_TEMP. */
  run(script: string, env?: Record<string, string>, cwd?: string): Promise<ScriptResult>
  /** Stops the processes that the scripts left running, waits for their end, and removes the folder. */
  stop(): Promise<void>
}

/** Returns why scripts for Ubuntu's runners, with GNU's tools, cannot run here, or `''` if they can. */
export const reasonToSkip = (): string => {
  if (process.platform !== 'linux') return 'the jobs run on Ubuntu only'
  const missing = ['bash', 'curl', 'git', 'timeout', 'awk'].filter(
    (tool) => spawnSync(tool, ['--version']).error,
  )
  return missing.length > 0 ? `this machine lacks ${missing.join(', ')}` : ''
}

/** Returns a title for the report, with the reason if its tests are skipped. */
export const titleOf = (subject: string): string => {
  const reason = reasonToSkip()
  return reason ? `${subject} (skipped: ${reason})` : subject
}

/** Returns a new machine. `programs` are scripts by name. They come first on the PATH. */
export const startMachine = (programs: Record<string, string> = {}): Machine => {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  const bin = join(temp, 'bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), script, { mode: 0o755 })
  }
  /** The process groups that may still be running, each with a promise of its end. */
  const groups = new Map<number, Promise<unknown>>()
  const run: Machine['run'] = async (script, env = {}, cwd = ROOT) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      // In its own process group, so one ID stops everything that it leaves running.
      detached: true,
      env: {
        PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        HOME: temp,
        RUNNER_TEMP: temp,
        ...env,
      },
      // Every process that the script starts inherits the last pipe, so it closes when all have ended.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const [, stdout, stderr, inherited] = child.stdio as (Readable | null)[]
    if (!child.pid || !stdout || !stderr || !inherited) throw new Error('bash could not be started')
    const { pid } = child
    const ended = once(inherited.resume(), 'close').then(() => groups.delete(pid))
    groups.set(pid, ended)
    let log = ''
    for (const stream of [stdout, stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text
      })
    }
    await Promise.all([once(child, 'exit'), once(stdout, 'close'), once(stderr, 'close')])
    return { exitCode: child.exitCode, log }
  }
  const stop = async (): Promise<void> => {
    for (const group of groups.keys()) {
      try {
        process.kill(-group, 'SIGTERM')
      } catch {
        // It has already exited.
      }
    }
    await Promise.all(groups.values())
    rmSync(temp, { recursive: true, force: true })
  }
  return { temp, run, stop }
}
