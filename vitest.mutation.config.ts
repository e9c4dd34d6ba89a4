import { defineConfig } from 'vitest/config'
import type { VitestPluginContext } from 'vitest/node'
import shared from './vitest.config.ts'

/**
 * Stryker's runner names a mutant's tests with spaces between suite and test, where Vitest 5 has
 * ` > `: no test would match, and every mutant survive (stryker-mutator/stryker-js#6210). So every
 * space in its pattern may be either. To be removed with the runner that knows Vitest 5.
 */
const matchNamesOfVitest5 = {
  name: 'match-names-of-vitest-5',
  configureVitest({ project: { config } }: VitestPluginContext) {
    let pattern: RegExp | undefined
    Object.defineProperty(config, 'testNamePattern', {
      enumerable: true,
      get: () => pattern,
      set: (spaced?: RegExp) => {
        pattern = spaced && new RegExp(spaced.source.replaceAll(' ', '(?: >)? '))
      },
    })
  },
}

const { projects: _, ...test } = shared.test ?? {}

// Only the tests that run the source itself, in this process; in one worker, as loading the source anew
// for each file of tests takes longer than most of them.
export default defineConfig({
  ...shared,
  plugins: [matchNamesOfVitest5],
  test: { ...test, isolate: false, include: ['test/{unit,http}/*.test.ts'] },
})
