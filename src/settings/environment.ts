import { registerSecret } from '../core/secrets.ts'
import { type Fault, isCredential, isSecret } from './faults.ts'
import { type Path, pathText, settingOf } from './paths.ts'
import { placeholderFault, variableFault } from './placeholders.ts'
import { booleans, numbers } from './validate.generated.js'

const NAME = '[A-Za-z_][A-Za-z0-9_]*'
const WHOLE = new RegExp(`^\\$\\{${NAME}\\}$`)
/** The escape `$${`, or a variable. */
const REFERENCE = new RegExp(`\\$\\$\\{|\\$\\{(${NAME})\\}`, 'g')

/** The most values of a settings file: YAML's aliases can turn a few lines into millions. */
const MOST_VALUES = 10_000
/** The deepest nesting: an alias can contain itself. */
const DEEPEST = 100

/** Values with every `${NAME}` filled in, and a fault for each that cannot be. */
export interface Expanded {
  readonly value: unknown
  readonly faults: readonly Fault[]
  /** The variables that supplied a value, by its path as text. */
  readonly variables: ReadonlyMap<string, readonly string[]>
}

interface Expansion {
  readonly env: NodeJS.ProcessEnv
  readonly faults: Fault[]
  readonly variables: Map<string, string[]>
  values: number
}

/** `587` and `true` from the environment are a number and a boolean if the setting takes one. */
const typed = (text: string, path: Path): unknown => {
  const key = String(path.at(-1))
  if (numbers.includes(key) && /^\d{1,15}$/.test(text)) return Number(text)
  if (booleans.includes(key) && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

/**
 * What a settings file must not reach: in a pull request the file is its author's text, and a key in
 * a webhook's URL would be sent to whoever owns that URL.
 */
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i

/** A secret pasted into the braces is not printed: names have one case, and parts that are words. */
const shownName = (name: string): string =>
  name.length <= 64 &&
  /^([A-Z_][A-Z0-9]*(_[A-Z0-9]*)*|[a-z]+(_[a-z0-9]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(name)
    ? `\${${name}}`
    : 'a variable (name not shown: it is not in upper case)'

/** Returns the value of a variable; if there is none, adds a fault and returns an empty text. */
const variableValue = (name: string, path: Path, { env, faults, variables }: Expansion): string => {
  const at = pathText(path)
  variables.set(at, [...(variables.get(at) ?? []), name])
  // `process.env` inherits from Object: its `constructor` is not a text.
  const found = RESERVED.test(name) ? '' : env[name]
  const value = typeof found === 'string' ? found : ''
  if (value === '') {
    const why = RESERVED.test(name) ? 'no settings file may read' : 'is not set or empty'
    faults.push({ path: at, text: `needs ${shownName(name)}, which ${why}` })
  }
  const unresolved = variableFault(value, name)
  if (unresolved) faults.push({ path: at, text: unresolved })
  return value
}

const fill = (text: string, path: Path, expansion: Expansion): unknown => {
  const setting = settingOf(path)
  const placeholder = placeholderFault(text, isCredential(setting))
  if (placeholder) expansion.faults.push({ path: pathText(path), text: placeholder })
  const whole = WHOLE.test(text)
  const filled = text.replace(REFERENCE, (_, name: string | undefined) => {
    if (name === undefined) return '${'
    const value = variableValue(name, path, expansion)
    if (!whole) registerSecret(value)
    return value
  })
  const value = whole ? typed(filled, path) : filled
  if (typeof value === 'string' && (whole || isSecret(setting))) registerSecret(value)
  return value
}

const walk = (value: unknown, path: Path, expansion: Expansion): unknown => {
  expansion.values += 1
  if (expansion.values > MOST_VALUES || path.length > DEEPEST) {
    expansion.values = Number.POSITIVE_INFINITY
    return undefined
  }
  if (typeof value === 'string') return fill(value, path, expansion)
  if (Array.isArray(value)) {
    return value.map((item, index) => walk(item, [...path, index], expansion))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], expansion)]),
  )
}

/**
 * Fills every `${NAME}` in `data` from the environment, and masks what it fills in before anything
 * can print it. `$${` stands for `${`. Keys are never filled. A fault for each name that is unset,
 * empty (as a missing secret is), or reserved, and for each other placeholder. Never throws.
 */
export const expand = (data: unknown, env: NodeJS.ProcessEnv): Expanded => {
  const expansion: Expansion = { env, faults: [], variables: new Map(), values: 0 }
  const value = walk(data, [], expansion)
  const { faults, variables, values } = expansion
  if (values <= MOST_VALUES) return { value, faults, variables }
  const text = `holds more than ${MOST_VALUES} values, or more than ${DEEPEST} in each other`
  return { value: undefined, faults: [{ path: pathText([]), text }], variables }
}
