import { parse } from 'yaml'

/** What happened on GitHub. */
export interface GitHubEvent {
  readonly name: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** The activity types without `types`: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const DEFAULT_TYPES = new Map([
  ['pull_request', ['opened', 'synchronize', 'reopened']],
  ['pull_request_target', ['opened', 'synchronize', 'reopened']],
])

/** The keys of `on.<event>` that are evaluated below, or do not affect whether an event starts the workflow. */
const KNOWN = ['types', 'branches', 'inputs', 'outputs', 'secrets']

/** Returns whether a filter is that of `schedule`, the only one that is an array. */
const isSchedule = (filter: unknown): boolean => Array.isArray(filter)

/** Returns the filters of each event under `on:`. */
const filtersOf = (workflow: string): Map<string, Record<string, unknown>> => {
  const { on } = parse(workflow) as { on?: unknown }
  if (typeof on === 'string') return new Map([[on, {}]])
  if (Array.isArray(on)) return new Map(on.map((name) => [String(name), {}]))
  return new Map(
    Object.entries(on ?? {}).map(([name, filter]) => [
      name,
      isSchedule(filter) ? {} : (filter ?? {}),
    ]),
  )
}

/** Returns the git branch that `on.<event>.branches` applies to: the pushed branch or the base branch. */
const branchOf = ({ name, payload }: GitHubEvent): string => {
  if (name === 'push') return String(payload['ref']).replace(/^refs\/heads\//, '')
  const pull = payload['pull_request'] as { base: { ref: string } } | undefined
  if (!pull) throw new Error(`the filter on.${name}.branches is not supported`)
  return pull.base.ref
}

/** Evaluates `branches`. Throws for a pattern, because GitHub's patterns have their own syntax. */
const includesBranch = (filter: unknown, event: GitHubEvent): boolean => {
  if (filter === undefined) return true
  const names = filter as readonly string[]
  const pattern = names.find((name) => /[*?+[\]!]/.test(name))
  if (pattern)
    throw new Error(`the pattern ${pattern} in on.${event.name}.branches is not supported`)
  return names.includes(branchOf(event))
}

/**
 * Returns whether GitHub starts the workflow for the event. act cannot decide this, because it ignores
 * `types` and `branches`. Throws for an unsupported filter.
 */
export const startsOn = (workflow: string, event: GitHubEvent): boolean => {
  const { name, payload } = event
  const filters = filtersOf(workflow).get(name)
  if (!filters) return false
  const unknown = Object.keys(filters).filter((filter) => !KNOWN.includes(filter))
  if (unknown.length > 0) throw new Error(`the filter on.${name}.${unknown[0]} is not supported`)
  const types = (filters['types'] as readonly string[] | undefined) ?? DEFAULT_TYPES.get(name)
  const isOfType = types === undefined || types.includes(String(payload['action']))
  return isOfType && includesBranch(filters['branches'], event)
}
