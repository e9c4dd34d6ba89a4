import { type Deadline, RunAborted } from '../src/core/deadline.ts'
import type { Log } from '../src/core/log.ts'
import type { FoundBranch } from '../src/neon/branches.ts'

const ignore = (): void => {}

/** A log that prints nothing. */
export const SILENT_LOG: Log = { debug: ignore, info: ignore, notice: ignore, warning: ignore }

/** The branch of pull request 2, as the action finds it at Neon. */
export const BRANCH: FoundBranch = {
  id: 'br-1',
  name: 'preview/pr-2',
  isDefault: false,
  isProtected: false,
}

/** Returns a log that collects its info lines and its warnings, and ignores the rest. */
export const collectingLog = (): { log: Log; lines: string[]; warnings: string[] } => {
  const lines: string[] = []
  const warnings: string[] = []
  const log: Log = {
    ...SILENT_LOG,
    info: (text) => void lines.push(text),
    warning: (text) => void warnings.push(text),
  }
  return { log, lines, warnings }
}

/** Returns a deadline that always has 60 seconds left, and whose waits take no time. */
export const fakeDeadline = (overrides: Partial<Deadline> = {}): Deadline => ({
  seconds: 60,
  signal: new AbortController().signal,
  remaining: () => 60_000,
  pauses: 0,
  recordResponse: ignore,
  responses: 0,
  cancelPending: ignore,
  sleep: async () => {},
  abortError: (what) => new RunAborted({ what }),
  ...overrides,
})
