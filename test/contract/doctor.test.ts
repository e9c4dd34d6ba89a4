import { describe, expect, test } from 'vitest'
import { read } from './project.ts'

/** Every finding, and the findings that only say that something works. */
const ids = [...read('src/doctor/finding.ts').matchAll(/^ {2}\| '(\w+)'$/gm)].map(
  ([, id]) => id ?? '',
)
const FINE = ['auth_on', 'auth_url_of_this_branch', 'issuer', 'oauth_shared_app', 'proxy_works']

const makers = ['branch', 'domain', 'preview', 'settings']
  .map((name) => read(`src/doctor/${name}-findings.ts`))
  .join('\n')

/** Returns the findings in the table "What it checks". */
const documented = (page: string): string[] => {
  const table = /^## What it checks\n([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
  return [...table.matchAll(/`(\w+)`/g)].map(([, id]) => id ?? '').filter((id) => id !== 'jwks_url')
}

describe('the findings of the doctor', () => {
  test('are all reported somewhere in the code', () => {
    expect(ids.length).toBeGreaterThan(30)
    expect(ids.filter((id) => !makers.includes(`'${id}'`))).toEqual([])
  })

  test('match those on the page, in both directions', () => {
    const troubles = ids.filter((id) => !FINE.includes(id))
    expect([...new Set(documented(read('docs/doctor.md')))].sort()).toEqual([...troubles].sort())
  })

  test('are all covered by the unit tests', () => {
    const planted = read('test/unit/doctor.test.ts')
    expect(ids.filter((id) => !FINE.includes(id) && !planted.includes(`'${id}'`))).toEqual([])
  })

  test('would be reported if one were missing', () => {
    const page = read('docs/doctor.md').replace('`keys_missing`', '`keys_lost`')
    expect(documented(page)).toContain('keys_lost')
    expect(documented(page)).not.toContain('keys_missing')
  })
})
