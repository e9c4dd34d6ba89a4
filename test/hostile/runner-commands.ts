// This file parses a step's output like the runner's own code: `TryParseV2` and `TryParse` of
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs, on lines as .NET's
// `StreamReader.ReadLine` splits them.

/** A workflow command that the runner would execute. */
export interface RunnerCommand {
  readonly name: string
  readonly data: string
}

// The commands that the runner's extensions register. Names are case-insensitive. Other commands are ignored.
const REGISTERED = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

// The white space of .NET's `TrimStart`. Unlike JavaScript's, it includes U+0085 and excludes U+FEFF.
const DOTNET_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

const nameOf = (info: string): string | undefined => {
  const name = (info.split(' ')[0] ?? '').toLowerCase()
  return REGISTERED.has(name) ? name : undefined
}

const colons = (line: string): RunnerCommand | undefined => {
  const message = line.replace(DOTNET_SPACE, '')
  if (!message.startsWith('::')) return undefined
  const end = message.indexOf('::', 2)
  const name = end < 0 ? undefined : nameOf(message.slice(2, end))
  return name === undefined ? undefined : { name, data: message.slice(end + 2) }
}

const brackets = (line: string): RunnerCommand | undefined => {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  const name = end < 0 ? undefined : nameOf(line.slice(start + 3, end))
  return name === undefined ? undefined : { name, data: line.slice(end + 1) }
}

/** Splits a step's output into lines. */
export const runnerLines = (log: string): string[] => log.split(/\r\n|\r|\n/)

/** Returns every command in a step's output that the runner would execute, in order. */
export const runnerCommands = (log: string): RunnerCommand[] =>
  runnerLines(log).flatMap((line) => colons(line) ?? brackets(line) ?? [])

const unescaped = (data: string): string =>
  data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')

/**
 * Returns the texts that the runner masks because of a step's output: each value and each of its lines.
 * See `ProcessCommand` of `AddMaskCommandExtension` in ActionCommandManager.cs.
 */
export const maskedBy = (commands: readonly RunnerCommand[]): string[] =>
  commands
    .filter(({ name }) => name === 'add-mask')
    .map(({ data }) => unescaped(data))
    .flatMap((value) => [value, ...value.split(/[\r\n]/).map((line) => line.trim())])
    .filter((value) => value.trim() !== '')

/**
 * Parses a file command (GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE) like `EnvFileKeyValuePairs` in
 * FileCommandManager.cs. Throws for a line without `=` or `<<`, and for a value whose delimiter does not follow.
 */
export const fileCommandValues = (text: string): [name: string, value: string][] => {
  const found: [string, string][] = []
  const lines = runnerLines(text)
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const heredoc = line.indexOf('<<')
    const equals = line.indexOf('=')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      found.push([line.slice(0, equals), line.slice(equals + 1)])
      continue
    }
    if (heredoc < 0) throw new Error(`the runner refuses ${JSON.stringify(line)}`)
    const delimiter = line.slice(heredoc + 2)
    const end = lines.indexOf(delimiter)
    if (end < 0) throw new Error(`the runner misses the delimiter ${delimiter}`)
    found.push([
      line.slice(0, heredoc),
      lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n'),
    ])
  }
  return found
}
