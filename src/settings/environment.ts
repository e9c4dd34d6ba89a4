import { registerSecret } from '../core/secrets.ts'
import { type Path, pathText } from './faults.ts'
import { booleans, numbers } from './validate.generated.js'

const WHOLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/

/** How many values a settings file may come to: YAML's aliases can make a few lines into millions. */
const MOST_VALUES = 10_000
/** How deep they may stand in each other: an alias can hold itself. */
const DEEPEST = 100

/** A value whose `${NAME}` are filled in, and a sentence for each that cannot be. */
export interface Expanded {
  readonly value: unknown
  readonly faults: readonly string[]
}

/** `587` and `true` out of the environment are a number and a boolean where the file needs one. */
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

/**
 * Fills `${NAME}` in every text of `data` from the environment. What is filled in is masked before
 * it can be printed; `$${NAME}` stands for itself. A name that is not set, or empty (as a missing
 * secret is), is a fault that tells where it stands. Keys stay as they are. Never throws.
 */
export const expand = (data: unknown, env: NodeJS.ProcessEnv): Expanded => {
  const faults: string[] = []
  let values = 0

  const fill = (text: string, path: Path): unknown => {
    const filled = text.replace(/\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (match, name: string) => {
      if (match.startsWith('$$')) return match.slice(1)
      // `process.env` inherits from Object: it has a `constructor`, which is no text.
      const found = RESERVED.test(name) ? '' : env[name]
      const value = typeof found === 'string' ? found : ''
      if (value === '') {
        const why = RESERVED.test(name) ? 'no settings file may read' : 'is not set or empty'
        faults.push(`\`${pathText(path)}\` needs \${${name}}, which ${why}`)
      }
      if (!WHOLE.test(text)) registerSecret(value)
      return value
    })
    if (WHOLE.test(text)) {
      const value = typed(filled, path)
      if (typeof value === 'string') registerSecret(value)
      return value
    }
    return filled
  }

  const walk = (value: unknown, path: Path): unknown => {
    values += 1
    if (values > MOST_VALUES || path.length > DEEPEST) {
      values = Number.POSITIVE_INFINITY
      return undefined
    }
    if (typeof value === 'string') return fill(value, path)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]),
    )
  }

  const value = walk(data, [])
  if (values <= MOST_VALUES) return { value, faults }
  const tooMuch = `the file comes to more than ${MOST_VALUES} values, or more than ${DEEPEST} in each other`
  return { value: undefined, faults: [tooMuch] }
}
