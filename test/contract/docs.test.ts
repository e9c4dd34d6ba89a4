import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { INPUTS } from '../../src/action/inputs.ts'
import { RETRYABLE_STATUSES, UNCERTAIN_STATUSES } from '../../src/network/retry.ts'
import { committedFiles, filesIn, read } from './project.ts'

const files = committedFiles()
const pages = files.filter((path) => path.endsWith('.md'))
const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, '')

/** Returns the targets of a page's links and pictures, except those on other sites. */
const targetsOf = (page: string): string[] => {
  const text = withoutCode(read(page))
  return [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((target) => !/^(https|mailto):/.test(target))
}

const links = pages.flatMap((page) => targetsOf(page).map((target) => [page, target] as const))

describe('the links', () => {
  /** Returns the anchors of a page as GitHub creates them. */
  const anchorsOf = (text: string): string[] => {
    const counts = new Map<string, number>()
    return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
      const anchor = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')
      const count = counts.get(anchor) ?? 0
      counts.set(anchor, count + 1)
      return count === 0 ? anchor : `${anchor}-${count}`
    })
  }

  const isResolved = (page: string, target: string): boolean => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : posix.join(posix.dirname(page), path)
    if (!files.includes(file)) return false
    return anchor === undefined || anchorsOf(read(file)).includes(anchor)
  }

  test('are found in the pages', () => {
    expect(pages).toContain('README.md')
    expect(links.length).toBeGreaterThan(50)
    expect(links.map(([, target]) => target)).toContain('docs/images/comment-dark.png')
  })

  test.each(links)('in %s lead to an existing target: %s', (page, target) => {
    expect(isResolved(page, target)).toBe(true)
  })

  test.each(['docs/nowhere.md', 'docs/github.md#the-sweeper', '#the-sweep'])(
    'would fail that test if they led to %s',
    (target) => {
      expect(isResolved('README.md', target)).toBe(false)
    },
  )

  test('lead from the README to every page for users', () => {
    const linked = targetsOf('README.md').map((target) => target.split('#')[0])
    const forUsers = pages.filter((path) => /^(docs\/[\w-]+|SECURITY)\.md$/.test(path))
    expect(forUsers).toContain('docs/security.md')
    expect(forUsers.filter((path) => !linked.includes(path))).toEqual([])
  })
})

describe('docs/troubleshooting.md', () => {
  const text = read('docs/troubleshooting.md')
  // In a template, Markdown's backticks are escaped.
  const source = filesIn('src').map(read).join('\n').replaceAll('\\`', '')

  test.each([
    'INVALID_ORIGIN',
    'INVALID_CALLBACKURL',
    'neon_auth schema already exists',
    'redirect_uri_mismatch',
    'Resource not accessible by integration',
  ])('contains "%s", which people search for, as does the README', (words) => {
    expect(text).toContain(words)
    expect(read('README.md')).toContain(words)
  })

  /** Messages of the auth service, OAuth providers, and GitHub. */
  const foreignMessages = [
    'INVALID_ORIGIN',
    'INVALID_CALLBACKURL',
    'redirect_uri_mismatch',
    'Resource not accessible by integration',
  ]
  const quoted = [...text.matchAll(/^### `(.*)`$/gm)].map(([, words = '']) => words)
  const ownMessages = quoted.filter((words) => !foreignMessages.includes(words))

  test('quotes error messages', () => {
    expect(quoted).toEqual(expect.arrayContaining(foreignMessages))
    expect(ownMessages.length).toBeGreaterThan(15)
  })

  test.each(ownMessages)('quotes "%s", which is a message in the code', (words) => {
    // The code inserts the status, and the text that `…` stands for.
    const constantText = words.replace(/^… /, '').replace(/ \d{3}$/, '')
    expect(source).toContain(constantText)
  })
})

describe('the statuses that are retried', () => {
  const listOf = (statuses: ReadonlySet<number>, type: 'conjunction' | 'disjunction'): string =>
    new Intl.ListFormat('en', { type }).format([...statuses].map(String))
  const oneLined = (path: string): string => read(path).replace(/\s+/g, ' ')

  test.each([
    [
      'docs/rules.md',
      `Neon refused a request that it answers with ${listOf(RETRYABLE_STATUSES, 'disjunction')},`,
    ],
    ['docs/rules.md', `or a ${listOf(UNCERTAIN_STATUSES, 'disjunction')},`],
    ['docs/alternatives.md', `${listOf(RETRYABLE_STATUSES, 'conjunction')} until`],
  ])('are named in %s: %s', (path, words) => {
    expect(oneLined(path)).toContain(words)
  })
})

describe('docs/security.md', () => {
  const text = read('docs/security.md')
  const section = text.slice(text.indexOf('## What the guards stop'), text.indexOf('## The least'))
  const guards = section
    .split('\n')
    .filter((line) => /^\| (?!Somebody|---)/.test(line))
    .map((line) => line.split(' | ').at(-1) ?? '')
  const namedTests = guards.flatMap((cell) => {
    const [, file = ''] = /`(test\/[\w/.-]+)`/.exec(cell) ?? []
    return [...cell.matchAll(/"([^"]+)"/g)].map(([, name = '']) => [file, name] as const)
  })

  test('names a test for every guard', () => {
    expect(guards.length).toBeGreaterThan(15)
    expect(guards.filter((cell) => !/^`test\/\S+`: "[^"]+"/.test(cell))).toEqual([])
  })

  test.each(namedTests)('names an existing test in %s: "%s"', (file, name) => {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    expect(read(file)).toMatch(new RegExp(`(['"\`])${escaped}\\1`))
  })

  test('names the default host of the Neon API', () => {
    const { host } = new URL(INPUTS.api_host.default)
    expect(text).toContain(`| \`${host}\`, or \`api_host\` |`)
  })
})
