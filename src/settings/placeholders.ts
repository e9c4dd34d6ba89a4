/** A template syntax that is not `${NAME}`. Whoever wrote it expected another value here. */
interface Placeholder {
  readonly pattern: RegExp
  readonly words: string
}

const REFERENCE = 'a reference to a variable'
const MANAGER = 'a reference to a secret manager'

/** Nobody means these as they stand, whatever the value is for. */
const UNMISTAKABLE: readonly Placeholder[] = [
  {
    pattern: /\$\{\{/,
    words: 'a GitHub expression (`${{ … }}`), which only workflow files evaluate',
  },
  { pattern: /\$\{[^}]*:?[-+?=]/, words: 'a default (`${NAME:-…}`), which is not supported' },
  { pattern: /\$\{/, words: 'a `${…}` that is not `${NAME}`' },
  { pattern: /\{\{.*\}\}/s, words: 'a template (`{{ … }}`)' },
  { pattern: /\{%.*%\}/s, words: 'a template (`{% … %}`)' },
  { pattern: /<%.*%>/s, words: 'a template (`<%= … %>`)' },
  { pattern: /#\{[^}]*\}/, words: 'a template (`#{…}`)' },
  { pattern: /^\$\(.+\)$/s, words: 'a shell command (`$(…)`)' },
  { pattern: /^\$(env:)?[A-Za-z_]\w*$/i, words: 'a shell variable (`$NAME`)' },
  { pattern: /^(%[A-Za-z_]\w*%|![A-Za-z_]\w*!)$/, words: 'a Windows variable (`%NAME%`)' },
  { pattern: /^(env|getenv|secrets?|vars?)\(\s*['"]?[\w.-]+['"]?\s*\)$/i, words: REFERENCE },
  { pattern: /^(op|ref\+[a-z]+):\/\//i, words: MANAGER },
]

/** These could be text, but not a credential, an ID, or an address. */
const IN_CREDENTIALS: readonly Placeholder[] = [
  { pattern: /\$\([^)]+\)/, words: 'a shell command (`$(…)`)' },
  {
    pattern: /(?<![\w$])\$([Ee]nv:)?[A-Z_][A-Z0-9_]{2,}(?![a-z])/,
    words: 'a shell variable (`$NAME`)',
  },
  { pattern: /%[A-Z_][A-Z0-9_]{2,}%/, words: 'a Windows variable (`%NAME%`)' },
  { pattern: /^(@@|__)\w+\1$/, words: 'a template (`@@NAME@@`)' },
  { pattern: /^\[\[.*\]\]$|^\$\[.*\]$/s, words: 'a template (`[[ … ]]`)' },
  { pattern: /^(steps|needs|github|inputs|matrix|var|local)\.\w+(\.\w+)*$/, words: REFERENCE },
  { pattern: /^(process\.env|env|secrets|vars|os\.environ)[.[(]\S+$/i, words: REFERENCE },
  {
    pattern:
      /^(vault|secrets?|secretref|env|file|ssm|sm|gcp-?sm|aws-?sm|akv|key-?vault|doppler|infisical|bws):\S+/i,
    words: MANAGER,
  },
  { pattern: /^arn:aws[\w-]*:|^@Microsoft\.KeyVault\(/, words: MANAGER },
  { pattern: /^<[^<>]+>$/s, words: 'a placeholder in angle brackets' },
  { pattern: /^[*•]+$/, words: 'a masked secret, asterisks only' },
  {
    pattern: /^(undefined|null|nan|\[object \w+\]|change[-_]?me)$/i,
    words: 'a placeholder word',
  },
]

/** What may be in the environment as it stands, since nobody generates such a password. */
const IN_ENVIRONMENT = [
  /^\$\{.*\}$/s,
  /^\{\{.*\}\}$/s,
  /^<%.*%>$/s,
  /^(op|ref\+[a-z]+):\/\//i,
  /^\[object \w+\]$/,
  /^(undefined|null)$/,
  /^\*+$/,
]

const FIX =
  'write `${NAME}`, and set NAME in the `env` of the step. If the value really is this text, put it into that variable'

/** A template in a longer text would make the patterns slow. No setting is that long. */
const MOST_CHECKED = 4_000

/** Returns the words for the placeholder in `text`, the escape and every `${NAME}` aside. */
const find = (text: string, credential: boolean): string | undefined => {
  const rest = text
    .slice(0, MOST_CHECKED)
    .replace(/\$\$\{(\{.*?\}\}|[^}]*\}?)/gs, '')
    .replace(/\$\{[A-Za-z_]\w*\}/g, 'x')
  const kinds = credential ? [...UNMISTAKABLE, ...IN_CREDENTIALS] : UNMISTAKABLE
  return kinds.find(({ pattern }) => pattern.test(rest))?.words
}

/**
 * Returns what is wrong with a value of the file that looks like a placeholder but is not `${NAME}`:
 * it would be stored as it stands, and a password that is readable in the repository would open the
 * branch. A credential, an ID, or an address (`credential`) is checked for more syntaxes than a name.
 */
export const placeholderFault = (text: string, credential: boolean): string | undefined => {
  const words = find(text, credential)
  return words && `holds ${words}: ${FIX}`
}

/** The same for the value of the environment variable `name`, which nothing evaluates again. */
export const variableFault = (value: string, name: string): string | undefined =>
  IN_ENVIRONMENT.some((pattern) => pattern.test(value.trim()))
    ? `is filled with an unresolved placeholder: set the variable ${name} to the value itself`
    : undefined
