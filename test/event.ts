import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEvent } from '../src/action/event.ts'
import { type InputName, readInputs } from '../src/action/inputs.ts'
import { decideIntent, type Intent } from '../src/action/intent.ts'

export type Event = ReturnType<typeof readEvent>
export type Inputs = Partial<Record<InputName, string>>

/** Reads an event from a file, as a run does. Writes a text or bytes unchanged, and any other payload as JSON. */
export const eventOf = (payload: unknown, env: NodeJS.ProcessEnv = {}): Event => {
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

/** Decides what a run does. By default, the API key and the project are set. Rejects if the run would fail. */
export const intentOf = async (
  event: Event,
  inputs: Inputs = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Intent> => {
  const allInputs: Inputs = { api_key: 'napi_x', project_id: 'cool-sun-1', ...inputs }
  return decideIntent(
    event,
    readInputs((name) => allInputs[name] ?? '', env),
  )
}
