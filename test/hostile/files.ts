import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAMES = [
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_STATE',
  'GITHUB_PATH',
  'GITHUB_STEP_SUMMARY',
] as const

/** The files that the runner gives a step to write to, to be read raw when it has ended. */
export interface RunnerFiles {
  /** For the step's environment. */
  readonly env: Record<string, string>
  /** What a file holds now, byte for byte. */
  read(name: (typeof NAMES)[number]): string
  /** All of them. */
  readAll(): string
  remove(): void
}

/** Makes the files, empty. */
export const runnerFiles = (): RunnerFiles => {
  const folder = mkdtempSync(join(tmpdir(), 'files-'))
  for (const name of NAMES) writeFileSync(join(folder, name), '')
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return {
    env: Object.fromEntries(NAMES.map((name) => [name, join(folder, name)])),
    read,
    readAll: () => NAMES.map(read).join('\n'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
