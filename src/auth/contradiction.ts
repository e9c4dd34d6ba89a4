import { Problem, type ProblemParts } from '../core/problem.ts'
import type { FoundBranch } from '../neon/branches.ts'

/** Returns the problem for two responses of Neon that contradict each other. `claims` completes "Neon …". */
export const contradictionProblem = (
  { name, id }: FoundBranch,
  claims: string,
  parts: Omit<ProblemParts, 'what' | 'fix'>,
): Problem =>
  new Problem({
    what: `Neon contradicts itself about branch ${name} (${id}): it ${claims}.`,
    ...parts,
    fix: 'run the job again in a minute, and check that the API key was made for this project',
  })
