import { statSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification, type VitestPluginContext } from 'vitest/node'
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

/** The first red test ends a mutant, so unit tests come first, and then the shortest files. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      statSync(moduleId).size + (moduleId.includes('/unit/') ? 0 : 1_000_000)
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

const { projects: _, ...test } = shared.test ?? {}

/** Too slow to run for each mutant, and they cover everything: a named rule needs a test of its own. */
const CAMPAIGNS = [
  'test/http/{interleavings,drift}.test.ts',
  'test/unit/ownership-model.test.ts',
  'test/unit/hostile-*.test.ts',
]

/**
 * What these leave behind would change the tests of other files: secrets like "shared" that are redacted
 * from then on, modules loaded anew, and GITHUB_API_URL, which Octokit's toolkit reads once.
 */
const OWN_WORKER = [
  'test/unit/{secrets,settings*}.test.ts',
  'test/http/{comments,failure-comment,github-api}.test.ts',
]

// Only the tests that run the source itself, in this process; in one worker, as loading the source anew
// for each file of tests takes longer than most of them.
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
