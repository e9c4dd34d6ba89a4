import { describe, expect, test } from 'vitest'
import { filesIn, read } from './project.ts'

const scripts = filesIn('dist').filter((path) => path.endsWith('.js'))
const bundle = scripts.map((path) => read(path)).join('\n')

const licensed = new Set(read('dist/licenses.txt').split('\n'))

const count = (marker: string): number => bundle.split(marker).length - 1

describe('the committed bundle', () => {
  test('lacks no module', () => {
    expect(count('webpackMissingModule')).toBe(0)
  })

  // Only undici has these lines, once per copy, and ncc does not minify. A second copy, such as undici 7
  // next to the toolkit's 6, would add a second line.
  test.each(['class Agent extends DispatcherBase', 'class Parser {'])(
    'holds one copy of undici, by its `%s`',
    (marker) => {
      expect(count(marker)).toBe(1)
    },
  )

  test.each([
    ["the toolkit's HTTP client", 'class HttpClientResponse'],
    ["undici's fetch", 'class Fetch extends'],
    ["undici's forms", 'function extractBody'],
    ["undici's HTTP/2", 'async function connectH2'],
    ['what starts processes', 'class ExecState'],
  ])('contains nothing of %s', (_, marker) => {
    expect(count(marker)).toBe(0)
  })

  test('is ASCII, which Node loads faster', () => {
    expect(/[^\0-\x7f]/.test(bundle)).toBe(false)
  })

  test('is declared as ESM, whatever repository it is in', () => {
    expect(JSON.parse(read('dist/package.json'))).toEqual({ type: 'module' })
  })

  test.each([
    '@actions/core',
    '@actions/github',
    '@actions/http-client',
    '@neondatabase/serverless',
    'fastest-levenshtein',
    'tldts',
    'undici',
  ])('comes with the license of %s', (name) => {
    expect(licensed.has(name)).toBe(true)
  })

  // Compares booleans, because a failure must not print the bundle.
  test.each([
    ['@actions/github', '@octokit/core'],
    ['the proxy agent', 'class ProxyAgent extends'],
    ['@neondatabase/serverless', 'fetchConnectionCache'],
    ['tldts', 'allowPrivateDomains'],
  ])('loads %s only if it is needed', (_, marker) => {
    expect(bundle.includes(marker)).toBe(true)
    expect(read('dist/index.js').includes(marker)).toBe(false)
  })

  test('has a size', () => {
    const sizes = scripts.map((path) => [path, Buffer.byteLength(read(path))] as const)
    const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
    console.log(
      `dist: ${total} bytes of JavaScript (${sizes.map((size) => size.join(' ')).join(', ')})`,
    )
    expect(total).toBeGreaterThan(0)
  })
})
