// Creates a branch as https://github.com/neondatabase/create-branch-action does: an existing one is
// returned unchanged, and a new one is annotated with the pull request.
import { appendFileSync, readFileSync } from 'node:fs'

interface Branch {
  readonly id: string
  readonly name: string
}

const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? ''

const request = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const url = `${process.env['LOCAL_NEON_API']}/projects/${input('project_id')}${path}`
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${input('api_key')}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

const event = JSON.parse(readFileSync(process.env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as {
  number?: number
}

const createBranch = async (): Promise<Branch> => {
  const created = await request<{ branch: Branch }>('POST', '/branches', {
    branch: {
      name: input('branch_name'),
      ...(input('expires_at') && { expires_at: input('expires_at') }),
    },
    endpoints: [{ type: 'read_write' }],
    annotation_value: {
      'github-commit-repo': process.env['GITHUB_REPOSITORY'],
      ...(event.number && { 'github-pr-number': String(event.number) }),
    },
  })
  return created.branch
}

const found = await request<{ branches: Branch[] }>(
  'GET',
  `/branches?search=${encodeURIComponent(input('branch_name'))}`,
)
const existing = found.branches.find(({ name }) => name === input('branch_name'))
const branch = existing ?? (await createBranch())
const url = `postgresql://neondb_owner@${branch.id}.example/neondb`
appendFileSync(
  process.env['GITHUB_OUTPUT'] ?? '',
  `branch_id=${branch.id}\ncreated=${!existing}\ndb_url=${url}\ndb_url_pooled=${url}\n`,
)
