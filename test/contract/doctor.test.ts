import { describe, expect, test } from 'vitest'
import { filesIn, read } from './project.ts'

const makers = filesIn('src/doctor')
  .filter((path) => path.endsWith('-findings.ts'))
  .map(read)
  .join('\n')

const ids = [...read('src/doctor/finding.ts').matchAll(/^ {2}\| '(\w+)'$/gm)].map(
  ([, id]) => id ?? '',
)
/** The others are only made with `ok`: they say that something works. */
const troubles = ids.filter((id) => new RegExp(`(?<!\\bok\\(\\s*)'${id}'`).test(makers))

/** Returns the findings in the table "What it checks". */
const documented = (page: string): string[] => {
  const table = /^## What it checks\n([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
  return [...table.matchAll(/`(\w+)`/g)].map(([, id]) => id ?? '').filter((id) => id !== 'jwks_url')
}

describe('the findings of the doctor', () => {
  test('are all reported somewhere in the code', () => {
    expect(ids.length).toBeGreaterThan(30)
    expect(ids.filter((id) => !makers.includes(`'${id}'`))).toEqual([])
    expect(troubles.length).toBeGreaterThan(30)
  })

  test('match those on the page, in both directions', () => {
    expect([...new Set(documented(read('docs/doctor.md')))].sort()).toEqual([...troubles].sort())
  })

  test('are all covered by the unit tests', () => {
    const planted = read('test/unit/doctor.test.ts')
    expect(troubles.filter((id) => !planted.includes(`'${id}'`))).toEqual([])
  })

  test('would be reported if one were missing', () => {
    const page = read('docs/doctor.md').replace('`keys_missing`', '`keys_lost`')
    expect(documented(page)).toContain('keys_lost')
    expect(documented(page)).not.toContain('keys_missing')
  })
})
