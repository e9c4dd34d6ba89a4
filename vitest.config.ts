import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Files that guard a branch, its data, or its domains, or decide whether to repeat a request.
const GUARDS = [
  'action/intent',
  'auth/turn-off',
  'auth/turn-on',
  'auth/guard',
  'auth/verify',
  'domains/origin',
  'domains/loopback',
  'neon/branches',
  'network/http',
  'network/retry',
  'network/lost-writes',
  'neon/response-checks',
]
// The same, except for a few branches that exist only for the type checker.
const NEARLY = [
  'auth/apply',
  'domains/domain-ownership',
  'neon/typed-request',
  'preview/find-branch',
  'runs/locate',
  'runs/sweep-run',
]

/** Tests that start Local Neon. */
const STAND_INS = ['step', 'process', 'local-neon'].map((folder) => `test/${folder}/**/*.test.ts`)

const gates = (names: readonly string[], thresholds: object) =>
  Object.fromEntries(names.map((name) => [`src/${name}.ts`, thresholds]))

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'in process',
          setupFiles: ['test/fresh-modules.ts', 'test/setup.ts'],
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...STAND_INS],
        },
      },
      // Loading Better Auth and Postgres takes seconds, so the files of one worker share them.
      {
        extends: true,
        test: {
          name: 'stand-ins',
          include: STAND_INS,
          setupFiles: ['test/keep-spares.ts', 'test/setup.ts'],
          isolate: false,
        },
      },
    ],
    // The language service imports JSON without the attribute that plain Node requires.
    server: { deps: { inline: [/@actions\/(languageservice|workflow-parser|expressions)/] } },
    // Tests wait for other processes about a third of the time, so run more workers than cores.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The machine's own environment must not leak into a run under test.
    unstubEnvs: true,
    restoreMocks: true,
    // `npm run coverage` covers only what the unit and HTTP tests run in their own process. What only
    // the bundle's tests run (the entry, the runner's files, comments) counts as not covered.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      reporter: ['text'],
      thresholds: {
        ...gates(GUARDS, { 100: true }),
        ...gates(NEARLY, { functions: 100, lines: 97, branches: 85 }),
      },
    },
  },
})
