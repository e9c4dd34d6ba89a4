import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { useServices } from '../services.ts'

const services = useServices()
const folder = mkdtempSync(join(tmpdir(), 'runner-'))
const missing = join(folder, 'missing')
afterAll(() => rmSync(folder, { recursive: true }))

describe("the runner's files", () => {
  it.each([
    ['GITHUB_OUTPUT', 'a missing file', missing],
    ['GITHUB_OUTPUT', 'a directory', folder],
    ['GITHUB_ENV', 'a missing file', missing],
    ['GITHUB_ENV', 'a directory', folder],
  ])('fail the step and show the values if %s names %s', async (variable, _, path) => {
    const { exitCode, annotations, log } = await services.run(
      'opened',
      { export_env: 'true' },
      { env: { [variable]: path } },
    )
    expect(exitCode).toBe(1)
    expect(annotations.error).toHaveLength(1)
    expect(annotations.error[0]).toContain(`in the variable ${variable}`)
    expect(annotations.error[0]).toMatch(/base_url: http|NEON_AUTH_BASE_URL: http/)
    expect(log).not.toMatch(/Unexpected error|^ {4}at /m)
  })

  it('cause only a warning if GITHUB_STEP_SUMMARY names a directory', async () => {
    const env = { GITHUB_STEP_SUMMARY: folder }
    const { exitCode, annotations, outputs } = await services.run('opened', {}, { env })
    expect(exitCode).toBe(0)
    expect(annotations.warning.join()).toContain('The job summary could not be written')
    expect(outputs.base_url).toMatch(/^http/)
  })

  it('do not hide why a run failed if GITHUB_OUTPUT cannot be written', async () => {
    const { exitCode, annotations } = await services.run(
      'opened',
      { api_key: 'napi_wrong' },
      { env: { GITHUB_OUTPUT: missing } },
    )
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toContain('Neon answered 401')
    expect(annotations.error[1]).toContain('in the variable GITHUB_OUTPUT')
  })
})

describe("an error outside the action's own error handling", () => {
  it.each([
    ['is thrown', 'throw new Error("boom")'],
    ['rejects a promise', 'Promise.reject(new Error("boom"))'],
  ])('that %s fails the step with a reason', async (_, crash) => {
    // Crashes as soon as the action has its handler.
    const preload = `process.on("newListener", (name) => { if (name === "uncaughtException") setImmediate(() => { ${crash} }) })`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` }
    const { exitCode, annotations, log } = await services.run('opened', {}, { env })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /Unexpected error in this action: boom\nFix: re-run the job/,
    )
    expect(log).not.toMatch(/^ {4}at /m)
  })
})
