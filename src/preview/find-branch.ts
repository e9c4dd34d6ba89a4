import type { Branch } from '@neon/sdk/raw'
import { closest, distance } from 'fastest-levenshtein'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { PullRequest } from '../github/pull-request.ts'
import {
  type BranchListing,
  type BranchQuery,
  type FoundBranch,
  listAll,
  toFound,
} from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'

/** What to look for: a branch named by hand, or the branch of a pull request of `repository`. */
export type Wanted =
  | { readonly branch: string }
  | {
      readonly pullRequest: Pick<PullRequest, 'number' | 'headRef' | 'sameRepository'>
      readonly repository: string
    }

/**
 * The names that a pull request's branch may have, in the order in which they win: Neon's GitHub
 * templates first, then Neon's Vercel integrations (`preview/<git branch>`). The last says nothing
 * about the pull request, so it counts only where the repository's own people name the git branch:
 * a fork's may carry the same name. A git branch `pr-8` of pull request 12 is left out too, as
 * `preview/pr-8` belongs to pull request 8.
 */
export const branchNames = ({
  number,
  headRef,
  sameRepository,
}: Pick<PullRequest, 'number' | 'headRef' | 'sameRepository'>): string[] => {
  const byNumber = (prefix: string): string[] => [
    ...(headRef ? [`${prefix}pr-${number}-${headRef}`] : []),
    `${prefix}pr-${number}`,
  ]
  const namesNumber = headRef?.match(/^pr-(\d+)(-|$)/)?.[1]
  const looksLikeAnother = namesNumber !== undefined && namesNumber !== String(number)
  const byRef = headRef && sameRepository && !looksLikeAnother ? [`preview/${headRef}`] : []
  return [...byNumber('preview/'), ...byNumber(''), ...byRef]
}

const listed = (branches: readonly Branch[]): string =>
  branches.map(({ name, id }) => `${oneLine(name, 100)} (${id})`).join(', ')

const theOne = (claims: readonly Branch[], what: string): FoundBranch | undefined => {
  const [first, second] = claims
  if (!first) return undefined
  if (!second) return toFound(first)
  throw new Problem({
    what: `${claims.length} branches have an equal claim to ${what}: ${listed(claims)}.`,
    fix: 'say which one is meant with the input `branch` (its id is the safest)',
  })
}

/**
 * Picks the wanted branch out of a listing; exact matches only. Pure. Throws {@link Problem} when
 * two branches have an equal claim: a branch is never guessed.
 */
export const pickBranch = (
  wanted: Wanted,
  { branches, annotations }: BranchListing,
): FoundBranch | undefined => {
  if ('branch' in wanted) {
    const { branch } = wanted
    const claims = branches.filter(({ id, name }) => id === branch || name === branch)
    return theOne(claims, `\`branch: ${oneLine(branch, 100)}\``)
  }
  const { pullRequest, repository } = wanted
  const annotated = branches.filter(({ id }) => {
    const value = annotations[id]?.value ?? {}
    return (
      String(value['github-pr-number']) === String(pullRequest.number) &&
      String(value['github-commit-repo']).toLowerCase() === repository.toLowerCase()
    )
  })
  const byAnnotation = theOne(annotated, `pull request #${pullRequest.number} by their annotation`)
  if (byAnnotation) return byAnnotation
  for (const name of branchNames(pullRequest)) {
    const byName = theOne(
      branches.filter((branch) => branch.name === name),
      `the name ${name}`,
    )
    if (byName) return byName
  }
  return undefined
}

const describe = (wanted: Wanted): string =>
  'branch' in wanted
    ? `the branch ${oneLine(wanted.branch, 100)}`
    : `the branch of pull request #${wanted.pullRequest.number}`

const look = async (
  neon: NeonClient,
  wanted: Wanted,
  query: BranchQuery,
): Promise<{ found?: FoundBranch; seen: readonly Branch[] }> =>
  withContext(
    `Could not look for ${describe(wanted)} in the Neon project ${neon.projectId}.`,
    async () => {
      const listing = await listAll(neon, query)
      const found = pickBranch(wanted, listing)
      return { seen: listing.branches, ...(found && { found }) }
    },
  )

/**
 * Looks once for the wanted branch. `undefined`: it does not exist (now). Throws {@link Problem}
 * for two with an equal claim and for every answer of the API that is not a list.
 */
export const findBranch = async (
  neon: NeonClient,
  wanted: Wanted,
): Promise<FoundBranch | undefined> =>
  (await look(neon, wanted, 'branch' in wanted ? { search: wanted.branch } : {})).found

const nearest = (tried: readonly string[], seen: readonly Branch[]): string[] => {
  const names = seen.map(({ name }) => name)
  const far = (name: string): number => distance(name, closest(name, [...tried]))
  return names.sort((a, b) => far(a) - far(b)).slice(0, 5)
}

const missing = (wanted: Wanted, seen: readonly Branch[], waited: string): Problem => {
  const tried = 'branch' in wanted ? [wanted.branch] : branchNames(wanted.pullRequest)
  const near = nearest(tried, seen).map((name) => oneLine(name, 100))
  const annotation = 'branch' in wanted ? '' : 'a branch annotated with its number; '
  return new Problem({
    what: `The Neon project has no branch for this run${waited}.`,
    response: `Looked for: ${annotation}${tried.map((name) => oneLine(name, 100)).join(', ')}\nNearest of the ${seen.length} there: ${near.join(', ') || '(none)'}`,
    why: 'the step that creates the branch did not run before this one, or names it otherwise',
    fix: 'create the branch first (neondatabase/create-branch-action), or say which it is with `branch`',
  })
}

/** The {@link Problem} that says that the wanted branch does not exist, with the nearest names there are. */
export const branchMissing = async (neon: NeonClient, wanted: Wanted): Promise<Problem> =>
  missing(wanted, (await look(neon, wanted, {})).seen, '')

/**
 * Waits for the wanted branch, which another job or Neon's Vercel integration may be creating just
 * now, for as long as the deadline allows. Throws {@link Problem} that lists the names tried and
 * the nearest found.
 */
export const waitForBranch = async (
  neon: NeonClient,
  wanted: Wanted,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<FoundBranch> => {
  log.info(`Waiting for ${describe(wanted)}: it is not there yet (at most ${deadline.seconds} s)`)
  for (let wait = 1000; ; wait = Math.min(wait * 1.5, 5000)) {
    // All branches, not a search: the nearest names are for the message.
    const { found, seen } = await look(neon, wanted, {})
    if (found) return found
    if (wait >= deadline.remaining())
      throw missing(wanted, seen, `, and none appeared within ${deadline.seconds} s`)
    await deadline.sleep(wait, `waiting for ${describe(wanted)}`)
  }
}
