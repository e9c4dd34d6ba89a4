import { parse } from 'yaml'

/** What happened on GitHub. */
export interface GitHubEvent {
  readonly name: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const DEFAULT_TYPES = new Map([
  ['pull_request', ['opened', 'synchronize', 'reopened']],
  ['pull_request_target', ['opened', 'synchronize', 'reopened']],
])

/** Those of `on.<event>` that say nothing about whether an event starts the workflow. */
const IGNORED = ['types', 'inputs', 'outputs', 'secrets']

const isCron = (filter: unknown): boolean => Array.isArray(filter)

/** The filters of each event under `on:`. */
const filtersOf = (workflow: string): Map<string, Record<string, unknown>> => {
  const { on } = parse(workflow) as { on?: unknown }
  if (typeof on === 'string') return new Map([[on, {}]])
  if (Array.isArray(on)) return new Map(on.map((name) => [String(name), {}]))
  return new Map(
    Object.entries(on ?? {}).map(([name, filter]) => [name, isCron(filter) ? {} : (filter ?? {})]),
  )
}

/**
 * Tells whether GitHub starts the workflow for the event. act does not: it ignores `types`.
 * Throws for a filter that it cannot judge.
 */
export const startsOn = (workflow: string, { name, payload }: GitHubEvent): boolean => {
  const filters = filtersOf(workflow).get(name)
  if (!filters) return false
  const unknown = Object.keys(filters).filter((filter) => !IGNORED.includes(filter))
  if (unknown.length > 0) throw new Error(`cannot judge the filter on.${name}.${unknown[0]}`)
  const types = (filters['types'] as readonly string[] | undefined) ?? DEFAULT_TYPES.get(name)
  return types === undefined || types.includes(String(payload['action']))
}
