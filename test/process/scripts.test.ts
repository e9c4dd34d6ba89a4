import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

test.each([
  ['bench', ['strat'], /^Unknown group strat\. Groups: start, /],
  ['kill-anywhere', ['--scenario', 'nosuch'], /^Nothing to run: .* --scenario nosuch\n$/],
  ['readings', ['--only', 'nosuch'], /^Nothing to run: .* --only nosuch\n$/],
  ['live-kills', ['--part', 'nosuch'], /^Unknown part nosuch\. Parts: /],
  ['live', ['--minutes', 'abc'], /^--minutes: pass a number up to 1440, not abc\n$/],
])('the script `%s` fails with a mistyped option: %j', (script, options, message) => {
  const path = resolve(import.meta.dirname, `../../scripts/${script}.ts`)
  const { status, stderr } = spawnSync(process.execPath, [path, ...options], { encoding: 'utf8' })
  expect(stderr).toMatch(message)
  expect(status).toBe(2)
})
