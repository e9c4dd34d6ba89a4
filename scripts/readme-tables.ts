import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'

/** The part of action.yml that the README repeats. */
export interface ActionManifest {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>
  readonly outputs: Record<string, { readonly description: string }>
}

// Only a pipe can end a cell; everything else in action.yml is Markdown as it stands.
const cell = (text: string): string => text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const inputsTable = ({ inputs }: ActionManifest): string =>
  table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(inputs).map(([name, input]) => [
      `\`${name}\``,
      input.default ? `\`${cell(input.default)}\`` : '',
      cell(input.description),
    ]),
  )

const outputsTable = ({ outputs }: ActionManifest): string =>
  table(
    ['Output', 'Value'],
    Object.entries(outputs).map(([name, output]) => [`\`${name}\``, cell(output.description)]),
  )

const between = (text: string, marker: string, content: string): string => {
  const [opening, closing] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`]
  const start = text.indexOf(opening)
  const end = text.indexOf(closing)
  if (start < 0 || end < start) throw new Error(`the README has no ${opening} … ${closing}`)
  return `${text.slice(0, start + opening.length)}\n${content}\n${text.slice(end)}`
}

/**
 * The README with its tables of inputs and outputs as action.yml has them. Pure. Throws when the
 * README misses a marker.
 */
export const withTables = (readme: string, manifest: ActionManifest): string =>
  between(between(readme, 'inputs', inputsTable(manifest)), 'outputs', outputsTable(manifest))

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..')
  const manifest = parse(readFileSync(resolve(root, 'action.yml'), 'utf8')) as ActionManifest
  const path = resolve(root, 'README.md')
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), manifest))
}
