import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'

/** The part of action.yml that the README shows. */
export interface ActionManifest {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>
  readonly outputs: Record<string, { readonly description: string }>
}

// Only a pipe needs escaping. Everything else in action.yml is valid Markdown.
const cell = (text: string): string => text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** The inputs in the order in which people look for them. */
const INPUT_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Neon project and branch': ['api_key', 'project_id', 'branch', 'pr_number', 'database'],
  'What to do': ['mode', 'on_close', 'delete_data', 'on_orphan_schema', 'dry_run'],
  'Trusted domains': [
    'trusted_domains',
    'discover_domains',
    'discover_functions',
    'deployment_environments',
    'prune_domains',
    'allow_shared_wildcards',
    'allow_localhost',
  ],
  'Settings and isolation': ['settings', 'isolate', 'oauth', 'oauth_preflight'],
  'End-to-end tests': ['e2e_session', 'vercel_bypass'],
  'Safety and checks': ['allow_protected', 'verify', 'timeout', 'missing_key'],
  'Reporting and connections': ['export_env', 'comment', 'summary', 'github_token', 'api_host'],
}

/** Returns the groups, plus one for inputs without a group. */
const groupsOf = (names: readonly string[]): [title: string, names: readonly string[]][] => {
  const grouped = new Set(Object.values(INPUT_GROUPS).flat())
  const others = names.filter((name) => !grouped.has(name))
  const groups = Object.entries(INPUT_GROUPS).map(([title, members]): [string, string[]] => [
    title,
    members.filter((name) => names.includes(name)),
  ])
  return [...groups, ['Other', others] as [string, string[]]].filter(([, { length }]) => length > 0)
}

const inputRow = (name: string, input: ActionManifest['inputs'][string] | undefined): string[] => [
  `\`${name}\``,
  input?.default ? `\`${cell(input.default)}\`` : '',
  cell(input?.description ?? ''),
]

const inputsTable = ({ inputs }: ActionManifest): string =>
  groupsOf(Object.keys(inputs))
    .map(([title, names]) => {
      const rows = names.map((name) => inputRow(name, inputs[name]))
      return `**${title}**\n\n${table(['Input', 'Default', 'Meaning'], rows)}`
    })
    .join('\n\n')

const outputsTable = ({ outputs }: ActionManifest): string =>
  table(
    ['Output', 'Value'],
    Object.entries(outputs).map(([name, output]) => [`\`${name}\``, cell(output.description)]),
  )

const replaceBetween = (text: string, marker: string, content: string): string => {
  const [opening, closing] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`]
  const start = text.indexOf(opening)
  const end = text.indexOf(closing)
  if (start < 0 || end < start) throw new Error(`the README lacks ${opening} … ${closing}`)
  return `${text.slice(0, start + opening.length)}\n${content}\n${text.slice(end)}`
}

/**
 * Returns the README with its input and output tables filled from action.yml. Pure. Throws if a
 * marker is missing from the README.
 */
export const withTables = (readme: string, manifest: ActionManifest): string =>
  replaceBetween(
    replaceBetween(readme, 'inputs', inputsTable(manifest)),
    'outputs',
    outputsTable(manifest),
  )

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..')
  const manifest = parse(readFileSync(resolve(root, 'action.yml'), 'utf8')) as ActionManifest
  const path = resolve(root, 'README.md')
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), manifest))
}
