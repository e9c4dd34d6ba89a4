import type { Branch } from '@neon/sdk/raw'

/** Returns a branch that Neon lists. By default, its ID is derived from its name. */
export const listedBranch = (name: string, overrides: Partial<Branch> = {}): Branch =>
  ({
    id: `br-${name.replace(/\W/g, '-')}`,
    name,
    default: false,
    protected: false,
    ...overrides,
  }) as Branch

/** Returns the annotation that names a branch's pull request and repository, by the branch's ID. */
export const annotated = (id: string, number?: number | string, repository?: string) => ({
  [id]: {
    object: { type: 'branch', id },
    value: {
      ...(number !== undefined && { 'github-pr-number': String(number) }),
      ...(repository !== undefined && { 'github-commit-repo': repository }),
    },
  },
})
