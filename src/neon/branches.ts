import type { Branch, ListProjectBranchesData } from '@neon/sdk/raw'
import { given } from '../core/optional.ts'
import { nonEmptyString } from '../core/text.ts'
import type { BranchPage, NeonClient } from './client.ts'

/** The branch that a run acts on. */
export interface FoundBranch {
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  readonly isProtected: boolean
  readonly parentId?: string
  /** When it was created, in ms since 1970. Absent: Neon does not say. */
  readonly createdAt?: number
  /** `init`, `resetting`, `ready`, `archived`. Absent: Neon does not say. */
  readonly state?: string
}

/** What a listing of branches may be limited by. */
export type BranchQuery = NonNullable<ListProjectBranchesData['query']>
/** The branches of a project, and its annotations by branch ID. */
export type BranchListing = Pick<BranchPage, 'branches' | 'annotations'>

// A stable order, oldest first: a branch that is created while we page is never skipped.
const STABLE: BranchQuery = { limit: 10_000, sort_by: 'created_at', sort_order: 'asc' }

/** Every branch of the project that `query` matches, over all pages; a repeated cursor ends it. */
export const listAll = async (
  neon: NeonClient,
  query: BranchQuery = {},
): Promise<BranchListing> => {
  const branches: Branch[] = []
  const annotations: BranchListing['annotations'] = {}
  const cursors = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const page = await neon.listBranches({ ...STABLE, ...query, ...(cursor && { cursor }) })
    branches.push(...page.branches)
    Object.assign(annotations, page.annotations)
    cursor = page.next
    if (!cursor || cursors.has(cursor)) return { branches, annotations }
    cursors.add(cursor)
  }
}

/** A branch of a listing, as far as it matters here. */
export const toFound = (branch: Branch): FoundBranch => ({
  id: branch.id,
  name: branch.name,
  isDefault: branch.default === true || branch.primary === true,
  isProtected: branch.protected === true,
  ...(branch.parent_id && { parentId: branch.parent_id }),
  ...given('createdAt', Date.parse(String(branch.created_at)) || undefined),
  ...given('state', nonEmptyString(branch.current_state)),
})

/** Inherited auth can show up late on a branch that is younger than this, in ms. */
const YOUNG_MS = 10 * 60_000

/**
 * Whether a branch is so new, or so unfinished, that what it inherits may not be visible yet. A branch
 * whose age Neon does not say counts as young.
 */
export const isYoung = ({ createdAt, state }: FoundBranch, now = Date.now()): boolean =>
  createdAt === undefined ||
  now - createdAt < YOUNG_MS ||
  (state !== undefined && state !== 'ready')
