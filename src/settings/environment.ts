import { registerSecret } from '../core/secrets.ts'
import { nonEmptyString } from '../core/text.ts'
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

/** The settings after every `${NAME}` is replaced, and the faults. */
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
  /** The number of values so far. Infinite once a limit is exceeded. */
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
 * Matches the variables that a settings file must not read. Anyone who opens a pull request can change the
 * file, and could send an API key to their own server in a webhook URL.
 */
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i

/** Returns a variable's name only if it looks like a name, because it may be a pasted secret. */
const describeVariable = (name: string): string =>
  name.length <= 64 &&
  /^([A-Z_][A-Z0-9]*(_[A-Z0-9]*)*|[a-z]+(_[a-z0-9]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(name)
    ? `\${${name}}`
    : 'a variable (name not shown, because it may be a secret)'

/** Returns the value of a variable, or `''` if it has none. Adds a fault if the value cannot be used. */
const variableValue = (name: string, path: Path, { env, faults, variables }: Expansion): string => {
  const textPath = pathText(path)
  variables.set(textPath, [...(variables.get(textPath) ?? []), name])
  const isReserved = RESERVED.test(name)
  // `process.env` inherits from Object, so `constructor` is a function.
  const value = (isReserved ? undefined : nonEmptyString(env[name])) ?? ''
  if (value === '') {
    const why = isReserved ? 'settings files must not read' : 'is unset or empty'
    faults.push({ path: textPath, text: `needs ${describeVariable(name)}, which ${why}` })
  }
  const unresolved = variableFault(value, name)
  if (unresolved) faults.push({ path: textPath, text: unresolved })
  return value
}

const expandText = (text: string, path: Path, expansion: Expansion): unknown => {
  const setting = settingOf(path)
  const placeholder = placeholderFault(text, isCredential(setting))
  if (placeholder) expansion.faults.push({ path: pathText(path), text: placeholder })
  const isWhole = WHOLE_VALUE.test(text)
  const expanded = text.replace(REFERENCE, (_, name: string | undefined) => {
    if (name === undefined) return '${'
    const value = variableValue(name, path, expansion)
    if (!isWhole) registerSecret(value)
    return value
  })
  const value = isWhole ? convert(expanded, path) : expanded
  if (typeof value === 'string' && (isWhole || isSecret(setting))) registerSecret(value)
  return value
}

const expandValue = (value: unknown, path: Path, expansion: Expansion): unknown => {
  expansion.count += 1
  if (expansion.count > MAX_VALUES || path.length > MAX_DEPTH) {
    expansion.count = Number.POSITIVE_INFINITY
    return undefined
  }
  if (typeof value === 'string') return expandText(value, path, expansion)
  if (Array.isArray(value)) {
    return value.map((item, index) => expandValue(item, [...path, index], expansion))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expandValue(item, [...path, key], expansion)]),
  )
}

/**
 * Replaces every `${NAME}` in the values of `data` with the environment variable, and registers its value as a
 * secret, unless it becomes a number or a boolean. `$${` stands for `${`. Returns a fault for each variable that is
 * unset, empty (like a missing secret), or reserved, and for any other placeholder syntax. Never throws.
 */
export const expand = (data: unknown, env: NodeJS.ProcessEnv): Expanded => {
  const expansion: Expansion = { env, faults: [], variables: new Map(), count: 0 }
  const value = expandValue(data, [], expansion)
  const { faults, variables, count } = expansion
  if (count <= MAX_VALUES) return { value, faults, variables }
  const text = `has more than ${MAX_VALUES} values, or more than ${MAX_DEPTH} levels`
  return { value: undefined, faults: [{ path: pathText([]), text }], variables }
}
