import { openWorld, type World } from '../scenarios.ts'

/**
 * Runs jobs with several parallel workers, each with its own world. Returns the results in the order of
 * the jobs. Starts the jobs in a mixed order, so that slow ones do not run next to each other. Throws if
 * Local Neon itself fails.
 */
export const withWorkers = async <Job, Result>(
  jobs: readonly Job[],
  workers: number,
  work: (world: World, job: Job) => Promise<Result>,
): Promise<Result[]> => {
  const results = new Array<Result>(jobs.length)
  const stride = 97
  const waiting = Array.from({ length: stride }, (_, first) =>
    jobs.flatMap((job, index) => (index % stride === first ? [{ job, index }] : [])),
  ).flat()
  const worker = async (): Promise<void> => {
    const world = await openWorld()
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        results[next.index] = await work(world, next.job)
      }
    } finally {
      await world.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, worker))
  return results
}
