import type { Branch } from '@neon/sdk/raw'

/** Returns a branch as Neon lists it. By default, its ID is derived from its name. */
export const listedBranch = (name: string, overrides: Partial<Branch> = {}): Branch =>
  ({
    id: `br-${name.replace(/\W/g, '-')}`,
    name,
    default: false,
    protected: false,
    ...overrides,
  }) as Branch

/** Returns Neon's annotations by branch ID, with one that names a branch's pull request and repository. */
export const annotated = (id: string, number?: number | string, repository?: string) => ({
  [id]: {
    object: { type: 'branch', id },
    value: {
      ...(number !== undefined && { 'github-pr-number': String(number) }),
      ...(repository !== undefined && { 'github-commit-repo': repository }),
    },
  },
})
