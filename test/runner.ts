import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { EOL, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { InputName } from '../src/action/inputs.ts'
import type { OutputName } from '../src/report/output-names.ts'
import { type PullRequestFields, payload, REPOSITORY } from './payloads.ts'

/** A step to start: its inputs and variables from the workflow, and the event on GitHub. */
export interface Step {
  readonly event: readonly [name: string, action?: string, pull?: PullRequestFields]
  /** The event's name, if it differs from the name of its payload: `pull_request_target`. */
  readonly eventName?: string
  /** Default: GitHub's example of that event. */
  readonly payload?: object
  readonly inputs?: Partial<Record<InputName, string>>
  /** Variables of the job. They override the runner's. */
  readonly env?: Record<string, string>
}

/** The result of a step. */
export interface StepResult {
  readonly exitCode: number | null
  readonly signal: string | null
  /** stdout and stderr, as in the runner's log, but without masking. */
  readonly log: string
  readonly outputs: Partial<Record<OutputName, string>>
  /** The variables exported to later steps. */
  readonly exported: Record<string, string>
  /** The job summary's Markdown. */
  readonly summary: string
  /** The messages of `::error::`, `::warning::` and `::notice::`, decoded. */
  readonly annotations: {
    readonly error: string[]
    readonly warning: string[]
    readonly notice: string[]
  }
}

const BUNDLE = resolve(import.meta.dirname, '../dist/index.js')

/** Parses `name<<delimiter … delimiter`, as the runner does. On Windows, lines end with CRLF. */
const parseFile = (text: string): Record<string, string> => {
  const variables: Record<string, string> = {}
  const entries = text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2$/gm)
  for (const [, name, , value] of entries) {
    if (name !== undefined) variables[name] = value ?? ''
  }
  return variables
}

const decode = (data: string): string =>
  data.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')

const annotationsOf = (log: string, kind: string): string[] =>
  [...log.matchAll(new RegExp(`^::${kind}::(.*)$`, 'gm'))].map((match) => decode(match[1] ?? ''))

/**
 * Writes a step's files to a folder and returns its environment, as the runner does. Unlike the runner, does not fill
 * in the defaults of action.yml.
 */
export const environmentOf = (step: Step, folder: string): Record<string, string> => {
  const file = (name: string, content = ''): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const inputs = Object.entries(step.inputs ?? {}).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ])
  return {
    PATH: process.env['PATH'] ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: step.eventName ?? step.event[0],
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(step.payload ?? payload(...step.event))),
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_ACTOR: 'Codertocat',
    GITHUB_OUTPUT: file('output'),
    GITHUB_ENV: file('env'),
    GITHUB_STEP_SUMMARY: file('summary'),
    // By default, HTTPS requests to anything but loopback fail.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    GITHUB_API_URL: 'http://127.0.0.1:1',
    ...Object.fromEntries(inputs),
    ...step.env,
  }
}

/** The result of a step, except for the files that it wrote. */
export type StepEnd = Pick<StepResult, 'exitCode' | 'signal' | 'log'>

/** Reads the files that a step wrote to a folder, and removes the folder. */
export const collect = (folder: string, { exitCode, signal, log }: StepEnd): StepResult => {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const kinds = ['error', 'warning', 'notice'] as const
  const annotations = Object.fromEntries(kinds.map((kind) => [kind, annotationsOf(log, kind)]))
  const result: StepResult = {
    exitCode,
    signal,
    log: log.replaceAll(EOL, '\n'),
    outputs: parseFile(read('output')),
    exported: parseFile(read('env')),
    summary: read('summary'),
    annotations: annotations as StepResult['annotations'],
  }
  // Windows may keep a file open for a moment after the process has exited.
  rmSync(folder, { recursive: true, maxRetries: 5 })
  return result
}

/** A step that was started and may still be running. */
export interface RunningStep {
  readonly pid: number | undefined
  kill(signal: NodeJS.Signals): void
  /** Stops reading stdout, as if the runner had died. From now on, writing to it fails with EPIPE. */
  closeLog(): void
  readonly finished: Promise<StepResult>
}

/** Starts a step: in its own process, as the runner does, or within this process. */
export type StartStep = (step: Step) => RunningStep

/**
 * Starts the committed bundle in a separate process, as the runner does: inputs as `INPUT_*` (without the defaults of
 * action.yml), the event's payload in a file, and files for outputs, environment, and summary.
 */
export const startStep: StartStep = (step) => {
  const folder = mkdtempSync(join(tmpdir(), 'step-'))
  const child = spawn(process.execPath, [BUNDLE], {
    env: environmentOf(step, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  const ended = new Promise<StepEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, log }))
  })
  return {
    pid: child.pid,
    kill: (signal) => void child.kill(signal),
    closeLog: () => void child.stdout.destroy(),
    finished: ended.then((end) => collect(folder, end)),
  }
}

/** Runs a step to its end. See {@link startStep}. */
export const runStep = (step: Step): Promise<StepResult> => startStep(step).finished
