import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { load } from 'js-yaml'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { expand } from './environment.ts'
import { faultSentences } from './faults.ts'
import type { Settings } from './settings.ts'
import { validate } from './validate.generated.js'

const LARGEST_FILE = 1_000_000
const FIX = 'correct the settings; nothing at Neon was touched (docs/settings.md has every key)'

/** One line that ends like a file's name is a path; anything else is the settings themselves. */
const isPath = (input: string): boolean => /^[^\n:{}]+\.(ya?ml|json)$/i.test(input)

const textOf = (input: string, workspace: string): { text: string; source: string } => {
  if (!isPath(input)) return { text: input, source: 'the input `settings`' }
  const source = `the settings file ${oneLine(input, 200)}`
  try {
    const path = resolve(workspace, input)
    const about = statSync(path)
    // Devices, and what the system makes up while it is read, never end.
    if (!about.isFile() || about.size === 0) throw new Error('it is empty, or no file')
    if (about.size > LARGEST_FILE) throw new Error('it is larger than 1 MB')
    return { text: readFileSync(path, 'utf8'), source }
  } catch (error) {
    throw new Problem({
      what: `Could not read ${source}: ${oneLine(messageOf(error))}`,
      why: 'the path is relative to the checkout, and the job has no `actions/checkout` step before this one, or the file is elsewhere',
      fix: 'check out the repository first, or give the settings as YAML text',
      cause: error,
    })
  }
}

/** js-yaml's own message quotes the lines around the fault, and a secret may stand there. */
const yamlFault = (error: unknown): string => {
  const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } }
  const place = mark ? ` (line ${mark.line + 1}, column ${mark.column + 1})` : ''
  return `${oneLine(reason ?? 'it cannot be read')}${place}`
}

const parse = (text: string, source: string): unknown => {
  try {
    return load(text)
  } catch (error) {
    throw new Problem({
      what: `${source} is not YAML: ${yamlFault(error)}`,
      fix: FIX,
      cause: error,
    })
  }
}

/** Faults between settings that the schema cannot see. */
const contradictions = (
  { email_provider, test_email, users, webhook }: Settings,
  isolate: boolean,
): string[] => {
  const emails = (users ?? []).map(({ email }) => email.toLowerCase())
  const twice = emails.filter((email, index) => emails.indexOf(email) !== index)
  return [
    ...twice.map((email) => `\`users\` names ${oneLine(email, 100)} twice`),
    // What is shown of it is its origin, which such a one has not got.
    ...(webhook?.webhook_url !== undefined && !URL.canParse(webhook.webhook_url)
      ? ['`webhook.webhook_url` is not a URL']
      : []),
    ...(test_email && (email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared'
      ? [
          '`test_email` needs an `email_provider` of `type: standard`; the shared one cannot be tested',
        ]
      : []),
  ]
}

/**
 * Reads the `settings` input: YAML (or JSON) text, or the path of such a file in `workspace`.
 * `${NAME}` is filled in and masked before anything else happens. Throws one {@link Problem} that
 * lists every fault with its path in the file.
 *
 * Loaded only when settings are given: the YAML parser and the validator are its own.
 */
export const readSettings = (
  input: string,
  env: NodeJS.ProcessEnv,
  { isolate = false } = {},
): Settings => {
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd()
  const { text, source } = textOf(input, workspace)
  const raw = parse(text, source)
  const expanded = expand(raw, env)
  const { value } = expanded
  const found = (): string[] =>
    validate(value)
      ? contradictions(value as Settings, isolate)
      : faultSentences(validate.errors ?? [], value, raw)
  const faults = [...expanded.faults, ...(value === undefined ? [] : found())]
  if (faults.length === 0) return value as Settings
  throw new Problem({
    what: `${source} cannot be used:\n${bulletList(faults)}`,
    fix: FIX,
  })
}
