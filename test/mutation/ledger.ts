import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

// What the processes of a mutation run share: lines of JSON in the folder `MUTATION_FOLDER`.

/** The IDs of mutants, and how many times a test executes each. */
export type Hits = Readonly<Record<string, number>>

/** The mutants that one test executes. */
export interface Coverage {
  /** The key of the test, see `keyOf` in `runner.ts`. */
  readonly test: string
  readonly hits: Hits
  /** How long the test takes, in ms. */
  readonly tookMs: number
}

/** The mutants that a test file executes while modules load, in `beforeAll`, or while its tests warm up. */
export interface StaticCoverage {
  readonly file: string
  readonly mutants: readonly string[]
}

/** The result of one test with one mutant. */
export type Attempt =
  | { readonly outcome: 'killed' | 'survived'; readonly mutant: string; readonly test: string }
  /** The test did not end. */
  | { readonly outcome: 'timeout'; readonly mutant: string; readonly test: string }
  /** The test now fails without the mutant too, so the mutant has left something behind. Proves nothing. */
  | { readonly outcome: 'polluted'; readonly mutant: string; readonly test: string }
  /** The test fails without any mutant. */
  | { readonly outcome: 'broken'; readonly test: string }
  /** A test file is complete. */
  | { readonly outcome: 'done'; readonly file: string }

/** An attempt in progress. */
export interface Current {
  readonly mutant: string
  readonly test: string
}

/** Opens a list in a file, to which every process may add. */
const openList = <Item extends object>(path: string) => {
  let offset = 0
  let rest = ''
  return {
    add: (item: Item): void => appendFileSync(path, `${JSON.stringify(item)}\n`),
    /** Returns the items that were added since the last call. */
    readNew: (): Item[] => {
      if (!existsSync(path)) return []
      const file = openSync(path, 'r')
      const buffer = Buffer.alloc(fstatSync(file).size - offset)
      offset += readSync(file, buffer, 0, buffer.length, offset)
      closeSync(file)
      const lines = (rest + buffer.toString()).split('\n')
      rest = lines.pop() ?? ''
      return lines.map((line) => JSON.parse(line))
    },
  }
}

/** Opens the ledger in a folder, and creates it if necessary. */
export const openLedger = (folder: string) => {
  const running = join(folder, 'running')
  mkdirSync(running, { recursive: true })
  return {
    coverage: openList<Coverage>(join(folder, 'coverage.jsonl')),
    staticCoverage: openList<StaticCoverage>(join(folder, 'static.jsonl')),
    /** The mutants that a test must try. */
    plan: openList<Pick<Coverage, 'test' | 'hits'>>(join(folder, 'plan.jsonl')),
    attempts: openList<Attempt>(join(folder, 'attempts.jsonl')),
    /** Records what this process is trying, so that another one notices if it hangs or dies. */
    start: (current: Current) =>
      writeFileSync(join(running, String(process.pid)), JSON.stringify(current)),
    /** Records that this process is idle. */
    stop: () => rmSync(join(running, String(process.pid)), { force: true }),
    /** Returns the processes with an attempt in progress, and since when, in Unix ms. */
    running: (): (Current & { readonly pid: number; readonly since: number })[] =>
      readdirSync(running).flatMap((pid) => {
        try {
          const path = join(running, pid)
          const since = statSync(path).mtimeMs
          return [{ pid: Number(pid), since, ...JSON.parse(readFileSync(path, 'utf8')) }]
        } catch {
          // The attempt has just ended.
          return []
        }
      }),
    /** Forgets the attempt of another process, which hung or died. */
    forget: (pid: number) => rmSync(join(running, String(pid)), { force: true }),
  }
}
