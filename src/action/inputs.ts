import { getInput } from '@actions/core'
import { given } from '../core/optional.ts'
import { Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import { isLoopback } from '../domains/loopback.ts'
import { parseEnvironmentPatterns } from '../preview/environments.ts'

const MODES = ['auto', 'enable', 'disable', 'status', 'sweep'] as const
const ON_CLOSE = ['disable', 'untrust', 'keep'] as const
const ON_ORPHAN_SCHEMA = ['fail', 'recreate'] as const
const MISSING_KEY = ['skip', 'fail'] as const

/**
 * Every input with its default, as in action.yml (a contract test compares the two). The runner sets the
 * defaults. They are repeated here for anything else that starts the bundle.
 */
export const INPUT_DEFAULTS = {
  api_key: '',
  project_id: '',
  branch: '',
  mode: 'auto',
  pr_number: '',
  trusted_domains: '',
  allow_shared_wildcards: 'false',
  discover_domains: 'false',
  deployment_environments: '',
  prune_domains: 'false',
  allow_localhost: '',
  database: '',
  settings: '',
  isolate: 'false',
  on_close: 'disable',
  delete_data: 'false',
  on_orphan_schema: 'fail',
  allow_protected: 'false',
  verify: 'true',
  timeout: '180',
  missing_key: 'skip',
  export_env: 'false',
  comment: 'false',
  summary: 'true',
  dry_run: 'false',
  github_token: '',
  api_host: 'https://console.neon.tech/api/v2',
} as const

export type InputName = keyof typeof INPUT_DEFAULTS

/** The parsed inputs. Unset optional inputs are absent. */
export interface Inputs {
  readonly apiKey?: string
  readonly projectId?: string
  readonly branch?: string
  readonly mode: (typeof MODES)[number]
  readonly prNumber?: number
  /** Verbatim, not trimmed. Parsed only by runs that trust or remove domains. */
  readonly trustedDomains: string
  /** Accepts a wildcard under which strangers can register names. */
  readonly allowSharedWildcards: boolean
  /** Also trusts the environment URLs of the head commit's deployments. */
  readonly discoverDomains: boolean
  /** Patterns of the environments whose deployments count. Empty: all but production. */
  readonly deploymentEnvironments: readonly string[]
  readonly pruneDomains: boolean
  /** Absent: unchanged. */
  readonly allowLocalhost?: boolean
  readonly database?: string
  /** YAML text, or the path of a file. Read only by runs that enable auth. */
  readonly settings?: string
  readonly isolate: boolean
  readonly onClose: (typeof ON_CLOSE)[number]
  readonly deleteData: boolean
  readonly onOrphanSchema: (typeof ON_ORPHAN_SCHEMA)[number]
  readonly allowProtected: boolean
  readonly verify: boolean
  /** The time limit of the run, in seconds. */
  readonly timeout: number
  readonly missingKey: (typeof MISSING_KEY)[number]
  readonly exportEnv: boolean
  /** Maintains a comment on the pull request. */
  readonly comment: boolean
  readonly dryRun: boolean
  readonly githubToken?: string
  /** The Neon API's base URL, without a trailing slash. */
  readonly apiHost: string
}

/** Returns an input's text, `''` if unset. Trimmed, except `trusted_domains`. */
export type ReadInput = (name: InputName) => string

/**
 * Reads an input from the runner. `trusted_domains` keeps its white space, because white space alone
 * means that a template value in it was empty.
 */
export const runnerInput: ReadInput = (name) =>
  getInput(name, { trimWhitespace: name !== 'trusted_domains' })

/**
 * Returns whether to write a job summary. Read separately, because it also applies to a run that fails
 * over invalid inputs.
 */
export const wantsSummary = (read: ReadInput): boolean => !/^false$/i.test(read('summary'))

const quoted = (text: string): string => `"${oneLine(text, 120)}"`

/** Parses inputs and collects their faults, so that one error lists them all. */
class InputReader {
  readonly faults: string[] = []
  readonly #read: ReadInput

  constructor(read: ReadInput) {
    this.#read = read
  }

  text(name: InputName): string {
    return this.#read(name) || INPUT_DEFAULTS[name]
  }

  fault(name: InputName, sentence: string): void {
    this.faults.push(`\`${name}\`: ${sentence}`)
  }

  // The spellings that YAML 1.2 knows, as in `core.getBooleanInput`.
  boolean(name: InputName): boolean | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    if (/^(true|True|TRUE)$/.test(text)) return true
    if (/^(false|False|FALSE)$/.test(text)) return false
    this.fault(name, `${quoted(text)} is neither true nor false`)
    return undefined
  }

  flag(name: InputName): boolean {
    return this.boolean(name) ?? false
  }

  choice<T extends string>(name: InputName, allowed: readonly [T, ...T[]]): T {
    const text = this.text(name)
    const found = allowed.find((value) => value === text)
    if (found === undefined) {
      this.fault(name, `${quoted(text)} is not one of ${allowed.join(', ')}`)
    }
    return found ?? allowed[0]
  }

  wholeNumber(name: InputName, [least, most]: [number, number], unit: string): number | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    this.fault(name, `${quoted(text)} is not ${unit} from ${least} to ${most}`)
    return undefined
  }

  /** `0` counts as unset: a number input of a called workflow is 0 if the caller does not set it. */
  pullRequestNumber(): number | undefined {
    if (/^0+$/.test(this.text('pr_number'))) return undefined
    return this.wholeNumber('pr_number', [1, 2 ** 31], 'a pull request number')
  }

  /** Credentials go into a header, which only allows visible characters. */
  secret(name: InputName, fromEnvironment: string | undefined): string {
    const text = this.text(name) || (fromEnvironment ?? '').trim()
    if (/[^\x21-\x7e]/.test(text)) {
      this.fault(name, 'it contains white space or other characters that no key has')
    }
    return text
  }

  /** Returns an ID that is safe in a URL path. */
  id(name: InputName, fromEnvironment: string | undefined): string {
    const text = this.text(name) || (fromEnvironment ?? '').trim()
    if (text !== '' && !/^[\w-]{1,100}$/.test(text)) {
      this.fault(name, `${quoted(text)} is not a Neon ID (letters, digits, and dashes)`)
    }
    return text
  }

  environmentPatterns(): string[] {
    const patterns = parseEnvironmentPatterns(this.text('deployment_environments'))
    if (patterns.some((pattern) => /^!\s*$/.test(pattern))) {
      this.fault('deployment_environments', 'a line contains only "!". Add a pattern after it')
    }
    return patterns
  }

  apiHost(): string {
    const text = this.text('api_host')
    const url = URL.canParse(text) ? new URL(text) : undefined
    const secure =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
    if (!url || !secure || url.username || url.password || url.search || url.hash) {
      this.fault('api_host', 'it must be a plain https:// URL, because the API key is sent there')
    }
    return text.replace(/\/+$/, '')
  }
}

const readAll = (reader: InputReader, env: NodeJS.ProcessEnv): Inputs => {
  reader.flag('summary')
  return {
    ...given('apiKey', reader.secret('api_key', env['NEON_API_KEY'])),
    ...given('projectId', reader.id('project_id', env['NEON_PROJECT_ID'])),
    ...given('branch', reader.text('branch')),
    mode: reader.choice('mode', MODES),
    ...given('prNumber', reader.pullRequestNumber()),
    trustedDomains: reader.text('trusted_domains'),
    allowSharedWildcards: reader.flag('allow_shared_wildcards'),
    discoverDomains: reader.flag('discover_domains'),
    deploymentEnvironments: reader.environmentPatterns(),
    pruneDomains: reader.flag('prune_domains'),
    ...given('allowLocalhost', reader.boolean('allow_localhost')),
    ...given('database', reader.text('database')),
    ...given('settings', reader.text('settings')),
    isolate: reader.flag('isolate'),
    onClose: reader.choice('on_close', ON_CLOSE),
    deleteData: reader.flag('delete_data'),
    onOrphanSchema: reader.choice('on_orphan_schema', ON_ORPHAN_SCHEMA),
    allowProtected: reader.flag('allow_protected'),
    verify: reader.flag('verify'),
    timeout: reader.wholeNumber('timeout', [1, 21_600], 'a whole number of seconds') ?? 180,
    missingKey: reader.choice('missing_key', MISSING_KEY),
    exportEnv: reader.flag('export_env'),
    comment: reader.flag('comment'),
    dryRun: reader.flag('dry_run'),
    ...given('githubToken', reader.secret('github_token', undefined)),
    apiHost: reader.apiHost(),
  }
}

/**
 * Parses all inputs. Whether a key is *needed* depends on the event (see `decideIntent`). Throws one
 * {@link Problem} that lists every fault.
 */
export const readInputs = async (read: ReadInput, env: NodeJS.ProcessEnv): Promise<Inputs> => {
  const reader = new InputReader(read)
  const inputs = await readAll(reader, env)
  const [first, ...others] = reader.faults
  if (first === undefined) return inputs
  throw new Problem({
    what:
      others.length === 0
        ? `The input ${first}.`
        : `${reader.faults.length} inputs cannot be used:\n${bulletList(reader.faults)}`,
    fix: 'correct the `with:` block of this step. Nothing was changed in Neon',
  })
}
