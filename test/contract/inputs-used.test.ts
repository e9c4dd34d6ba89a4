import { resolve } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { read } from './project.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const INPUTS_FILE = resolve(ROOT, 'src/action/inputs.ts')

/** Returns TypeScript's language service over `src`, with `text` in place of inputs.ts. */
const serviceFor = (text: string): ts.LanguageService => {
  const { config } = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = path === INPUTS_FILE ? text : ts.sys.readFile(path)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  })
}

/** Returns the properties of `Inputs` that no other file reads. */
const unusedInputs = (text: string): string[] => {
  const service = serviceFor(text)
  const start = text.indexOf('export interface Inputs {')
  const body = text.slice(start, text.indexOf('\n}\n', start))
  return [...body.matchAll(/^ {2}readonly (\w+)/gm)]
    .filter((property) => {
      const position = start + property.index + property[0].length - 1
      const found = service.getReferencesAtPosition(INPUTS_FILE, position) ?? []
      return !found.some(({ fileName }) => fileName !== INPUTS_FILE)
    })
    .map(([, name = '']) => name)
}

describe('the inputs', { timeout: 120_000 }, () => {
  let unused: string[]

  beforeAll(() => {
    const extra = 'export interface Inputs {\n  readonly neverUsed: boolean'
    unused = unusedInputs(read('src/action/inputs.ts').replace('export interface Inputs {', extra))
  }, 120_000)

  test('are all used by a file other than the one that reads them', () => {
    // The first property is planted, to prove that this test can fail.
    expect(unused).toEqual(['neverUsed'])
  })
})
