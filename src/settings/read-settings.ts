import { Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import { contradictions, settingsWarnings } from './contradictions.ts'
import { type Expanded, expand } from './environment.ts'
import { parseSettings } from './parse.ts'
import { TOP_LEVEL } from './paths.ts'
import { readSource } from './read-source.ts'
import { type Fault, schemaFaults } from './schema-faults.ts'
import type { Settings } from './settings.ts'
import { validate } from './validate.generated.js'
import { valueFaults } from './value-faults.ts'

const FIX =
  'correct the settings; nothing was changed in Neon (docs/settings.md describes every key)'

/** Options for reading the settings. */
export interface ReadOptions {
  /** The input `isolate`, which provides defaults for the settings. */
  readonly isolate?: boolean
  /** Receives a sentence for each likely mistake. */
  readonly warn?: (sentence: string) => void
}

/** Returns the faults of settings without a fault in `reported`. A second one would only repeat the first. */
const withoutReported = (faults: readonly Fault[], reported: readonly Fault[]): Fault[] => {
  const paths = new Set(reported.map(({ path }) => path))
  return faults.filter(({ path }) => !paths.has(path))
}

const faultSentence = ({ path, text }: Fault): string =>
  `${path === TOP_LEVEL ? 'The top level' : `\`${path}\``} ${text}`

/** Returns every fault as a sentence. Names the variables that a bad value comes from. */
const faultSentences = ({ value, faults, variables }: Expanded): string[] => {
  const expansionSentences = faults.map(faultSentence)
  if (value === undefined) return expansionSentences
  const badValues = withoutReported(valueFaults(value), faults)
  const violations = validate(value) ? [] : schemaFaults(validate.errors ?? [], value)
  const others = [...badValues, ...withoutReported(violations, [...faults, ...badValues])]
  const sentences = others.map((fault) => {
    const names = variables.get(fault.path)?.map((name) => `\${${name}}`)
    return `${faultSentence(fault)}${names ? ` (from ${names.join(', ')})` : ''}`
  })
  return [...new Set([...expansionSentences, ...sentences])]
}

/**
 * Reads the `settings` input: YAML or JSON text, or the path of a file in the workspace. Replaces and masks
 * every `${NAME}`. Throws one {@link Problem} for the first syntax error, otherwise for all faults with their paths,
 * otherwise for all contradictions. It quotes nothing that may be a secret.
 *
 * Import this module only if there are settings, because the YAML parser and the validator are large.
 */
export const readSettings = (
  input: string,
  env: NodeJS.ProcessEnv,
  { isolate = false, warn = () => {} }: ReadOptions = {},
): Settings => {
  const source = readSource(input, env['GITHUB_WORKSPACE'] || process.cwd())
  const expanded = expand(parseSettings(source), env)
  const faults = faultSentences(expanded)
  const settings = expanded.value as Settings
  const sentences = faults.length > 0 ? faults : contradictions(settings, isolate)
  if (sentences.length > 0) {
    throw new Problem({
      what: `${source.label} cannot be used:\n${bulletList(sentences)}`,
      fix: FIX,
    })
  }
  for (const warning of settingsWarnings(settings, isolate)) warn(`${source.label}: ${warning}`)
  return settings
}
