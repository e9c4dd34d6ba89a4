import { getInput } from '@actions/core'
import { withoutUndefined } from '../core/optional.ts'
import { Problem } from '../core/problem.ts'
import { registerSecret } from '../core/secrets.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { isLoopback } from '../domains/loopback.ts'
import { MAX_PULL_REQUEST_NUMBER } from '../github/pull-request.ts'
import { parseEnvironmentPatterns } from '../preview/environments.ts'

/** The declaration of an input. The types are those of action-types.yml. */
interface InputDeclaration {
  readonly type: 'string' | 'boolean' | 'integer' | 'enum' | 'lines'
  /** The value if the input is unset, as in action.yml. */
  readonly default: string
  /** The values of an `enum`. The first one replaces an invalid value until the run reports the fault. */
  readonly allowed?: readonly [string, ...string[]]
  /** Masked before anything can print it. */
  readonly isSecret?: true
}

/**
 * Every input, with its type and its default. `npm run docs` generates action-types.yml from this table.
 * The runner fills in the defaults of action.yml. The table repeats them, except for the expression of
 * `github_token`, in case something else starts the bundle.
 */
export const INPUTS = {
  api_key: { type: 'string', default: '', isSecret: true },
  project_id: { type: 'string', default: '' },
  branch: { type: 'string', default: '' },
  mode: {
    type: 'enum',
    allowed: ['auto', 'enable', 'disable', 'status', 'doctor', 'sweep'],
    default: 'auto',
  },
  pr_number: { type: 'integer', default: '' },
  trusted_domains: { type: 'lines', default: '' },
  allow_shared_wildcards: { type: 'boolean', default: 'false' },
  discover_domains: { type: 'boolean', default: 'false' },
  discover_functions: { type: 'boolean', default: 'false' },
  deployment_environments: { type: 'lines', default: '' },
  prune_domains: { type: 'boolean', default: 'false' },
  allow_localhost: { type: 'boolean', default: '' },
  database: { type: 'string', default: '' },
  settings: { type: 'string', default: '' },
  isolate: { type: 'boolean', default: 'false' },
  oauth: { type: 'enum', allowed: ['keep', 'shared'], default: 'keep' },
  oauth_preflight: { type: 'boolean', default: 'false' },
  e2e_session: { type: 'string', default: '' },
  vercel_bypass: { type: 'string', default: '', isSecret: true },
  on_close: { type: 'enum', allowed: ['disable', 'untrust', 'keep'], default: 'disable' },
  delete_data: { type: 'boolean', default: 'false' },
  on_orphan_schema: { type: 'enum', allowed: ['fail', 'recreate', 'restore'], default: 'fail' },
  allow_protected: { type: 'boolean', default: 'false' },
  verify: { type: 'boolean', default: 'true' },
  timeout: { type: 'integer', default: '180' },
  missing_key: { type: 'enum', allowed: ['skip', 'fail'], default: 'skip' },
  export_env: { type: 'boolean', default: 'false' },
  comment: { type: 'boolean', default: 'false' },
  summary: { type: 'boolean', default: 'true' },
  dry_run: { type: 'boolean', default: 'false' },
  github_token: { type: 'string', default: '', isSecret: true },
  api_host: { type: 'string', default: 'https://console.neon.tech/api/v2' },
} as const satisfies Record<string, InputDeclaration>

export type InputName = keyof typeof INPUTS

/** The names of the inputs of one type. */
type InputOf<Type extends InputDeclaration['type']> = {
  [Name in InputName]: (typeof INPUTS)[Name]['type'] extends Type ? Name : never
}[InputName]

/** The names of the inputs that are secrets. */
type SecretInput = {
  [Name in InputName]: (typeof INPUTS)[Name] extends { isSecret: true } ? Name : never
}[InputName]

/** One of the values that an `enum` input allows. */
type Choice<Name extends InputOf<'enum'>> = (typeof INPUTS)[Name]['allowed'][number]

/** The parsed inputs. Unset optional inputs are absent. */
export interface Inputs {
  readonly apiKey?: string
  readonly projectId?: string
  readonly branch?: string
  readonly mode: Choice<'mode'>
  readonly prNumber?: number
  /** Verbatim, not trimmed. Only runs that trust or remove domains parse it. */
  readonly trustedDomains: string
  /** Accepts wildcards that also match names that anyone can register. */
  readonly allowSharedWildcards: boolean
  /** Also trusts the environment URLs of the head commit's deployments. */
  readonly discoverDomains: boolean
  /** Also trusts the branch's own Neon Functions and custom domains. */
  readonly discoverFunctions: boolean
  /** Patterns of the environments whose deployments count. If empty, all but production count. */
  readonly deploymentEnvironments: readonly string[]
  readonly pruneDomains: boolean
  /** Absent to leave it unchanged. */
  readonly allowLocalhost?: boolean
  readonly database?: string
  /** YAML text, or the path of a file. Only runs that enable auth read it. */
  readonly settings?: string
  readonly isolate: boolean
  /** `shared`: inherited OAuth providers use Neon's shared app, if there is one. */
  readonly oauth: Choice<'oauth'>
  /** Checks whether sign-in with each OAuth provider can work from the preview. */
  readonly oauthPreflight: boolean
  /** The email of the user in `settings` to sign in for end-to-end tests, or `true` for a new user. */
  readonly e2eSession?: string | true
  /** The secret that bypasses Vercel's deployment protection. */
  readonly vercelBypass?: string
  readonly onClose: Choice<'on_close'>
  readonly deleteData: boolean
  readonly onOrphanSchema: Choice<'on_orphan_schema'>
  readonly allowProtected: boolean
  readonly verify: boolean
  /** The time limit of the run, in seconds. */
  readonly timeout: number
  readonly missingKey: Choice<'missing_key'>
  readonly exportEnv: boolean
  /** Maintains a comment on the pull request. */
  readonly comment: boolean
  readonly dryRun: boolean
  readonly githubToken?: string
  /** The Neon API's base URL, without a trailing slash. */
  readonly apiHost: string
}

/** Returns an input's text, or `''` if it is unset. Trims every input except `trusted_domains`. */
export type ReadInput = (name: InputName) => string

/**
 * Reads an input from the runner. Keeps the whitespace of `trusted_domains`, because whitespace alone means
 * that a template value in it was empty.
 */
export const readRunnerInput: ReadInput = (name) =>
  getInput(name, { trimWhitespace: name !== 'trusted_domains' })

/**
 * Registers the secret inputs, and `NEON_API_KEY` if `api_key` is empty, to keep them out of the log, the
 * summary, and the comment. Call this first.
 */
export const registerSecretInputs = (read: ReadInput, env: NodeJS.ProcessEnv): void => {
  for (const [name, declaration] of Object.entries(INPUTS))
    if ('isSecret' in declaration) registerSecret(read(name as InputName))
  if (read('api_key') === '') registerSecret((env['NEON_API_KEY'] ?? '').trim())
}

/** Returns whether to write a job summary. Works even if other inputs are invalid. */
export const wantsSummary = (read: ReadInput): boolean => !/^false$/i.test(read('summary'))

const quoted = (text: string): string => `"${oneLine(text, 120)}"`

/** Parses inputs and collects their faults, so that one error lists them all. */
class InputReader {
  readonly faults: string[] = []
  readonly #read: ReadInput

  constructor(read: ReadInput) {
    this.#read = read
  }

  #textOrDefault(name: InputName): string {
    return this.#read(name) || INPUTS[name].default
  }

  text(name: Exclude<InputName, SecretInput>): string {
    return this.#textOrDefault(name)
  }

  addFault(name: InputName | 'NEON_API_KEY' | 'NEON_PROJECT_ID', fault: string): void {
    this.faults.push(`\`${name}\`: ${fault}`)
  }

  /** Accepts the spellings of YAML 1.2, as `core.getBooleanInput` does. */
  boolean(name: InputOf<'boolean'>): boolean | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    if (/^(true|True|TRUE)$/.test(text)) return true
    if (/^(false|False|FALSE)$/.test(text)) return false
    this.addFault(name, `${quoted(text)} is neither true nor false`)
    return undefined
  }

  flag(name: InputOf<'boolean'>): boolean {
    return this.boolean(name) ?? false
  }

  choice<Name extends InputOf<'enum'>>(name: Name): Choice<Name> {
    const text = this.text(name)
    const allowed: readonly [Choice<Name>, ...Choice<Name>[]] = INPUTS[name].allowed
    const choice = allowed.find((value) => value === text)
    if (choice === undefined) {
      this.addFault(name, `${quoted(text)} is not one of ${allowed.join(', ')}`)
    }
    return choice ?? allowed[0]
  }

  wholeNumber(
    name: InputOf<'integer'>,
    [min, max]: [number, number],
    noun: string,
  ): number | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    this.addFault(name, `${quoted(text)} is not ${noun} from ${min} to ${max}`)
    return undefined
  }

  /** Treats `0` as unset: a number input of a called workflow is 0 if the caller does not set it. */
  pullRequestNumber(): number | undefined {
    if (/^0+$/.test(this.text('pr_number'))) return undefined
    return this.wholeNumber('pr_number', [1, MAX_PULL_REQUEST_NUMBER], 'a pull request number')
  }

  /** Reads a credential. It must consist of visible ASCII characters, because it goes into a header. */
  secret(name: SecretInput, fromEnvironment = ''): string {
    const input = this.#textOrDefault(name)
    const text = input || fromEnvironment.trim()
    if (/[^\x21-\x7e]/.test(text)) {
      const source = input === '' ? 'NEON_API_KEY' : name
      this.addFault(source, 'it contains whitespace or other characters that no key has')
    }
    return text
  }

  /** Reads the project ID. It must be safe in a URL path. */
  projectId(fromEnvironment = ''): string {
    const input = this.text('project_id')
    const text = input || fromEnvironment.trim()
    if (text !== '' && !/^[\w-]{1,100}$/.test(text)) {
      const source = input === '' ? 'NEON_PROJECT_ID' : 'project_id'
      this.addFault(source, `${quoted(text)} is not a Neon ID (letters, digits, and dashes)`)
    }
    return text
  }

  /** Returns who to open a session for: `true` for a new user, or the email of a user in `settings`. */
  e2eSession(): string | true | undefined {
    const text = this.text('e2e_session')
    if (text === '' || /^(false|False|FALSE)$/.test(text)) return undefined
    if (/^(true|True|TRUE)$/.test(text)) return true
    if (/^[^\s@]+@[^\s@]+$/.test(text)) return text
    this.addFault('e2e_session', `${quoted(text)} is neither true, nor false, nor an email address`)
    return undefined
  }

  environmentPatterns(): string[] {
    const patterns = parseEnvironmentPatterns(this.text('deployment_environments'))
    if (patterns.some((pattern) => /^!\s*$/.test(pattern))) {
      this.addFault('deployment_environments', 'a line contains only "!". Add a pattern after it')
    }
    return patterns
  }

  apiHost(): string {
    const text = this.text('api_host')
    const url = URL.canParse(text) ? new URL(text) : undefined
    const isSecure =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
    // In `new URL`, an empty query or fragment looks like none.
    if (!url || !isSecure || url.username || url.password || /[?#]/.test(text)) {
      this.addFault(
        'api_host',
        'it must be a plain https:// URL, because the API key is sent there',
      )
    }
    return text.replace(/\/+$/, '')
  }
}

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/** Every input except `summary`, which {@link wantsSummary} reads. An unread input is a type error. */
type EveryInput = {
  readonly [Key in CamelCase<Exclude<InputName, 'summary'>>]: Inputs[Key]
}

const readAll = (reader: InputReader, env: NodeJS.ProcessEnv): Inputs => {
  // Report an invalid value. `wantsSummary` reads a valid one.
  reader.flag('summary')
  return withoutUndefined({
    apiKey: reader.secret('api_key', env['NEON_API_KEY']) || undefined,
    projectId: reader.projectId(env['NEON_PROJECT_ID']) || undefined,
    branch: reader.text('branch') || undefined,
    mode: reader.choice('mode'),
    prNumber: reader.pullRequestNumber(),
    trustedDomains: reader.text('trusted_domains'),
    allowSharedWildcards: reader.flag('allow_shared_wildcards'),
    discoverDomains: reader.flag('discover_domains'),
    discoverFunctions: reader.flag('discover_functions'),
    deploymentEnvironments: reader.environmentPatterns(),
    pruneDomains: reader.flag('prune_domains'),
    allowLocalhost: reader.boolean('allow_localhost'),
    database: reader.text('database') || undefined,
    settings: reader.text('settings') || undefined,
    isolate: reader.flag('isolate'),
    oauth: reader.choice('oauth'),
    oauthPreflight: reader.flag('oauth_preflight'),
    e2eSession: reader.e2eSession(),
    vercelBypass: reader.secret('vercel_bypass') || undefined,
    onClose: reader.choice('on_close'),
    deleteData: reader.flag('delete_data'),
    onOrphanSchema: reader.choice('on_orphan_schema'),
    allowProtected: reader.flag('allow_protected'),
    verify: reader.flag('verify'),
    timeout: reader.wholeNumber('timeout', [1, 21_600], 'a whole number of seconds') ?? 180,
    missingKey: reader.choice('missing_key'),
    exportEnv: reader.flag('export_env'),
    comment: reader.flag('comment'),
    dryRun: reader.flag('dry_run'),
    githubToken: reader.secret('github_token') || undefined,
    apiHost: reader.apiHost(),
  } satisfies EveryInput)
}

/** Parses all inputs. Throws one {@link Problem} that lists every fault. `decideIntent` checks for the key. */
export const readInputs = (read: ReadInput, env: NodeJS.ProcessEnv): Inputs => {
  const reader = new InputReader(read)
  const inputs = readAll(reader, env)
  const [first, ...others] = reader.faults
  if (first === undefined) return inputs
  throw new Problem({
    what:
      others.length === 0
        ? `Cannot use ${first}.`
        : `${reader.faults.length} inputs cannot be used:\n${bulletList(reader.faults)}`,
    fix: 'correct it in the workflow. Nothing was changed in Neon',
  })
}
