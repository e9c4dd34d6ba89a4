import type { ActRun, JobRun, StepRun } from './act.ts'

/** The fields of a line of `act --json` that this file reads. */
interface Line {
  readonly msg?: string
  readonly jobID?: string
  readonly matrix?: Record<string, unknown>
  readonly jobResult?: JobRun['result']
  readonly stage?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: StepRun['outcome']
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
}

interface Job {
  readonly id: string
  readonly matrix: Record<string, unknown>
  result: JobRun['result']
  readonly steps: Map<string, { outcome: StepRun['outcome']; outputs: Record<string, string> }>
}

const parseLine = (text: string): Line => {
  try {
    return JSON.parse(text) as Line
  } catch {
    return { msg: text }
  }
}

const noteStep = ({ steps }: Job, line: Line): void => {
  const [id, ...nested] = line.stepID ?? []
  if (id === undefined || nested.length > 0 || line.stage !== 'Main') return
  if (line.stepResult) steps.set(id, { outcome: line.stepResult, outputs: {} })
  if (line.command !== 'set-output') return
  // Outputs follow the step's result. Those of the obsolete `::set-output` precede it and are ignored.
  const outputs = steps.get(id)?.outputs
  if (outputs && line.name) outputs[line.name] = line.arg ?? ''
}

const jobOf = (jobs: Map<string, Job>, { jobID: id = '', matrix = {} }: Line): Job => {
  const key = `${id} ${JSON.stringify(matrix)}`
  const job = jobs.get(key) ?? { id, matrix, result: 'failure', steps: new Map() }
  jobs.set(key, job)
  return job
}

/** Parses the output of `act --json`. */
export const parseLog = (output: string): Omit<ActRun, 'exitCode'> => {
  const lines = output.split('\n').filter(Boolean).map(parseLine)
  const jobs = new Map<string, Job>()
  for (const line of lines) {
    if (!line.jobID) continue
    const job = jobOf(jobs, line)
    if (line.jobResult) job.result = line.jobResult
    noteStep(job, line)
  }
  return {
    jobs: [...jobs.values()].map(({ steps, ...job }) => ({
      ...job,
      steps: [...steps].map(([id, step]) => ({ id, ...step })),
    })),
    log: lines.map(({ msg = '' }) => msg.trimEnd()).join('\n'),
    summaries: lines.flatMap(({ command, content }) =>
      command === 'summary' && content ? [content] : [],
    ),
  }
}
