import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { instrumentSource, type Mutant } from '../test/mutation/instrument.ts'
import { type Coverage, openLedger } from '../test/mutation/ledger.ts'
import type { Phase } from '../test/mutation/runner.ts'
import { table } from './campaign.ts'

// Plants small bugs (mutants) in the source, one at a time, and reports which ones the tests catch. Each test runs
// once to find out which mutants it executes. Then each mutant is tried with the quickest tests that execute it,
// until one fails.
//
//   npm run mutation                                    all of `src/`
//   npm run mutation -- src/auth src/core/text.ts       these files and folders
//   npm run mutation -- --tests 'test/unit/*.test.ts'   only these tests
//   npm run mutation -- --seconds 10                    more test time for each mutant
//   npm run mutation -- --loading                       also what runs only while a module loads (an hour more)

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: 'string', multiple: true, default: ['test/{unit,http}/*.test.ts'] },
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '2' },
    loading: { type: 'boolean', default: false },
  },
})

/** These run for minutes and cover everything. Every rule has a specific test of its own, so these do not count. */
const CAMPAIGNS = /\/(interleavings|drift|ownership-model|hostile-[^/]*)\.test\.ts$/
/** How long one test with one mutant may take before its process is stopped, in ms. */
const HUNG_MS = 40_000
/** The maximum number of times that the remaining test files run. Each mutant that ends the process costs a round. */
const MAX_ROUNDS = 50
/** The test time that a mutant gets, in ms. The test that exceeds it still runs. */
const MUTANT_BUDGET_MS = 1_000 * Number(options.seconds)
if (!(MUTANT_BUDGET_MS > 0))
  throw new Error(`--seconds ${options.seconds} is not a number of seconds.`)
/** How many test files try a mutant that is executed only while modules load. */
const MAX_LOADING_FILES = 8

const folder = resolve('reports/mutation')
process.env['MUTATION_FOLDER'] = folder
rmSync(folder, { recursive: true, force: true })
const ledger = openLedger(folder)

const testFiles = options.tests
  .flatMap((pattern) => globSync(pattern))
  .filter((file) => !CAMPAIGNS.test(`/${file}`))
if (testFiles.length === 0) throw new Error(`No test file matches ${options.tests.join(', ')}.`)

/** Returns whether all tests passed. */
const runTests = async (
  phase: Phase,
  files: readonly string[],
  { bail = 0 } = {},
): Promise<boolean> => {
  process.env['MUTATION_PHASE'] = phase
  const vitest = await startVitest('test', [...files], {
    config: 'vitest.mutation.config.ts',
    maxWorkers: Number(options.workers),
    watch: false,
    reporters: [],
    bail,
  })
  const hasPassed = process.exitCode !== 1
  await vitest.close()
  // Tests with mutants fail, as they should.
  process.exitCode = 0
  return hasPassed
}

/** Stops the processes whose test hangs, and counts the mutants of those that died as caught. */
const endHungAttempts = (): void => {
  for (const { pid, since, mutant, test } of ledger.running()) {
    try {
      process.kill(pid, Date.now() - since > HUNG_MS ? 'SIGKILL' : 0)
    } catch {
      ledger.attempts.add({ outcome: 'timeout', mutant, test })
      ledger.forget(pid)
    }
  }
}

const killed = new Set<string>()
/** The mutants that at least one test did not catch. A later test may have caught them. */
const survived = new Set<string>()
/** The tests that fail without a mutant. They cannot try any. */
const broken = new Set<string>()

/** Reads the attempts since the last call. Returns the test files that they completed. */
const readAttempts = (): Set<string> => {
  const done = new Set<string>()
  for (const attempt of ledger.attempts.readNew()) {
    const { outcome } = attempt
    if (outcome === 'done') done.add(attempt.file)
    else if (outcome === 'broken') broken.add(attempt.test)
    else if (outcome === 'survived' || outcome === 'polluted') survived.add(attempt.mutant)
    else killed.add(attempt.mutant)
  }
  return done
}

/** Decides which tests try which mutants. */
const planTests = (coverage: readonly Coverage[]): void => {
  const spentMs = new Map<string, number>()
  for (const { test, hits, tookMs } of coverage.toSorted((a, b) => a.tookMs - b.tookMs)) {
    const affordable = Object.entries(hits).filter(
      ([id]) => (spentMs.get(id) ?? 0) < MUTANT_BUDGET_MS,
    )
    for (const [id] of affordable) spentMs.set(id, (spentMs.get(id) ?? 0) + tookMs)
    ledger.plan.add({ test, hits: Object.fromEntries(affordable) })
  }
}

const plantAll = async (): Promise<void> => {
  let waiting = testFiles
  const watchdog = setInterval(endHungAttempts, 2_000)
  for (let round = 0; waiting.length > 0 && round < MAX_ROUNDS; round++) {
    await runTests('mutants', waiting)
    endHungAttempts()
    const done = readAttempts()
    waiting = waiting.filter((file) => !done.has(file))
    console.error(`${killed.size} mutants caught, ${waiting.length} test files to go`)
  }
  clearInterval(watchdog)
  for (const test of broken) console.error(`Fails without a mutant: ${test}`)
  for (const file of waiting) console.error(`Not completed: ${file}`)
}

/**
 * Plants each mutant that is executed only while modules load, in new processes. Runs the tests that know its file
 * best: those that execute the most of its other mutants.
 */
const plantWhileLoading = async (
  waiting: readonly Mutant[],
  mutants: readonly Mutant[],
  coverage: readonly Coverage[],
): Promise<void> => {
  const fileOfMutant = new Map(mutants.map(({ id, file }) => [id, file]))
  const uses = new Map<string, Map<string, number>>()
  for (const { test, hits } of coverage) {
    const [testFile = ''] = test.split('#')
    for (const id of Object.keys(hits)) {
      const file = fileOfMutant.get(id) ?? ''
      const ofFile = uses.get(file) ?? new Map<string, number>()
      uses.set(file, ofFile.set(testFile, (ofFile.get(testFile) ?? 0) + 1))
    }
  }
  for (const [index, { id, file }] of waiting.entries()) {
    const files = [...(uses.get(file) ?? [])]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_LOADING_FILES)
      .map(([testFile]) => testFile)
    if (files.length === 0) continue
    process.env['MUTATION_ACTIVE'] = id
    const hasPassed = await runTests('loading', files, { bail: 1 })
    // Tests that fail without it too prove nothing.
    delete process.env['MUTATION_ACTIVE']
    const isCaught = !hasPassed && (await runTests('loading', files, { bail: 1 }))
    ;(isCaught ? killed : survived).add(id)
    if (index % 50 === 0) console.error(`${index} of ${waiting.length} while loading`)
  }
}

const OUTCOMES = [
  'caught',
  'survived',
  'not tried',
  'only while loading',
  'never executed',
] as const
type Outcome = (typeof OUTCOMES)[number]

const mutants = await instrumentSource(folder, positionals.length > 0 ? positionals : ['src'])
if (mutants.length === 0) throw new Error(`No source file matches ${positionals.join(', ')}.`)
console.error(`${mutants.length} mutants, ${testFiles.length} test files`)
await runTests('coverage', testFiles)
const loaded = new Set(ledger.staticCoverage.readNew().flatMap((file) => file.mutants))
const coverage = ledger.coverage.readNew()
const executed = new Set(coverage.flatMap(({ hits }) => Object.keys(hits)))
planTests(coverage)
await plantAll()

const outcomeOf = ({ id }: Mutant): Outcome => {
  if (killed.has(id)) return 'caught'
  if (survived.has(id)) return 'survived'
  if (executed.has(id)) return 'not tried'
  return loaded.has(id) ? 'only while loading' : 'never executed'
}

if (options.loading) {
  const waiting = mutants.filter((mutant) => outcomeOf(mutant) === 'only while loading')
  await plantWhileLoading(waiting, mutants, coverage)
}

const rows = Object.entries(Object.groupBy(mutants, ({ file }) => file)).map(
  ([file, ofFile = []]) => [
    file,
    String(ofFile.length),
    ...OUTCOMES.map((outcome) => String(ofFile.filter((one) => outcomeOf(one) === outcome).length)),
  ],
)
const totals = OUTCOMES.map((outcome) =>
  String(mutants.filter((one) => outcomeOf(one) === outcome).length),
)
console.log(
  table([['', 'mutants', ...OUTCOMES], ...rows, ['all', String(mutants.length), ...totals]]),
)

const open = mutants
  .filter((mutant) => !killed.has(mutant.id))
  .map((mutant) => {
    const { file, line, column, kind, original, replacement } = mutant
    return `${file}:${line}:${column} ${kind}, ${outcomeOf(mutant)}\n- ${original}\n+ ${replacement}\n`
  })
const report = join(folder, 'open.txt')
writeFileSync(report, open.join('\n'))
console.log(`\nThe mutants that no test caught: ${report}`)
if (mutants.some((mutant) => ['survived', 'not tried'].includes(outcomeOf(mutant))))
  process.exitCode = 1
