import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'

/** The project's root, which is what a job checks out. */
const ROOT = resolve(import.meta.dirname, '../..')

/** What a script left behind. */
export interface Ended {
  readonly exitCode: number | null
  /** stdout and stderr. */
  readonly log: string
}

/** A runner as far as scripts need one. */
export interface Machine {
  /** A folder of its own, as `RUNNER_TEMP` is. */
  readonly temp: string
  /** Runs a step's script as GitHub does under `shell: bash`, with nothing but `env` and a PATH. */
  run(script: string, env?: Record<string, string>, cwd?: string): Promise<Ended>
  /** Ends what the scripts left running, waits until it has ended, and removes the folder. */
  stop(): Promise<void>
}

/**
 * Why the jobs' scripts cannot be played here, `''` when they can: they are written for Ubuntu's
 * runners, with GNU's tools.
 */
export const whyNotHere = (): string => {
  if (process.platform !== 'linux') return 'the jobs run on Ubuntu only'
  const missing = ['bash', 'curl', 'git', 'timeout', 'awk'].filter(
    (tool) => spawnSync(tool, ['--version']).error,
  )
  return missing.length > 0 ? `this machine lacks ${missing.join(', ')}` : ''
}

/** A new machine; `programs` are scripts by their names, which come before all others. */
export const startMachine = (programs: Record<string, string> = {}): Machine => {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  const bin = join(temp, 'bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), script, { mode: 0o755 })
  }
  /** What may still be running: process groups, and when nobody is left of each. */
  const groups = new Map<number, Promise<unknown>>()
  const run: Machine['run'] = async (script, env = {}, cwd = ROOT) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      // A group of its own: what it leaves running can be ended by its id.
      detached: true,
      env: {
        PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        HOME: temp,
        RUNNER_TEMP: temp,
        ...env,
      },
      // The last one is only held, by all that the script started: it closes when they have ended.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const [, stdout, stderr, held] = child.stdio as (Readable | null)[]
    if (!child.pid || !stdout || !stderr || !held) throw new Error('bash could not be started')
    const { pid } = child
    const gone = once(held.resume(), 'close').then(() => groups.delete(pid))
    groups.set(pid, gone)
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
        // It has ended by itself, which is about to be told.
      }
    }
    await Promise.all(groups.values())
    rmSync(temp, { recursive: true, force: true })
  }
  return { temp, run, stop }
}
