import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { summary } from '@actions/core'
import { step as runSource } from '../src/step.ts'
import { collect, environmentOf, type StartStep, type Step, type StepResult } from './runner.ts'
import { shortenWaits } from './shorten-waits.ts'

// Runs the source as a step within this process. That is faster than a separate process, and coverage and
// mutation testing see it. Several steps may run at once, because each has its own `process`.

/** The parts of `process` that are separate for each step. */
interface StepProcess {
  readonly env: NodeJS.ProcessEnv
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>
  readonly stderr: Pick<NodeJS.WriteStream, 'write'>
  exitCode?: number
}

interface StepContext {
  readonly process: StepProcess
  /** The fields of the toolkit's `summary`, which would otherwise keep writing to the first step's file. */
  readonly summary: Record<string, unknown>
  /** How far its clock is ahead of this machine's, in ms. See {@link shortenWaits}. */
  ahead: number
}

const steps = new AsyncLocalStorage<StepContext>()

/** Returns a proxy of a shared object. A running step reads and writes its own value of a property, if it has one. */
const perStep = <T extends object>(shared: T, ownOf: (step: StepContext) => object): T => {
  const targetOf = (key: PropertyKey): object => {
    const step = steps.getStore()
    const own = step && ownOf(step)
    return own && key in own ? own : shared
  }
  return new Proxy(shared, {
    get: (_, key) => Reflect.get(targetOf(key), key),
    set: (_, key, value) => Reflect.set(targetOf(key), key, value),
  })
}

// Local Neon and Local GitHub, which run outside of every step, keep this machine's clock.
shortenWaits(undefined, () => steps.getStore())
globalThis.process = perStep(process, (step) => step.process)
// This import cannot be replaced by a proxy, so its fields become accessors.
const toolkitSummary = summary as unknown as Record<string, unknown>
for (const key of ['_buffer', '_filePath']) {
  let shared = toolkitSummary[key]
  Object.defineProperty(toolkitSummary, key, {
    get: () => (steps.getStore()?.summary ?? { [key]: shared })[key],
    set: (value) => {
      const step = steps.getStore()
      if (step) step.summary[key] = value
      else shared = value
    },
  })
}

/**
 * Starts a step within this process. SIGKILL cannot be simulated, so it makes `finished` reject. Any other
 * signal cancels the step.
 */
export const startStepHere: StartStep = (step) => {
  const folder = mkdtempSync(join(tmpdir(), 'step-'))
  let log = ''
  const output = {
    write: (text: string) => {
      log += text
      return true
    },
  }
  const own: StepProcess = {
    env: environmentOf(step, folder),
    stdout: output,
    stderr: output,
    exitCode: 0,
  }
  const stop = new AbortController()
  const killed = Promise.withResolvers<never>()
  const ended = steps
    .run({ process: own, summary: { _buffer: '' }, ahead: 0 }, () =>
      runSource({ stop, onUncaught: () => {} }),
    )
    .then(() => collect(folder, { exitCode: own.exitCode ?? 0, signal: null, log }))
  return {
    pid: undefined,
    kill: (signal) => {
      if (signal !== 'SIGKILL') return stop.abort(signal)
      killed.reject(
        new Error(`A step within this process cannot be killed. Its log so far:\n${log}`),
      )
    },
    closeLog: () => stop.abort('SIGPIPE'),
    finished: Promise.race([ended, killed.promise]),
  }
}

/** Runs a step within this process to its end. See {@link startStepHere}. */
export const runStepHere = (step: Step): Promise<StepResult> => startStepHere(step).finished
