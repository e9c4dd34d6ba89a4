import type { StartStep } from '../runner.ts'
import { type Services, startServices } from '../scenarios.ts'

/**
 * Runs jobs in several workers in parallel, each with its own services, and returns the results in the
 * order of the jobs. Mixes the jobs, so that slow ones do not end up next to each other. Throws if
 * the services cannot start or a job throws. `start` starts the steps, see {@link startServices}.
 */
export const withWorkers = async <Job, Result>(
  jobs: readonly Job[],
  workers: number,
  work: (services: Services, job: Job) => Promise<Result>,
  start?: StartStep,
): Promise<Result[]> => {
  const results = new Array<Result>(jobs.length)
  const stride = 97
  const waiting = Array.from({ length: stride }, (_, first) =>
    jobs.flatMap((job, index) => (index % stride === first ? [{ job, index }] : [])),
  ).flat()
  const worker = async (): Promise<void> => {
    const services = await startServices(start)
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        results[next.index] = await work(services, next.job)
      }
    } finally {
      await services.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, worker))
  return results
}
