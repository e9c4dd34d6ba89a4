/** A template syntax other than `${NAME}`, which another tool should have replaced. */
interface Placeholder {
  readonly pattern: RegExp
  readonly description: string
}

const VARIABLE_REFERENCE = 'a reference to a variable'
const SECRET_MANAGER_REFERENCE = 'a reference to a secret manager'

/** Placeholders that no setting can contain as literal text. */
const ALWAYS_PLACEHOLDERS: readonly Placeholder[] = [
  {
    pattern: /\$\{\{/,
    description: 'a GitHub expression (`${{ … }}`), which only workflow files evaluate',
  },
  { pattern: /\$\{[^}]*:?[-+?=]/, description: 'a default (`${NAME:-…}`), which is not supported' },
  { pattern: /\$\{/, description: 'a `${…}` that is not `${NAME}`' },
  { pattern: /\{\{.*\}\}/s, description: 'a template (`{{ … }}`)' },
  { pattern: /\{%.*%\}/s, description: 'a template (`{% … %}`)' },
  { pattern: /<%.*%>/s, description: 'a template (`<%= … %>`)' },
  { pattern: /#\{[^}]*\}/, description: 'a template (`#{…}`)' },
  { pattern: /^\$\(.+\)$/s, description: 'a shell command (`$(…)`)' },
  { pattern: /^\$(env:)?[A-Za-z_]\w*$/i, description: 'a shell variable (`$NAME`)' },
  { pattern: /^(%[A-Za-z_]\w*%|![A-Za-z_]\w*!)$/, description: 'a Windows variable (`%NAME%`)' },
  {
    pattern: /^(env|getenv|secrets?|vars?)\(\s*['"]?[\w.-]+['"]?\s*\)$/i,
    description: VARIABLE_REFERENCE,
  },
  { pattern: /^(op|ref\+[a-z]+):\/\//i, description: SECRET_MANAGER_REFERENCE },
]

/** Placeholders that can be literal text, but not in a credential, an ID, or an address. */
const PLACEHOLDERS_IN_CREDENTIALS: readonly Placeholder[] = [
  { pattern: /\$\([^)]+\)/, description: 'a shell command (`$(…)`)' },
  {
    pattern: /(?<![\w$])\$([Ee]nv:)?[A-Z_][A-Z0-9_]{2,}(?![a-z])/,
    description: 'a shell variable (`$NAME`)',
  },
  { pattern: /%[A-Z_][A-Z0-9_]{2,}%/, description: 'a Windows variable (`%NAME%`)' },
  { pattern: /^(@@|__)\w+\1$/, description: 'a template (`@@NAME@@`)' },
  { pattern: /^\[\[.*\]\]$|^\$\[.*\]$/s, description: 'a template (`[[ … ]]`)' },
  {
    pattern: /^(steps|needs|github|inputs|matrix|var|local)\.\w+(\.\w+)*$/,
    description: VARIABLE_REFERENCE,
  },
  {
    pattern: /^(process\.env|env|secrets|vars|os\.environ)[.[(]\S+$/i,
    description: VARIABLE_REFERENCE,
  },
  {
    pattern:
      /^(vault|secrets?|secretref|env|file|ssm|sm|gcp-?sm|aws-?sm|akv|key-?vault|doppler|infisical|bws):\S+/i,
    description: SECRET_MANAGER_REFERENCE,
  },
  { pattern: /^arn:aws[\w-]*:|^@Microsoft\.KeyVault\(/, description: SECRET_MANAGER_REFERENCE },
  { pattern: /^<[^<>]+>$/s, description: 'a placeholder in angle brackets' },
  { pattern: /^[*•]+$/, description: 'a masked secret, asterisks only' },
  {
    pattern: /^(undefined|null|nan|\[object \w+\]|change[-_]?me)$/i,
    description: 'a placeholder word',
  },
]

/** Matches unresolved placeholders in environment variables. No generated password looks like these. */
const PLACEHOLDERS_IN_ENVIRONMENT = [
  /^\$\{.*\}$/s,
  /^\{\{.*\}\}$/s,
  /^<%.*%>$/s,
  /^(op|ref\+[a-z]+):\/\//i,
  /^\[object \w+\]$/,
  /^(undefined|null)$/,
  /^\*+$/,
]

const FIX =
  'write `${NAME}`, and set NAME in the `env` of the step. If the value really is this text, set the variable to it'

/** The maximum number of characters to check, which keeps the patterns fast. Real values are shorter. */
const MAX_CHECKED_LENGTH = 4_000

/** Returns the description of the first placeholder in `text`, except `$${` and `${NAME}`. */
const findPlaceholder = (text: string, isCredential: boolean): string | undefined => {
  const remaining = text
    .slice(0, MAX_CHECKED_LENGTH)
    .replace(/\$\$\{(\{.*?\}\}|[^}]*\}?)/gs, '')
    .replace(/\$\{[A-Za-z_]\w*\}/g, 'x')
  const placeholders = isCredential
    ? [...ALWAYS_PLACEHOLDERS, ...PLACEHOLDERS_IN_CREDENTIALS]
    : ALWAYS_PLACEHOLDERS
  return placeholders.find(({ pattern }) => pattern.test(remaining))?.description
}

/**
 * Returns the fault of a value that contains a placeholder other than `${NAME}`. Neon would store it
 * literally, so a password would be readable in the repository. Checks credentials, IDs, and addresses
 * (`isCredential`) for more syntaxes than other text.
 */
export const placeholderFault = (text: string, isCredential: boolean): string | undefined => {
  const description = findPlaceholder(text, isCredential)
  return description && `contains ${description}: ${FIX}`
}

/** Returns the fault of the environment variable `name` if its value is an unresolved placeholder. */
export const variableFault = (value: string, name: string): string | undefined =>
  PLACEHOLDERS_IN_ENVIRONMENT.some((pattern) => pattern.test(value.trim()))
    ? `is an unresolved placeholder; set the variable ${name} to the value itself`
    : undefined
