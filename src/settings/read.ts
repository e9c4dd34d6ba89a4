import { Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import { contradictions, settingsWarnings } from './contradictions.ts'
import { type Expanded, expand } from './environment.ts'
import { type Fault, schemaFaults } from './faults.ts'
import { parse } from './parse.ts'
import { TOP_LEVEL } from './paths.ts'
import type { Settings } from './settings.ts'
import { sourceOf } from './source.ts'
import { validate } from './validate.generated.js'
import { valueFaults } from './values.ts'

const FIX =
  'correct the settings; nothing at Neon was changed (docs/settings.md describes every key)'

/** What a run adds to the settings. */
export interface ReadOptions {
  /** The input `isolate`, which decides what the settings do not mention. */
  readonly isolate?: boolean
  /** Receives each sentence about something that is most likely a mistake. */
  readonly warn?: (sentence: string) => void
}

/** The first fault of a setting explains it; what the schema says as well would repeat it. */
const withoutExplained = (faults: readonly Fault[], explained: readonly Fault[]): Fault[] => {
  const paths = new Set(explained.map(({ path }) => path))
  return faults.filter(({ path }) => !paths.has(path))
}

const sentenceOf = ({ path, text }: Fault): string =>
  `${path === TOP_LEVEL ? 'The top level' : `\`${path}\``} ${text}`

/** Every fault as a sentence. One about a value that came from the environment names the variable. */
const allFaults = ({ value, faults, variables }: Expanded): string[] => {
  const named = faults.map(sentenceOf)
  if (value === undefined) return named
  const pasted = withoutExplained(valueFaults(value), faults)
  const schema = validate(value) ? [] : schemaFaults(validate.errors ?? [], value)
  const others = [...pasted, ...withoutExplained(schema, [...faults, ...pasted])]
  const from = ({ path }: Fault): string => {
    const names = variables.get(path)?.map((name) => `\${${name}}`)
    return names ? ` (from ${names.join(', ')})` : ''
  }
  return [...new Set([...named, ...others.map((fault) => `${sentenceOf(fault)}${from(fault)}`)])]
}

/**
 * Reads the `settings` input: YAML (or JSON) text, or the path of such a file in the workspace. Fills
 * in and masks every `${NAME}` first. Throws one {@link Problem} that lists every fault with its path
 * in the file, and quotes no value.
 *
 * Loaded only if settings are given, because the YAML parser and the validator are large.
 */
export const readSettings = (
  input: string,
  env: NodeJS.ProcessEnv,
  { isolate = false, warn = () => {} }: ReadOptions = {},
): Settings => {
  const source = sourceOf(input, env['GITHUB_WORKSPACE'] || process.cwd())
  const expanded = expand(parse(source), env)
  const faults = allFaults(expanded)
  const settings = expanded.value as Settings
  const sentences = faults.length > 0 ? faults : contradictions(settings, isolate)
  if (sentences.length > 0) {
    throw new Problem({
      what: `${source.name} cannot be used:\n${bulletList(sentences)}`,
      fix: FIX,
    })
  }
  for (const warning of settingsWarnings(settings, isolate)) warn(`${source.name}: ${warning}`)
  return settings
}
