import { resolve } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { read } from './project.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** The interfaces of user input, and the other files that name their properties without using them. */
const INTERFACES = [
  ['src/action/inputs.ts', 'Inputs', []],
  [
    'src/settings/settings.ts',
    'Settings',
    ['src/settings/schema.ts', 'src/settings/stored-row.ts'],
  ],
] as const

const fileOf = (path: string): string => resolve(ROOT, path)

/** The files, with an unused property added to each interface, to prove that this test can fail. */
const changedFiles = new Map(
  INTERFACES.map(([path, name]) => {
    const opening = `export interface ${name} {`
    return [fileOf(path), read(path).replace(opening, `${opening}\n  readonly neverUsed?: boolean`)]
  }),
)

/** Returns TypeScript's language service over `src`, with the changed files. */
const startService = (): ts.LanguageService => {
  const { config } = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = changedFiles.get(path) ?? ts.sys.readFile(path)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  })
}

describe('user input', { timeout: 120_000 }, () => {
  let service: ts.LanguageService
  beforeAll(() => {
    service = startService()
  })

  test.each(INTERFACES)(
    'has no property in %s that the code does not use',
    (path, name, declaringFiles) => {
      const file = fileOf(path)
      const text = changedFiles.get(file) ?? ''
      const start = text.indexOf(`export interface ${name} {`)
      const body = text.slice(start, text.indexOf('\n}\n', start))
      const ignored = [path, ...declaringFiles].map(fileOf)
      const unused = [...body.matchAll(/^ {2}readonly (\w+)/gm)].filter((property) => {
        const position = start + property.index + property[0].length - 1
        const references = service.getReferencesAtPosition(file, position) ?? []
        return !references.some(({ fileName }) => !ignored.includes(fileName))
      })
      expect(unused.map(([, property]) => property)).toEqual(['neverUsed'])
    },
  )
})
