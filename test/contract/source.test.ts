import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { committedFiles, filesIn, read } from './project.ts'

const files = filesIn('src').filter((path) => path.endsWith('.ts'))
const sources = new Map(files.map((path) => [path, read(path)]))

/** Returns all imports of a file, static and dynamic, including types. */
const importsOf = (path: string): string[] =>
  ts
    .preProcessFile(sources.get(path) ?? '', true, true)
    .importedFiles.map(({ fileName }) => fileName)

const imports = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })))
const packageImports = imports.filter(({ to }) => !to.startsWith('.'))
const ownImports = imports
  .filter(({ to }) => to.startsWith('.'))
  .map(({ from, to }) => ({ from, to: posix.join(posix.dirname(from), to) }))

const importersOf = (name: string): string[] =>
  packageImports
    .filter(({ to }) => to === name || to.startsWith(`${name}/`))
    .map(({ from }) => from)

describe('the libraries that only some folders of the source may import', () => {
  test.each<[string, RegExp]>([
    ['@actions/core', /^src\/(action|report)\//],
    ['@actions/github', /^src\/github\//],
    ['@actions/http-client', /^src\/network\//],
    ['@neondatabase/serverless', /^src\/neon\//],
    ['undici', /^src\/network\//],
  ])('include %s', (name, allowed) => {
    const importers = importersOf(name)
    expect(importers).not.toEqual([])
    expect(importers.filter((path) => !allowed.test(path))).toEqual([])
  })
})

describe('@neon/sdk', () => {
  test('is imported only for types, so the bundle contains none of it', () => {
    const importers = [...new Set(importersOf('@neon/sdk'))]
    expect(importers).not.toEqual([])
    for (const path of importers) {
      expect(/^import (?!type )[^'"]*from '@neon\/sdk/m.test(read(path))).toBe(false)
    }
    expect(read('dist/licenses.txt').includes('@neon/sdk')).toBe(false)
  })
})

/** The parts of the source, lowest first. A file belongs to the first part that matches. */
const PARTS: Record<string, RegExp> = {
  core: /^src\/core\//,
  domains: /^src\/domains\//,
  network: /^src\/network\//,
  neon: /^src\/neon\//,
  'auth-service': /^src\/auth-service\//,
  github: /^src\/github\//,
  preview: /^src\/preview\//,
  settings: /^src\/settings\//,
  session: /^src\/session\//,
  auth: /^src\/auth\//,
  doctor: /^src\/doctor\//,
  action: /^src\/action\//,
  report: /^src\/report\//,
  runs: /^src\/runs\//,
  run: /^src\/run\.ts$/,
  main: /^src\/(main|process-step|step|step-results)\.ts$/,
}

const CLIENTS = ['neon', 'auth-service', 'github']

/** The other parts that a part may import from, in one direction only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  domains: ['core'],
  network: ['core', 'domains'],
  neon: ['core', 'domains', 'network'],
  'auth-service': ['core', 'domains', 'network'],
  github: ['core', 'network'],
  preview: ['core', 'domains', 'network', ...CLIENTS],
  settings: ['core', 'domains', 'network', ...CLIENTS],
  session: ['core', 'domains', 'network', ...CLIENTS, 'settings'],
  auth: ['core', 'domains', 'network', ...CLIENTS, 'preview', 'settings'],
  doctor: ['core', 'domains', 'network', 'neon', 'auth-service', 'auth'],
  action: ['core', 'domains', 'github', 'preview'],
  report: ['core', 'action', 'neon', 'auth-service', 'auth', 'doctor', 'preview'],
  runs: [
    'core',
    'domains',
    'network',
    ...CLIENTS,
    'preview',
    'settings',
    'session',
    'auth',
    'doctor',
    'action',
    'report',
  ],
  run: ['core', 'network', 'action', 'neon', 'github', 'report', 'runs'],
  main: ['core', 'action', 'report', 'run'],
}

const partOf = (path: string): string =>
  Object.entries(PARTS).find(([, files]) => files.test(path))?.[0] ?? `none (${path})`

describe('the layers of the source', () => {
  test('contain every file', () => {
    expect(files.filter((path) => !(partOf(path) in MAY_IMPORT))).toEqual([])
  })

  test('import each other in one direction only', () => {
    const upward = ownImports.filter(({ from, to }) => {
      const [importer, imported] = [partOf(from), partOf(to)]
      return importer !== imported && !MAY_IMPORT[importer]?.includes(imported)
    })
    expect(upward).toEqual([])
  })

  test('have no circular imports, not even of types', () => {
    const remaining = new Set(files)
    for (let previousSize = -1; previousSize !== remaining.size; ) {
      previousSize = remaining.size
      for (const path of remaining) {
        const needs = ownImports.filter(({ from, to }) => from === path && remaining.has(to))
        if (needs.length === 0) remaining.delete(path)
      }
    }
    expect([...remaining]).toEqual([])
  })

  test('let `neon` import only the definition of loopback from `domains`', () => {
    const names = ownImports
      .filter(({ from, to }) => partOf(from) === 'neon' && partOf(to) === 'domains')
      .map(({ from }) => /import (.*) from '\.\.\/domains\/loopback\.ts'/.exec(read(from))?.[1])
    expect(names.filter((name) => name !== '{ isLoopback }')).toEqual([])
  })
})

describe('the source', () => {
  const nodesOf = (path: string): ts.Node[] => {
    const nodes: ts.Node[] = []
    const visit = (node: ts.Node): void => {
      nodes.push(node)
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext))
    return nodes
  }

  test.each(files)('%s has no default export and no `any`', (path) => {
    const faults = nodesOf(path).filter(
      ({ kind }) =>
        kind === ts.SyntaxKind.AnyKeyword ||
        kind === ts.SyntaxKind.ExportAssignment ||
        kind === ts.SyntaxKind.DefaultKeyword,
    )
    expect(faults.map(({ pos }) => pos)).toEqual([])
  })
})

describe('the repository', () => {
  test('has the same version in the code as in package.json', async () => {
    const { VERSION } = await import('../../src/core/version.ts')
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: VERSION })
  })

  test('names no package registry, so it installs from any mirror', () => {
    // Assembled from parts, because this file must not name them either.
    const hosts = [
      ['registry', 'npmjs'],
      ['registry', 'yarnpkg'],
      ['npm', 'pkg.github'],
    ]
    const registry = new RegExp(hosts.map((parts) => parts.join('\\.')).join('|'))
    const files = committedFiles()
    expect(files).toContain('package.json')
    expect(files.filter((path) => registry.test(read(path)))).toEqual([])
    expect(read('package-lock.json').includes('"resolved"')).toBe(false)
  })
})
