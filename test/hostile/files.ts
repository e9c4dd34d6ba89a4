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

/** The files that the runner gives a step to write to. Tests read them unparsed after the step. */
export interface RunnerFiles {
  /** Variables for the step's environment. */
  readonly env: Record<string, string>
  /** Returns the exact content of a file. */
  read(name: (typeof NAMES)[number]): string
  /** Returns the contents of all files. */
  readAll(): string
  remove(): void
}

/** Creates the files, empty. */
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
