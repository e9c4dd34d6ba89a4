import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

test.each([
  ['bench', ['strat'], /^Unknown group strat\. Groups: start, /],
  ['kill-anywhere', ['--scenario', 'nosuch'], /^Nothing to run: .* --scenario nosuch\n$/],
  ['readings', ['--only', 'nosuch'], /^Nothing to run: .* --only nosuch\n$/],
  ['live-kills', ['--part', 'nosuch'], /^Unknown part nosuch\. Parts: /],
  ['live', ['--minutes', 'abc'], /^--minutes: pass a number up to 1440, not abc\n$/],
])('`%s` with a mistyped option does not look like a success: %j', (script, options, message) => {
  const path = resolve(import.meta.dirname, `../../scripts/${script}.ts`)
  const { status, stderr } = spawnSync(process.execPath, [path, ...options], { encoding: 'utf8' })
  expect(stderr).toMatch(message)
  expect(status).toBe(2)
})
