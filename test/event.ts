import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEvent } from '../src/action/event.ts'
import { type InputName, readInputs } from '../src/action/inputs.ts'
import { decideIntent, type Intent } from '../src/action/intent.ts'

export type Event = ReturnType<typeof readEvent>
export type Inputs = Partial<Record<InputName, string>>

const path = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json')

/** Reads an event from a file, as a run does. The file contains a text or bytes as they are, or an object as JSON. */
export const eventOf = (payload: unknown, env: NodeJS.ProcessEnv = {}): Event => {
  const isRaw = typeof payload === 'string' || Buffer.isBuffer(payload)
  writeFileSync(path, isRaw ? payload : JSON.stringify(payload))
  return readEvent({ GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: 'pull_request', ...env })
}

/** Decides what a run does, with an API key and a project unless `inputs` unset them. Rejects as the run would. */
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
