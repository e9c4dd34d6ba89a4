import { existsSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { committedFiles, filesIn, read, scriptsIn } from './project.ts'

const pages = [
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  '.github/pull_request_template.md',
].map((path) => [path, read(path)] as const)
const contributing = read('CONTRIBUTING.md')
const { scripts, version } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>
  version: string
}

const exists = (path: string): boolean => existsSync(resolve(import.meta.dirname, '../..', path))

const unknownScripts = (text: string): string[] =>
  scriptsIn(text).filter((name) => !(name in scripts))

/** Returns the files and folders that a page names but that do not exist. */
const missingFiles = (path: string, text: string): string[] => [
  ...[...text.matchAll(/`((?:\.ci|\.github|dist|docs|scripts|src|test)\/[\w./-]*)`/g)]
    .map((match) => match[1] ?? '')
    .filter((path) => !exists(path)),
  ...[...text.matchAll(/\]\((?!https:)([^)#]+)/g)]
    .map((match) => posix.join(posix.dirname(path), match[1] ?? ''))
    .filter((path) => !exists(path)),
]

describe('the pages for contributors', () => {
  test.each(pages)('%s names only existing scripts', (_, text) => {
    expect(unknownScripts(text)).toEqual([])
  })

  test.each(pages)('%s names and links only existing files', (path, text) => {
    expect(missingFiles(path, text)).toEqual([])
  })

  test('would fail these tests with an unknown name', () => {
    expect(unknownScripts(contributing.replace('npm run build', 'npm run bundle'))).toEqual([
      'bundle',
    ])
    expect(
      missingFiles('CONTRIBUTING.md', contributing.replace('(CHANGELOG.md)', '(NEWS.md)')),
    ).toEqual(['NEWS.md'])
    expect(
      missingFiles('CONTRIBUTING.md', contributing.replace('`src/core/version.ts`', '`src/v.ts`')),
    ).toEqual(['src/v.ts'])
  })
})

describe('CONTRIBUTING.md', () => {
  test('starts with the command that runs the tests', () => {
    expect(contributing).toMatch(/^# Contributing\n\n```sh\nnpm ci && npm test\n```\n/)
  })

  /** Returns the texts of the files, folders, and patterns that a row of the table names. */
  const textsNamedIn = (row: string): string[] => {
    const named = [...row.matchAll(/`([\w.-]+(?:\/[\w.*-]*)*)`|\]\(([^)#]+)\)/g)]
      .map(([, file, page]) => file ?? page ?? '')
      .filter((name) => name.includes('/') || name === 'action.yml')
    const patterns = named.map((name) => name.replaceAll('.', '\\.').replace('*', '[\\w-]+'))
    return committedFiles()
      .filter((path) =>
        patterns.some((pattern) =>
          new RegExp(`^${pattern}${pattern.endsWith('/') ? '' : '$'}`).test(path),
        ),
      )
      .map(read)
  }

  /** Returns the names in a row of the table that no file of that row contains. */
  const unknownNames = (row: string): string[] => {
    const texts = textsNamedIn(row)
    return [...row.matchAll(/`([A-Za-z_]\w*)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
  }

  const changes = [...contributing.matchAll(/^\| ((?:an?|another|the) [^|]+) \| (.+) \|$/gm)].map(
    ([, change = '', row = '']) => [change, row] as const,
  )

  test('has a table of everyday changes', () => {
    expect(changes.length).toBeGreaterThanOrEqual(13)
  })

  test.each(changes)('names, for %s, only what the files in its row contain', (_, row) => {
    expect(textsNamedIn(row)).not.toEqual([])
    expect(unknownNames(row)).toEqual([])
  })

  test('would fail that test with a name that its file no longer contains', () => {
    expect(unknownNames('Add it to `INPUTS` and `Direction` in `src/action/inputs.ts`.')).toEqual([
      'Direction',
    ])
  })

  test('describes every folder with tests', () => {
    const folders = filesIn('test')
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => path.split('/').slice(0, 2).join('/'))
    const described = [...contributing.matchAll(/^\| `(test\/[\w-]+)\/` \|/gm)].map(
      ([, path]) => path,
    )
    expect(described.sort()).toEqual([...new Set(folders)].sort())
  })
})

describe('the changelog', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, text]) => text ?? '')

  test('has sections from which release.yml can read the notes', () => {
    const form = /^\[(Unreleased|\d+\.\d+\.\d+\] - (unreleased|\d{4}-\d{2}-\d{2})$)/
    expect(headings).not.toEqual([])
    expect(headings.filter((heading) => !form.test(heading))).toEqual([])
  })

  test('has a section for the version of package.json', () => {
    expect(headings.some((heading) => heading.startsWith(`[${version}] - `))).toBe(true)
  })
})

describe('the issue forms', () => {
  interface Field {
    readonly type: string
    readonly id?: string
    readonly attributes: {
      readonly label?: string
      readonly value?: string
      readonly options?: readonly string[]
    }
  }
  interface Form {
    readonly name: string
    readonly description: string
    readonly body: readonly Field[]
  }
  const forms = ['bug', 'feature'].map(
    (name) => [name, parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as Form] as const,
  )

  // GitHub hides a form that breaks these rules:
  // https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
  test.each(forms)(
    'include %s, which follows the rules for forms that GitHub shows',
    (_, { name, description, body }) => {
      expect(name && description).toBeTruthy()
      const fields = body.filter(({ type }) => type !== 'markdown')
      const ids = fields.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { type, id, attributes } of fields) {
        expect(id).toMatch(/^[\w-]+$/)
        expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(type)
        expect(attributes.label).toBeTruthy()
        if (type === 'dropdown') {
          expect(new Set(attributes.options).size).toBe(attributes.options?.length)
          // GitHub reserves this name for an option.
          expect(attributes.options).not.toContain('None')
        }
      }
      for (const { attributes } of body.filter(({ type }) => type === 'markdown')) {
        expect(attributes.value).toBeTruthy()
      }
    },
  )

  test('send vulnerabilities to a private report', () => {
    const { contact_links: links, blank_issues_enabled: blank } = parse(
      read('.github/ISSUE_TEMPLATE/config.yml'),
    ) as { contact_links: { url: string }[]; blank_issues_enabled: boolean }
    expect(blank).toBe(false)
    expect(links[0]?.url).toMatch(/\/security\/advisories\/new$/)
  })
})

describe('.editorconfig', () => {
  const config = read('.editorconfig')

  test('agrees with Biome and Git', () => {
    const { formatter } = JSON.parse(read('biome.json')) as {
      formatter: { indentStyle: string; indentWidth: number; lineWidth: number }
    }
    expect(config).toContain(`indent_style = ${formatter.indentStyle}\n`)
    expect(config).toContain(`indent_size = ${formatter.indentWidth}\n`)
    expect(config).toContain(`max_line_length = ${formatter.lineWidth}\n`)
    expect(read('.gitattributes')).toContain('eol=lf')
    expect(config).toContain('end_of_line = lf\n')
  })

  test('forbids trailing spaces, CRLF, and missing final newlines, and no handwritten file has them', () => {
    for (const rule of ['trim_trailing_whitespace = true', 'insert_final_newline = true'])
      expect(config).toContain(`${rule}\n`)
    const written = committedFiles().filter(
      (path) => !/^(dist\/|package-lock\.json)|\.(png|gif|webp|generated\.js)$/.test(path),
    )
    expect(written).toContain('CONTRIBUTING.md')
    const isTidy = (text: string): boolean => !/[ \t]$|\r/m.test(text) && /(^|\n)$/.test(text)
    expect(written.filter((path) => !isTidy(read(path)))).toEqual([])
  })
})
