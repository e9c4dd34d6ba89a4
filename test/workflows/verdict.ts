import type { ActRun, JobRun } from './act.ts'
import { isOwn, type RunnableJob, stepKey } from './jobs.ts'
import type { ExpectedJob, ExpectedJobs } from './scenario.ts'

/** Conditions of steps that run even after a failure. */
const RUNS_AFTER_FAILURE = /always\(\)|failure\(\)|cancelled\(\)/

const expectedOutcomes = (job: RunnableJob, expected: ExpectedJob): Map<string, string> => {
  const outcomes = new Map<string, string>()
  let failed = false
  for (const [position, step] of job.steps.entries()) {
    const key = stepKey(step, position)
    const isSkipped =
      expected.skipped?.includes(key) || (failed && !RUNS_AFTER_FAILURE.test(step.if ?? ''))
    const fails = expected.failed?.includes(key)
    outcomes.set(key, isSkipped ? 'skipped' : fails ? 'failure' : 'success')
    if (fails) failed = true
  }
  return outcomes
}

const stepProblems = (job: RunnableJob, run: JobRun, expected: ExpectedJob): string[] => {
  const outcomes = new Map<string, string>(run.steps.map(({ id, outcome }) => [id, outcome]))
  return [...expectedOutcomes(job, expected)]
    .filter(([key, outcome]) => (outcomes.get(key) ?? 'skipped') !== outcome)
    .map(
      ([key, outcome]) =>
        `${job.id}: step ${key} should be ${outcome} but was ${outcomes.get(key) ?? 'skipped'}`,
    )
}

const actionProblems = (job: RunnableJob, run: JobRun, { actions = [] }: ExpectedJob): string[] => {
  const own = job.steps.flatMap((step, position) => (isOwn(step) ? [stepKey(step, position)] : []))
  const taken = run.steps
    .filter(({ id, outcome }) => own.includes(id) && outcome === 'success')
    .map(({ outputs }) => outputs['action_taken'] ?? '(none)')
  if (actions === 'any' || taken.join() === actions.join()) return []
  return [`${job.id}: action_taken should be ${actions.join(', ')} but was ${taken.join(', ')}`]
}

/** Returns the job outputs that GitHub would drop because they contain a secret. act does not drop them. */
const droppedOutputs = (
  { id, outputs }: RunnableJob,
  run: JobRun,
  secrets: readonly string[],
): string[] =>
  Object.entries(outputs).flatMap(([name, expression]) => {
    const [, step, output = ''] = /steps\.([\w-]+)\.outputs\.([\w-]+)/.exec(expression) ?? []
    const value = run.steps.find((each) => each.id === step)?.outputs[output] ?? ''
    return secrets.some((secret) => value.includes(secret))
      ? [`${id}: GitHub would drop the output ${name}, which contains a secret`]
      : []
  })

const jobProblems = (
  job: RunnableJob,
  runs: readonly JobRun[],
  expected: readonly ExpectedJob[],
  secrets: readonly string[],
): string[] => {
  if (runs.length !== expected.length)
    return [`${job.id}: should run ${expected.length} times but ran ${runs.length} times`]
  return expected.flatMap((each, index) => {
    const run = runs[index] as JobRun
    const result = (each.failed ?? []).length > 0 ? 'failure' : 'success'
    return [
      ...(run.result === result ? [] : [`${job.id}: should end in ${result}`]),
      ...stepProblems(job, run, each),
      ...actionProblems(job, run, each),
      ...droppedOutputs(job, run, secrets),
    ]
  })
}

const leaks = ({ log, summaries }: ActRun, secrets: readonly string[]): string[] =>
  secrets
    .filter((secret) => log.includes(secret) || summaries.some((text) => text.includes(secret)))
    .map((secret) => `the log or a summary contains the secret ${secret}`)

/** Compares a run with what was expected of it. Returns one sentence for each difference. */
export const problemsOf = (
  jobs: readonly RunnableJob[],
  run: ActRun,
  expected: ExpectedJobs,
  secrets: readonly string[],
): string[] => {
  const unknown = Object.keys(expected).filter((id) => !jobs.some((job) => job.id === id))
  return [
    ...unknown.map((id) => `there is no job ${id}`),
    ...jobs.flatMap((job) => {
      const runs = run.jobs
        .filter(({ id }) => id === job.id)
        .sort((a, b) => JSON.stringify(a.matrix).localeCompare(JSON.stringify(b.matrix)))
      return jobProblems(job, runs, [expected[job.id] ?? []].flat(), secrets)
    }),
    ...leaks(run, secrets),
  ]
}
