import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { validate } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'
import type { ActionManifest } from '../../scripts/readme-tables.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Returns the text of one of the project's files. */
export const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8')

/** Returns the files of a folder, recursively, as paths from the project's root. Skips packages. */
export const filesIn = (folder: string): string[] =>
  readdirSync(resolve(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, resolve(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((path) => !path.includes('/node_modules/'))
    .sort()

/** Returns every file that a commit of the work tree would contain, as a path from the project's root. */
export const committedFiles = (): string[] => {
  const list = (...options: string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: ROOT, encoding: 'utf8' }).split('\0')
  const files = list('--cached', '--others', '--exclude-standard', '--deduplicate')
  const deletedFiles = new Set(list('--deleted'))
  return files.filter((path) => path !== '' && !deletedFiles.has(path))
}

/** action.yml as the runner reads it. */
export interface Manifest extends ActionManifest {
  readonly name: string
  readonly description: string
  readonly branding: { readonly icon: string; readonly color: string }
  readonly inputs: Record<
    string,
    { readonly description: string; readonly default?: string; readonly required?: boolean }
  >
  readonly runs: { readonly using: string; readonly main: string }
}

/** Returns the YAML blocks of a Markdown page. */
export const yamlBlocks = (page: string): string[] =>
  [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block)

/** Returns the names of the scripts that a text runs with `npm run`. */
export const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)

/** Returns the project's own action.yml. */
export const manifest = (): Manifest => parse(read('action.yml')) as Manifest

let documents = 0

/**
 * Returns what GitHub's own language service reports for an action.yml or a workflow, one line per finding.
 * It caches documents by URI, so every document gets its own.
 */
export const findings = async (path: string, text: string): Promise<string[]> => {
  documents += 1
  const uri = `file:///document-${documents}/${path}`
  const diagnostics = await validate(TextDocument.create(uri, 'yaml', 1, text))
  return diagnostics.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)
}
