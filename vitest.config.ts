import { defineConfig } from 'vitest/config'

// What guards a branch, its data or its domains, or decides whether to do a thing again.
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
// The same, with a branch or two that only the types ask for.
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
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...STAND_INS],
        },
      },
      // Loading Better Auth and Postgres takes seconds, so the files of one worker share them.
      { extends: true, test: { name: 'stand-ins', include: STAND_INS, isolate: false } },
    ],
    setupFiles: ['test/setup.ts'],
    // The language service imports JSON without the attribute that plain Node wants.
    server: { deps: { inline: [/@actions\/(languageservice|workflow-parser|expressions)/] } },
    // Most of a test's time is spent waiting for another process: all cores, not all but one.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Whatever the machine's own environment holds must not leak into a run under test.
    unstubEnvs: true,
    restoreMocks: true,
    // `npm run coverage`: only what the unit and HTTP tests run in their own process. What is tested
    // as a bundle alone (the entry, the runner's files, comments) shows as not covered.
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
