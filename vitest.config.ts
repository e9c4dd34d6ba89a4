import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The language service imports JSON without the attribute that plain Node wants.
    server: { deps: { inline: [/@actions\/(languageservice|workflow-parser|expressions)/] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Whatever the machine's own environment holds must not leak into a run under test.
    unstubEnvs: true,
    restoreMocks: true,
  },
})
