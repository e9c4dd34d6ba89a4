import type { Branch, ListProjectBranchesData } from '@neon/sdk/raw'
import { optional } from '../core/optional.ts'
import { nonEmptyString } from '../core/text.ts'
import type { BranchPage, NeonClient } from './client.ts'
import { readCursorPages } from './cursor-pages.ts'

/** The fields of a branch that this action uses. */
export interface FoundBranch {
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  readonly isProtected: boolean
  readonly parentId?: string
  /** The creation time, in ms since 1970. Absent if Neon does not return it. */
  readonly createdAt?: number
  /** `init`, `resetting`, `ready`, or `archived`. Absent if Neon does not return it. */
  readonly state?: string
}

/** The filters of a branch listing. */
export type BranchQuery = NonNullable<ListProjectBranchesData['query']>

/** The branches of a project, and their annotations by branch ID. */
export type BranchListing = Pick<BranchPage, 'branches' | 'annotations'>

// Oldest first: a branch that is created between two requests does not shift the pages.
const STABLE_ORDER: BranchQuery = { limit: 10_000, sort_by: 'created_at', sort_order: 'asc' }

/** Lists all branches that match `query`, across all pages. Stops at a repeated cursor. Throws like {@link NeonClient}. */
export const listAllBranches = async (
  neon: NeonClient,
  query: BranchQuery = {},
): Promise<BranchListing> => {
  const pages = await readCursorPages((cursor) =>
    neon.listBranches({ ...STABLE_ORDER, ...query, ...(cursor && { cursor }) }),
  )
  return {
    branches: pages.flatMap((page) => page.branches),
    annotations: Object.fromEntries(pages.flatMap((page) => Object.entries(page.annotations))),
  }
}

/** Converts Neon's response to a branch. */
export const toFoundBranch = (branch: Branch): FoundBranch => ({
  id: branch.id,
  name: branch.name,
  isDefault: branch.default === true || branch.primary === true,
  isProtected: branch.protected === true,
  ...optional('parentId', nonEmptyString(branch.parent_id)),
  ...optional('createdAt', Date.parse(String(branch.created_at)) || undefined),
  ...optional('state', nonEmptyString(branch.current_state)),
})

/** How long Neon may take to set up a new branch or its auth, in ms. */
const YOUNG_MS = 10 * 60_000

/** Returns whether Neon may still be setting up a branch or its auth. `createdAt` is in ms since 1970. */
export const isRecentlyCreated = (createdAt: number, now = Date.now()): boolean =>
  now - createdAt < YOUNG_MS

/**
 * Returns whether a branch is new or not ready, so its inherited auth may not be visible yet. A branch of
 * unknown age counts as young.
 */
export const isYoung = ({ createdAt, state }: FoundBranch, now = Date.now()): boolean =>
  createdAt === undefined ||
  isRecentlyCreated(createdAt, now) ||
  (state !== undefined && state !== 'ready')
