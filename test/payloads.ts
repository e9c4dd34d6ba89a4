import { createRequire } from 'node:module'

type Payload = Record<string, unknown> & { pull_request?: Record<string, unknown> }

const webhookExamples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  default?: { name: string; examples: Payload[] }[]
} & { name: string; examples: Payload[] }[]

const events = webhookExamples.default ?? webhookExamples

/** The fields of a pull request that a test may change in one of GitHub's example payloads. */
export interface PullRequestFields {
  readonly number?: number
  readonly headRef?: string
  readonly headSha?: string
  readonly state?: 'open' | 'closed'
  readonly author?: string
  /** A name means a fork, `null` a deleted head repository. Default: the base repository. */
  readonly headRepo?: string | null
}

const withFields = (
  pull: Record<string, unknown>,
  fields: PullRequestFields,
): Record<string, unknown> => {
  const head = pull['head'] as Record<string, unknown>
  const repo = head['repo'] as Record<string, unknown>
  const headRepo = fields.headRepo && { ...repo, id: 999_999, full_name: fields.headRepo }
  return {
    ...pull,
    ...(fields.number !== undefined && { number: fields.number }),
    ...(fields.state && { state: fields.state }),
    ...(fields.author && { user: { ...(pull['user'] as object), login: fields.author } }),
    head: {
      ...head,
      ...(fields.headRef && { ref: fields.headRef }),
      ...(fields.headSha && { sha: fields.headSha }),
      repo: headRepo === undefined ? repo : headRepo,
    },
  }
}

/**
 * Returns GitHub's own example payload of an event (`@octokit/webhooks-examples`). If it has a pull request,
 * changes these fields of it. Throws if GitHub published no such example.
 */
export const payload = (name: string, action?: string, fields: PullRequestFields = {}): Payload => {
  const examples = events.find((event) => event.name === name)?.examples ?? []
  const example = examples.find(
    (candidate) => action === undefined || candidate['action'] === action,
  )
  if (!example) throw new Error(`GitHub published no example of ${name} ${action ?? ''}`)
  if (!example.pull_request) return example
  const pull_request = withFields(example.pull_request, fields)
  return { ...example, number: pull_request['number'], pull_request }
}

/** Returns the first of GitHub's example payloads of an event for which `fits` is true. Throws if there is none. */
export const payloadWhere = (name: string, fits: (example: Payload) => boolean): Payload => {
  const example = events.find((event) => event.name === name)?.examples.find(fits)
  if (!example) throw new Error(`GitHub published no such example of ${name}`)
  return example
}

/** The repository of GitHub's example payloads. */
export const REPOSITORY = 'Codertocat/Hello-World'

/** The head commit of the pull request in those payloads. */
export const HEAD_SHA = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821'
