import { registerSecret } from '../core/secrets.ts'
import { type Path, pathText, settingOf } from './paths.ts'
import { placeholderFault, variableFault } from './placeholder-faults.ts'
import { type Fault, isCredential, isSecret } from './schema-faults.ts'
import { booleans, numbers } from './validate.generated.js'

const NAME = '[A-Za-z_][A-Za-z0-9_]*'
const WHOLE_VALUE = new RegExp(`^\\$\\{${NAME}\\}$`)
/** Matches the escape `$${`, or a variable. */
const REFERENCE = new RegExp(`\\$\\$\\{|\\$\\{(${NAME})\\}`, 'g')

/** The maximum number of values in a settings file. YAML aliases can turn a few lines into millions. */
const MAX_VALUES = 10_000
/** The maximum depth of a settings file. A YAML alias can contain itself. */
const MAX_DEPTH = 100

/** The settings with every `${NAME}` replaced, and a fault for each that cannot be replaced. */
export interface Expanded {
  readonly value: unknown
  readonly faults: readonly Fault[]
  /** The variables that a value comes from, by its path as text. */
  readonly variables: ReadonlyMap<string, readonly string[]>
}

interface Expansion {
  readonly env: NodeJS.ProcessEnv
  readonly faults: Fault[]
  readonly variables: Map<string, string[]>
  count: number
}

/** Converts text such as `587` or `true` to the type of the setting. */
const convert = (text: string, path: Path): unknown => {
  const key = String(path.at(-1))
  if (numbers.includes(key) && /^\d{1,15}$/.test(text)) return Number(text)
  if (booleans.includes(key) && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

/**
 * Matches the variables that a settings file must not read. Anybody who opens a pull request can change the
 * file, and could send an API key to their own server in a webhook URL.
 */
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i

/** Returns a variable's name only if it looks like one, because somebody may have pasted a secret there. */
const describeVariable = (name: string): string =>
  name.length <= 64 &&
  /^([A-Z_][A-Z0-9]*(_[A-Z0-9]*)*|[a-z]+(_[a-z0-9]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(name)
    ? `\${${name}}`
    : 'a variable (name not shown, because it is not in upper case)'

/** Returns the value of a variable. If it has none, adds a fault and returns an empty text. */
const variableValue = (name: string, path: Path, { env, faults, variables }: Expansion): string => {
  const at = pathText(path)
  variables.set(at, [...(variables.get(at) ?? []), name])
  // `process.env` inherits from Object, so `constructor` is a function.
  const found = RESERVED.test(name) ? '' : env[name]
  const value = typeof found === 'string' ? found : ''
  if (value === '') {
    const why = RESERVED.test(name) ? 'settings files must not read' : 'is unset or empty'
    faults.push({ path: at, text: `needs ${describeVariable(name)}, which ${why}` })
  }
  const unresolved = variableFault(value, name)
  if (unresolved) faults.push({ path: at, text: unresolved })
  return value
}

const fill = (text: string, path: Path, expansion: Expansion): unknown => {
  const setting = settingOf(path)
  const placeholder = placeholderFault(text, isCredential(setting))
  if (placeholder) expansion.faults.push({ path: pathText(path), text: placeholder })
  const isWhole = WHOLE_VALUE.test(text)
  const filled = text.replace(REFERENCE, (_, name: string | undefined) => {
    if (name === undefined) return '${'
    const value = variableValue(name, path, expansion)
    if (!isWhole) registerSecret(value)
    return value
  })
  const value = isWhole ? convert(filled, path) : filled
  if (typeof value === 'string' && (isWhole || isSecret(setting))) registerSecret(value)
  return value
}

const walk = (value: unknown, path: Path, expansion: Expansion): unknown => {
  expansion.count += 1
  if (expansion.count > MAX_VALUES || path.length > MAX_DEPTH) {
    expansion.count = Number.POSITIVE_INFINITY
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
 * Replaces every `${NAME}` in the values of `data` with the environment variable, and registers it as a
 * secret. `$${` stands for `${`. Returns a fault for each variable that is unset, empty (like a missing
 * secret), or reserved, and for any other placeholder syntax. Never throws.
 */
export const expand = (data: unknown, env: NodeJS.ProcessEnv): Expanded => {
  const expansion: Expansion = { env, faults: [], variables: new Map(), count: 0 }
  const value = walk(data, [], expansion)
  const { faults, variables, count } = expansion
  if (count <= MAX_VALUES) return { value, faults, variables }
  const text = `has more than ${MAX_VALUES} values, or more than ${MAX_DEPTH} levels`
  return { value: undefined, faults: [{ path: pathText([]), text }], variables }
}
