import { describe, expect, test } from 'vitest'
import { filesIn, read } from './project.ts'

const source = filesIn('src/doctor')
  .filter((path) => path.endsWith('-findings.ts'))
  .map(read)
  .join('\n')

const ids = [...read('src/doctor/finding.ts').matchAll(/^ {2}\| '(\w+)'$/gm)].map(
  ([, id]) => id ?? '',
)
/** The findings that report a problem. Those that are only passed to `ok` report that something works. */
const problems = ids.filter((id) => new RegExp(`(?<!\\bok\\(\\s*)'${id}'`).test(source))

/** Returns the findings in the table "What it checks". */
const documentedIds = (page: string): string[] => {
  const table = /^## What it checks\n([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
  return [...table.matchAll(/`(\w+)`/g)].map(([, id]) => id ?? '').filter((id) => id !== 'jwks_url')
}

describe('the findings of the doctor', () => {
  test('are all reported somewhere in the code', () => {
    expect(ids.length).toBeGreaterThan(30)
    expect(ids.filter((id) => !source.includes(`'${id}'`))).toEqual([])
    expect(problems.length).toBeGreaterThan(30)
  })

  test('that report a problem match those in docs/doctor.md, in both directions', () => {
    expect([...new Set(documentedIds(read('docs/doctor.md')))].sort()).toEqual([...problems].sort())
  })

  test('would fail that test if the page lacked one', () => {
    const page = read('docs/doctor.md').replace('`keys_missing`', '`keys_lost`')
    expect(documentedIds(page)).toContain('keys_lost')
    expect(documentedIds(page)).not.toContain('keys_missing')
  })

  test('that report a problem are all named in the unit tests', () => {
    const unitTests = read('test/unit/doctor.test.ts')
    expect(problems.filter((id) => !unitTests.includes(`'${id}'`))).toEqual([])
  })
})
