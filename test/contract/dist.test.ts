import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LIMITS, sizes } from '../../scripts/bench/size.ts'
import { isServed } from '../local-github/routes.ts'
import { filesIn, read } from './project.ts'

const scripts = filesIn('dist').filter((path) => path.endsWith('.js'))
const bundle = scripts.map((path) => read(path)).join('\n')

const licensedPackages = new Set(read('dist/licenses.txt').split('\n'))

const count = (marker: string): number => bundle.split(marker).length - 1

describe('the committed bundle', () => {
  test('contains every module', () => {
    expect(count('webpackMissingModule')).toBe(0)
  })

  // Only undici has these lines, and ncc does not minify. A second copy, such as undici 7 next to the
  // toolkit's 6, would add a second line.
  test.each(['class Agent extends DispatcherBase', 'class Parser {'])(
    'contains one copy of undici, recognized by `%s`',
    (marker) => {
      expect(count(marker)).toBe(1)
    },
  )

  test.each([
    ["the toolkit's HTTP client", 'class HttpClientResponse'],
    ["undici's fetch", 'class Fetch extends'],
    ["undici's forms", 'function extractBody'],
    ["undici's HTTP/2", 'async function connectH2'],
    ["undici's redirects", 'class RedirectHandler'],
    ["the toolkit's OIDC client", 'class OidcClient'],
    ["Octokit's other endpoints", 'addCustomLabelsToSelfHostedRunnerForOrg'],
    ["Octokit's paginator", 'paginatingEndpoints'],
    ['code that starts processes', 'class ExecState'],
  ])('does not contain %s', (_, marker) => {
    expect(count(marker)).toBe(0)
  })

  test('is ASCII, which Node loads faster', () => {
    expect(/[^\0-\x7f]/.test(bundle)).toBe(false)
  })

  test('is declared as ESM, independent of the repository around it', () => {
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
  ])('includes the license of %s', (name) => {
    expect(licensedPackages.has(name)).toBe(true)
  })

  // Compares booleans, because a failure must not print the bundle.
  test.each([
    ['@actions/github', 'octokit-core.js'],
    ['the proxy agent', 'class ProxyAgent extends'],
    ['@neondatabase/serverless', 'fetchConnectionCache'],
    ['tldts', 'allowPrivateDomains'],
  ])('contains %s, but does not load it at start', (_, marker) => {
    expect(bundle.includes(marker)).toBe(true)
    expect(read('dist/index.js').includes(marker)).toBe(false)
  })

  // Before you raise a limit, see "Loaded late" in docs/architecture.md.
  test.each([
    [`loads at most ${LIMITS.start / 1e6} MB at start`, 'start'],
    [`has at most ${LIMITS.all / 1e6} MB of JavaScript in total`, 'all'],
  ] as const)('%s', (_, part) => {
    expect(sizes()[part]).toBeLessThanOrEqual(LIMITS[part])
  })

  test('loads one file at start', () => {
    // Static imports and re-exports load another file at start. `import('./x.js')` does not.
    expect(/\bfrom\s*["']\.|^import\s*["']\./m.exec(read('dist/index.js'))?.[0]).toBeUndefined()
  })
})

describe("the bundle's Octokit endpoints", () => {
  type Endpoints = Readonly<Record<string, Readonly<Record<string, unknown>>>>
  const OWN = 'scripts/bundle/octokit-endpoints.js'
  const ALL = 'node_modules/@octokit/plugin-rest-endpoint-methods/dist-src/generated/endpoints.js'
  const routesIn = async (path: string): Promise<Map<string, unknown>> => {
    const { default: endpoints } = (await import(resolve(path))) as { default: Endpoints }
    const routes = Object.entries(endpoints).flatMap(([scope, methods]) =>
      Object.entries(methods).map(([name, route]) => [`${scope}.${name}`, route] as const),
    )
    return new Map(routes)
  }

  test('are those that the source uses', async () => {
    const used = filesIn('src').flatMap((path) =>
      [...read(path).matchAll(/\.rest\.(\w+\.\w+)/g)].map(([, name = '']) => name),
    )
    expect(new Set((await routesIn(OWN)).keys())).toEqual(new Set(used))
  })

  test("have Octokit's routes", async () => {
    const all = await routesIn(ALL)
    for (const [name, route] of await routesIn(OWN))
      expect([name, route]).toEqual([name, all.get(name)])
  })

  test('are all served by Local GitHub, as is reading a pull request by number', async () => {
    const routes = [...(await routesIn(OWN)).values()].map((route) => String(route))
    for (const route of [...routes, 'GET /repos/{owner}/{repo}/pulls/{pull_number}']) {
      const [method = '', path = ''] = route.split(' ')
      expect([route, isServed(method, path.replace(/\{\w+\}/g, '7'))]).toEqual([route, true])
    }
  })
})
