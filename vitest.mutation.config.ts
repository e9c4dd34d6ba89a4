import { statSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification, type VitestPluginContext } from 'vitest/node'
import shared from './vitest.config.ts'

/**
 * Stryker's runner joins the names of a suite and a test with a space, but Vitest 5 joins them with
 * ` > `. No test would match, so every mutant would survive (stryker-mutator/stryker-js#6210). This makes
 * every space in the pattern match both. Remove it once the runner supports Vitest 5.
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

/** Runs unit tests first, then the shortest files, because the first failing test kills a mutant. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      statSync(moduleId).size + (moduleId.includes('/unit/') ? 0 : 1_000_000)
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

const { projects: _, ...test } = shared.test ?? {}

/** These are too slow to run for each mutant. They cover everything, so they would also hide missing tests. */
const CAMPAIGNS = [
  'test/http/{interleavings,drift}.test.ts',
  'test/unit/ownership-model.test.ts',
  'test/unit/hostile-*.test.ts',
]

/**
 * These would affect the tests of other files. They register secrets such as "shared", which are redacted
 * from then on, reload modules, or set GITHUB_API_URL, which Octokit's toolkit reads only once.
 */
const OWN_WORKER = [
  'test/unit/{secrets,settings*}.test.ts',
  'test/http/{comments,failure-comment,github-api}.test.ts',
]

// Includes only the tests that run the source in this process. They share one worker, because reloading
// the source for each file takes longer than most of its tests.
export default defineConfig({
  ...shared,
  test: {
    ...test,
    sequence: { sequencer: QuickestFirst },
    projects: [
      {
        extends: true,
        plugins: [matchNamesOfVitest5],
        test: {
          name: 'shared worker',
          isolate: false,
          include: ['test/{unit,http}/*.test.ts'],
          exclude: [...CAMPAIGNS, ...OWN_WORKER],
        },
      },
      {
        extends: true,
        plugins: [matchNamesOfVitest5],
        test: { name: 'own worker', isolate: true, include: OWN_WORKER },
      },
    ],
  },
})
