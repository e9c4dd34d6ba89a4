import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { filesIn, read } from './project.ts'

/** A test title and the function that takes it. */
interface Title {
  readonly kind: 'describe' | 'it' | 'test'
  readonly text: string
}

const TEST_FUNCTIONS: readonly string[] = ['describe', 'it', 'test']

/** Returns the name of the function at the root of a call: `it` for `it.each(rows)`. */
const rootOf = (node: ts.Expression): string => {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node))
    return rootOf(node.expression)
  return ''
}

const textOf = (node: ts.Node | undefined): string | undefined => {
  if (!node) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.head.text : undefined
}

/** Returns the titles in a test file. For a template literal, uses only the text before the first `${`. */
const titlesIn = (path: string, source: string): Title[] => {
  const titles: Title[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const kind = rootOf(node.expression)
      const text = textOf(node.arguments[0])
      if (TEST_FUNCTIONS.includes(kind) && text !== undefined)
        titles.push({ kind: kind as Title['kind'], text })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest))
  return titles
}

const rulesIn = (page: string): string[] =>
  [...page.matchAll(/^## (.+)$/gm)].map(([, name = '']) => name.toLowerCase())

const rules = rulesIn(read('docs/rules.md'))
const titles = filesIn('test')
  .filter((path) => path.endsWith('.test.ts'))
  .flatMap((path) => titlesIn(path, read(path)))

const startsWithRule = (rule: string, { text }: Title): boolean =>
  text === rule || text.startsWith(`${rule}: `)

const untestedRules = (rules: readonly string[], titles: readonly Title[]): string[] =>
  rules.filter((rule) => !titles.some((title) => startsWithRule(rule, title)))

/**
 * Returns the titles that refer to a rule that does not exist: by number, by the first words of a name, or before
 * a colon in a `describe`, where only a rule's name may appear. A title of an `it` or a `test` may have any words
 * before a colon.
 */
const unknownReferences = (rules: readonly string[], titles: readonly Title[]): string[] =>
  titles
    .filter((title) => !rules.some((rule) => startsWithRule(rule, title)))
    .filter(({ kind, text }) => {
      const byNumber = /\b(rules?|sections?) \d/i.test(text)
      const byFirstWords = rules.some((rule) =>
        text.startsWith(rule.split(' ').slice(0, 2).join(' ')),
      )
      return byNumber || byFirstWords || (kind === 'describe' && text.includes(': '))
    })
    .map(({ text }) => text)

describe('docs/rules.md', () => {
  test('has a paragraph for each rule', () => {
    const sections = read('docs/rules.md').split(/^## /m).slice(1)
    expect(rules).toContain('check again right before you remove')
    expect(new Set(rules).size).toBe(rules.length)
    for (const section of sections) expect(section).toMatch(/^.+\n\n\S[^#]{100,}$/)
  })

  test('has a test for every rule', () => {
    expect(untestedRules(rules, titles)).toEqual([])
  })

  test('contains the rules that test titles name by number, by first words, or before a colon', () => {
    expect(titles.length).toBeGreaterThan(500)
    expect(unknownReferences(rules, titles)).toEqual([])
  })

  test.each([
    ["describe('rule 4: what hangs', f)", 'rule 4: what hangs'],
    ["describe('never resurrect', f)", 'never resurrect'],
    ["it.each([1])('gone is gone: %s', f)", 'gone is gone: %s'],
    ["describe.each([1])('always win: %s', f)", 'always win: %s'],
    ["test(`section 4, ${'x'}`, f)", 'section 4, '],
  ])('rejects the unknown rule in %s', (source, title) => {
    expect(unknownReferences(rules, titlesIn('x.test.ts', source))).toEqual([title])
  })

  test('rejects a rule without a test', () => {
    const page = `${read('docs/rules.md')}\n## Answer in rhyme\n`
    expect(untestedRules(rulesIn(page), titles)).toEqual(['answer in rhyme'])
  })
})
