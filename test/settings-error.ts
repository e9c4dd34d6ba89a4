import { readSettings } from '../src/settings/read-settings.ts'

/** Returns the message of the error that these settings cause, or an empty string if they are valid. */
export const settingsError = (
  text: string,
  env: NodeJS.ProcessEnv = {},
  isolate = false,
): string => {
  try {
    readSettings(text, env, { isolate })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
