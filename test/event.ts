import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunnerEvent, readEvent } from '../src/action/event.ts'
import { type InputName, readInputs } from '../src/action/inputs.ts'
import { decideIntent, type Intent } from '../src/action/intent.ts'

/** The values of inputs, as a workflow passes them. */
export type InputTexts = Partial<Record<InputName, string>>

/**
 * Reads an event from a file, as a run does. Its name is `pull_request`, unless `env` sets another. The file
 * contains a string or a `Buffer` unchanged, and any other payload as JSON.
 */
export const eventOf = (payload: unknown, env: NodeJS.ProcessEnv = {}): RunnerEvent => {
  const isRaw = typeof payload === 'string' || Buffer.isBuffer(payload)
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  const path = join(folder, 'event.json')
  try {
    writeFileSync(path, isRaw ? payload : JSON.stringify(payload))
    return readEvent({ GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: 'pull_request', ...env })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Decides what a run would do. By default, only the API key and the project are set. Rejects if the inputs are
 * invalid or no intent can be decided.
 */
export const intentOf = async (
  event: RunnerEvent,
  inputs: InputTexts = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Intent> => {
  const allInputs: InputTexts = { api_key: 'napi_x', project_id: 'cool-sun-1', ...inputs }
  return decideIntent(
    event,
    readInputs((name) => allInputs[name] ?? '', env),
  )
}
