import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
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

/** The configuration of `scripts/mutation.ts`. */
export default defineConfig({
  ...shared,
  plugins: [instrumentedSource],
  test: {
    ...test,
    runner: './test/mutation/runner.ts',
    pool: 'forks',
    isolate: true,
    // A mutant often makes a test hang.
    testTimeout: 6_000,
    silent: true,
    // Its keys do not include what `load` returns.
    fsModuleCache: false,
  },
})
