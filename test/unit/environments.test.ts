import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  excludedEnvironment,
  matchesPattern,
  parseEnvironmentPatterns,
} from '../../src/preview/environments.ts'

/** Returns why an environment is excluded, or `counts`. */
const outcomeOf = (name: string, patterns: readonly string[], isFlaggedProduction = false) =>
  excludedEnvironment(name, isFlaggedProduction, patterns) ?? 'counts'

describe('a pattern in `deployment_environments`', () => {
  it.each([
    ['Preview', 'Preview', true],
    ['preview', 'PREVIEW', true],
    ['Preview', 'Preview 2', false],
    ['Preview*', 'Preview – shop', true],
    ['*', '', true],
    ['*', 'anything at all', true],
    ['*shop', 'Preview – shop', true],
    ['*shop', 'Preview – shops', false],
    ['pr-*-web', 'pr-7-web', true],
    ['pr-*-web', 'pr-7-docs', false],
    ['a*a', 'a', false],
    ['a*b*a', 'ab', false],
    ['a*b*a', 'abba', true],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['(a', '(a', true],
  ])('%s matches %s: %s', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches)
  })

  it('matches like a regular expression with `.*` in place of `*`', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 })
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const escaped = pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*')
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${escaped}$`).test(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('is matched without catastrophic backtracking', () => {
    expect(matchesPattern(`${'a*'.repeat(5000)}b`, 'a'.repeat(100_000))).toBe(false)
  })

  it('is one line of the input, without surrounding spaces or empty lines', () => {
    const text = '\n Preview – shop, web \r\n\n!Preview – docs\nStaging\n'
    expect(parseEnvironmentPatterns(text)).toEqual([
      'Preview – shop, web',
      '!Preview – docs',
      'Staging',
    ])
  })
})

describe('production is excluded from the previews', () => {
  it.each([
    'production',
    'Production – shop',
    'prod',
    'PROD',
    'live',
    'shop / production',
    'shop (Production)',
    'shop_prod',
    'eu.live',
    'pre-production',
  ])('by a word in its name: %s', (name) => {
    expect(excludedEnvironment(name, false, [])).toBe('production')
  })

  it.each(['Preview', 'productions', 'reproduction', 'delivery', 'alive', 'product', ''])(
    'but not by a part of a word: "%s"',
    (name) => {
      expect(excludedEnvironment(name, false, [])).toBeUndefined()
    },
  )

  it("by GitHub's flag", () => {
    expect(excludedEnvironment('Preview', true, [])).toBe('production')
  })

  it.each([
    [['*'], 'production'],
    [['shop*'], 'production'],
    [['!docs'], 'production'],
    [['shop-live'], 'counts'],
    [['*-live'], 'counts'],
    [['*', '*live'], 'counts'],
    [['*live', '!shop-*'], 'excluded_environment'],
    [['production'], 'production'],
  ])('unless %j names it: %s', (patterns, result) => {
    expect(outcomeOf('shop-live', patterns)).toBe(result)
  })

  it.each([
    [['shop'], 'counts'],
    [['sho*'], 'production'],
  ])('by the flag alone, unless %j names it exactly: %s', (patterns, result) => {
    expect(outcomeOf('shop', patterns, true)).toBe(result)
  })
})

describe('deployment_environments', () => {
  it.each([
    ['Preview – web', ['Preview*'], 'counts'],
    ['Storybook', ['Preview*'], 'excluded_environment'],
    ['Storybook', ['!Storybook'], 'excluded_environment'],
    ['Preview', ['!Storybook'], 'counts'],
    ['Preview – docs', ['!*docs', 'Preview*'], 'excluded_environment'],
    ['Preview – docs', ['Preview*', '! *docs'], 'excluded_environment'],
    ['constructor', ['constructor'], 'counts'],
    ['', ['*'], 'counts'],
  ])('decides about "%s" with the patterns %j: %s', (name, patterns, result) => {
    expect(outcomeOf(name, patterns)).toBe(result)
  })
})
