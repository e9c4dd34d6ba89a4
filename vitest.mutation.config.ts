import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import shared from './vitest.config.ts'

const { MUTATION_FOLDER: folder = '' } = process.env

/** Loads the copy of a source file that contains the mutants (`instrumentSource`). */
const instrumentedSource: Plugin = {
  name: 'instrumented-source',
  enforce: 'pre',
  load(id) {
    const copy = join(folder, relative(import.meta.dirname, id))
    return id.endsWith('.ts') && existsSync(copy) ? readFileSync(copy, 'utf8') : undefined
  },
}

const { projects: _, ...test } = shared.test ?? {}

/** Runs unit tests first, then the smallest files, because the first test that fails saves the others. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      statSync(moduleId).size + (moduleId.includes('/unit/') ? 0 : 1_000_000)
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

/** The configuration of `scripts/mutation.ts`. */
export default defineConfig({
  ...shared,
  plugins: [instrumentedSource],
  test: {
    ...test,
    setupFiles: ['test/setup.ts'],
    runner: './test/mutation/runner.ts',
    pool: 'forks',
    isolate: true,
    sequence: { sequencer: QuickestFirst },
    // A mutant often makes a test hang.
    testTimeout: 6_000,
    silent: true,
    // Its keys do not include what `load` returns.
    fsModuleCache: false,
  },
})
