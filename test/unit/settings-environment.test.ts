import { describe, expect, it } from 'vitest'
import { maskWith } from '../../src/core/secrets.ts'
import { expand } from '../../src/settings/environment.ts'
import { pathText } from '../../src/settings/paths.ts'

describe('a value that is one variable', () => {
  it.each<[string, string, unknown]>([
    ['port', '587', 587],
    ['port', '123456789012345', 123_456_789_012_345],
    ['port', '1234567890123456', '1234567890123456'],
    ['port', 'x587', 'x587'],
    ['port', '587x', '587x'],
    ['enabled', 'true', true],
    ['enabled', 'false', false],
    ['enabled', 'xtrue', 'xtrue'],
    ['enabled', 'truex', 'truex'],
    ['enabled', 'yes', 'yes'],
    ['name', '587', '587'],
    ['name', 'true', 'true'],
  ])('gets the type of the setting if its text fits: %s = %s', (key, text, expected) => {
    expect(expand({ [key]: '${VALUE}' }, { VALUE: text }).value).toEqual({ [key]: expected })
  })

  it('is masked, and so is a variable that is only a part of a value', () => {
    const masked: string[] = []
    maskWith((secret) => masked.push(secret))
    expand({ name: '${WHOLE}', title: 'the ${PART}' }, { WHOLE: 'whole-value', PART: 'part-value' })
    maskWith(() => {})
    expect(masked).toEqual(expect.arrayContaining(['whole-value', 'part-value']))
    expect(masked).not.toContain('the part-value')
  })
})

describe('the name of a variable that is unset', () => {
  const faultOf = (name: string) => expand({ name: `\${${name}}` }, {}).faults[0]?.text

  it.each([
    'PASSWORD',
    'E2E_PASSWORD_2',
    '_A',
    'A'.repeat(64),
    'password',
    'smtp_password_1',
    'smtpPassword',
    'aB',
  ])('is shown: %s', (name) => {
    expect(faultOf(name)).toBe(`needs \${${name}}, which is unset or empty`)
  })

  it.each(['A'.repeat(65), 'Abc9x', 'abc9Def', 'sk_live_51Habc', 'e2e_password'])(
    'is not shown, because it may be a secret: %s',
    (name) => {
      expect(faultOf(name)).toBe(
        'needs a variable (name not shown, because it may be a secret), which is unset or empty',
      )
    },
  )
})

describe('a settings file', () => {
  const nested = (levels: number): unknown =>
    Array.from({ length: levels }).reduce((inner) => [inner], 'x')

  it.each<[string, unknown]>([
    ['10,000 values', Array.from({ length: 9_999 }, () => 1)],
    ['100 levels', nested(100)],
  ])('may have %s', (_, data) => {
    expect(expand(data, {})).toMatchObject({ value: data, faults: [] })
  })

  it.each<[string, unknown]>([
    ['10,001 values', Array.from({ length: 10_000 }, () => 1)],
    ['101 levels', nested(101)],
  ])('may not have %s', (_, data) => {
    const { value, faults } = expand(data, {})
    expect(value).toBeUndefined()
    expect(faults).toEqual([
      { path: pathText([]), text: 'has more than 10000 values, or more than 100 levels' },
    ])
  })

  it('is not read beyond the limit', () => {
    let reads = 0
    const entry = {
      get name() {
        reads += 1
        return 'x'
      },
    }
    expand(
      Array.from({ length: 20_000 }, () => entry),
      {},
    )
    expect(reads).toBeLessThanOrEqual(10_000)
  })
})
