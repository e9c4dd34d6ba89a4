import { relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest'
import { type Hits, openLedger } from './ledger.ts'

// A Vitest runner that plants mutants. A test runs once without a mutant, and then once with each mutant that it
// executes and that no test has killed yet, in the same process. So a mutant costs no more than its tests.

/** What the instrumented source reads and counts. */
interface Switchboard {
  activeMutant?: string | undefined
  /** While this is set, executed mutants count for this test. Otherwise, they count as static. */
  currentTestId?: string | undefined
  hitCount?: number | undefined
  /** Above this, the source throws: the mutant has made a loop endless. */
  hitLimit?: number
  mutantCoverage?: {
    readonly static: Hits
    readonly perTest: Readonly<Record<string, Hits>>
  }
}

/** One run of a test. */
type Job =
  /** Loads what the test loads late, so that the next run shows what the test itself executes. */
  | { readonly kind: 'warm up' }
  | { readonly kind: 'measure' }
  /** A run without a mutant: the first, or one after the `suspect` made the test fail. */
  | { readonly kind: 'control'; readonly tries: number; readonly suspect?: string }
  | { readonly kind: 'mutant'; readonly id: string; readonly hits: number }

/** The phase of a mutation run. In `loading`, one mutant (`MUTATION_ACTIVE`) is active all the time. */
export type Phase = 'coverage' | 'mutants' | 'loading'

// Kept from before any test fakes the clock.
const realNow = performance.now.bind(performance)

const CONTROL_TRIES = 4
/** A mutant may be executed at most this many times as often as in the run without it. */
const LOOP_FACTOR = 100
const MAX_HITS_WHILE_LOADING = 1_000_000

const { MUTATION_PHASE: phase, MUTATION_FOLDER: folder = '', MUTATION_ACTIVE: active } = process.env
const switchboard: Switchboard = {
  activeMutant: active,
  hitCount: active === undefined ? undefined : 0,
  hitLimit: MAX_HITS_WHILE_LOADING,
}
Object.assign(globalThis, { __stryker__: switchboard })
const ledger = openLedger(folder)
const plan = new Map<string, Hits>()
/** The mutants that are killed, by any process. */
const dead = new Set<string>()
/** The mutants that a test need not try again. */
const tried = new Map<string, Set<string>>()
/** The tests that fail without a mutant. */
const broken = new Set<string>()

const readLedger = (): void => {
  for (const { test, hits } of ledger.plan.readNew()) plan.set(test, hits)
  for (const attempt of ledger.attempts.readNew()) {
    if (attempt.outcome === 'done') continue
    if (attempt.outcome === 'broken') broken.add(attempt.test)
    else if (attempt.outcome === 'killed' || attempt.outcome === 'timeout') dead.add(attempt.mutant)
    else tried.set(attempt.test, (tried.get(attempt.test) ?? new Set<string>()).add(attempt.mutant))
  }
}

const fileOf = ({ filepath }: RunnerTestFile): string => relative(process.cwd(), filepath)

/** Returns a key that stays the same between runs: the file, and the place of the test in it. */
const keyOf = (test: RunnerTestCase): string =>
  `${fileOf(test.file)}#${test.id.replace(/^-?\d+_/, '')}`

const jobsFor = (key: string): Job[] => {
  if (phase === 'coverage') return [{ kind: 'warm up' }, { kind: 'measure' }]
  readLedger()
  if (broken.has(key)) return []
  const mutants = Object.entries(plan.get(key) ?? {})
    .filter(([id]) => !dead.has(id) && !tried.get(key)?.has(id))
    .map(([id, hits]): Job => ({ kind: 'mutant', id, hits }))
  return mutants.length > 0 ? [{ kind: 'control', tries: 1 }, ...mutants] : []
}

const activate = (job: Job | undefined, key: string): void => {
  const mutant = job?.kind === 'mutant' ? job : undefined
  switchboard.activeMutant = mutant?.id
  switchboard.hitCount = mutant && 0
  switchboard.hitLimit = (mutant?.hits ?? 0) * LOOP_FACTOR + LOOP_FACTOR
  switchboard.currentTestId = job?.kind === 'measure' ? key : undefined
}

/** Runs each test with its mutants. Vitest repeats a test as often as `repeats` says. */
export default class MutantRunner extends TestRunner {
  private key = ''
  private jobs: Job[] = []
  private job: Job | undefined
  private startedAt = 0

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test)
    if (phase === 'loading' || (test.mode !== 'run' && test.mode !== 'queued')) return
    this.key = keyOf(test)
    this.jobs = jobsFor(this.key)
    // A mutant that makes the test fail is followed by controls. Runs that are left over are skipped.
    test.repeats = this.jobs.length * (CONTROL_TRIES + 1)
    test.retry = 0
  }

  override async onBeforeTryTask(
    ...[test, options]: Parameters<TestRunner['onBeforeTryTask']>
  ): Promise<void> {
    if (phase === 'loading') return super.onBeforeTryTask(test, options)
    this.job = this.jobs.shift()
    activate(undefined, this.key)
    if (!this.job && test.type === 'test') test.context.skip()
    await super.onBeforeTryTask(test, options)
    if (this.job?.kind === 'mutant') ledger.start({ mutant: this.job.id, test: this.key })
    activate(this.job, this.key)
    this.startedAt = realNow()
  }

  override async onAfterRetryTask(
    ...[test, options]: Parameters<TestRunner['onAfterRetryTask']>
  ): Promise<void> {
    if (phase === 'loading') return super.onAfterRetryTask(test, options)
    activate(undefined, this.key)
    const hasFailed = test.result?.state === 'fail'
    if (test.result) delete test.result.errors
    if (this.job) await this.judge(this.job, hasFailed)
    await super.onAfterRetryTask(test, options)
  }

  private async judge(job: Job, hasFailed: boolean): Promise<void> {
    const test = this.key
    if (job.kind === 'measure')
      ledger.coverage.add({
        test,
        hits: switchboard.mutantCoverage?.perTest[test] ?? {},
        tookMs: realNow() - this.startedAt,
      })
    if (job.kind === 'control') await this.judgeControl(job, hasFailed)
    if (job.kind !== 'mutant') return
    ledger.stop()
    if (hasFailed) this.jobs.unshift({ kind: 'control', tries: 1, suspect: job.id })
    else ledger.attempts.add({ outcome: 'survived', mutant: job.id, test })
  }

  /** Counts a mutant as killed if the test succeeds without it right afterward. */
  private async judgeControl(
    job: Extract<Job, { kind: 'control' }>,
    hasFailed: boolean,
  ): Promise<void> {
    const { suspect: mutant, tries } = job
    const test = this.key
    if (!hasFailed) {
      if (mutant !== undefined) ledger.attempts.add({ outcome: 'killed', mutant, test })
      return
    }
    if (tries < CONTROL_TRIES) {
      await delay(300 * tries)
      this.jobs.unshift({ ...job, tries: tries + 1 })
      return
    }
    this.jobs = []
    if (mutant === undefined) return ledger.attempts.add({ outcome: 'broken', test })
    ledger.attempts.add({ outcome: 'polluted', mutant, test })
    // Only a new process is clean again. Vitest intercepts `process.exit`.
    process.kill(process.pid, 'SIGKILL')
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    for (const file of files.map(fileOf)) {
      const mutants = Object.keys(switchboard.mutantCoverage?.static ?? {})
      if (phase === 'coverage') ledger.staticCoverage.add({ file, mutants })
      if (phase === 'mutants') ledger.attempts.add({ outcome: 'done', file })
    }
    super.onAfterRunFiles(files)
  }
}
