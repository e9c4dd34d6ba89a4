import { readFileSync } from 'node:fs'
import { parseArgs, styleText } from 'node:util'
import {
  ASSUMED_BEHAVIOR,
  type Behavior,
  QUESTION_NAMES,
  QUESTIONS,
  type QuestionName,
  withBehavior,
} from '../test/local-neon/behavior.ts'
import { type RunResult, runLifecycle } from '../test/readings/lifecycle.ts'
import { coveringArray } from '../test/readings/pairs.ts'
import { table } from './campaign.ts'
import { expectSome, secondsSince } from './script.ts'

// Runs the lifecycle of a preview with the committed bundle, once for every possible answer to an open question
// about the live service: `npm run readings`. `--pairs` combines the answers and covers every pair.
// `--only trustDelay`, `--only trustDelay=20-s`, and `--pairs --only 'pairs=row 2'` select a part.
// `--answers 'storedDomain=slash shownName=absent'` combines only these answers. Use it to find the answers
// that make a row go wrong.

/** Questions that need special circumstances, even for the assumed answer. */
const SPECIAL: readonly QuestionName[] = [
  'archivedBranch',
  'unreadyBranch',
  'noCompute',
  'schemaOnlyChild',
  'rateLimitHeader',
]
/** Answers that make almost every run fail. In a combination, they would hide the effect of the others. */
const BLOCKING: Partial<Record<QuestionName, readonly string[]>> = {
  noCompute: Object.keys(QUESTIONS.noCompute.answers),
  archivedBranch: ['refused'],
  pagination: ['drops'],
}

/** The questions whose special circumstances also apply to combined answers. */
const COMBINED_FOCUS: ReadonlySet<QuestionName> = new Set([
  'unreadyBranch',
  'schemaOnlyChild',
  'rateLimitHeader',
])
/** Combinations that went wrong although each of their answers alone did not. */
const KNOWN_COMBINATIONS: readonly string[] = [
  // The run cannot confirm the entry, so it sends the domain again. It must not also send the name.
  'storedDomain=slash signOutCheck=unchecked shownName=absent',
]

interface Cell {
  readonly label: string
  readonly behavior: Behavior
  readonly focus: ReadonlySet<QuestionName>
}

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    answers: { type: 'string', multiple: true },
    workers: { type: 'string', default: '4' },
  },
})

const singles = (): Cell[] => [
  { label: 'everything=as assumed', behavior: ASSUMED_BEHAVIOR, focus: new Set() },
  ...QUESTION_NAMES.flatMap((name) =>
    Object.keys(QUESTIONS[name].answers)
      .filter((answer) => answer !== QUESTIONS[name].assumed || SPECIAL.includes(name))
      .map((answer) => cellOf(name, answer)),
  ),
]

function cellOf(name: QuestionName, answer: string): Cell {
  // The content of the copied row matters only while inherited auth is invisible.
  const invisible = { childVisible: 'late' } as const
  const behavior = withBehavior({ ...(name === 'copiedEndpoint' && invisible), [name]: answer })
  return { label: `${name}=${answer}`, behavior, focus: new Set([name]) }
}

/** Returns a cell with several answers, such as `storedDomain=slash shownName=absent`. */
function combined(answers: string): Cell {
  const partial = Object.fromEntries(answers.split(' ').map((answer) => answer.split('=')))
  return { label: `together=${answers}`, behavior: withBehavior(partial), focus: COMBINED_FOCUS }
}

const pairs = (): Cell[] => {
  const factors = QUESTION_NAMES.map((name) => [name, combinable(name)] as const).filter(
    ([, answers]) => answers.length > 0,
  )
  const rows = coveringArray(Object.fromEntries(factors))
  const cells = rows.map((row, index) => ({
    label: `pairs=row ${index + 1}`,
    behavior: withBehavior(row as Partial<Behavior>),
    focus: COMBINED_FOCUS,
  }))
  return [...cells, ...KNOWN_COMBINATIONS.map(combined)]
}

/** Returns the answers to combine with others, without known failures, which would hide problems. */
const combinable = (name: QuestionName): string[] =>
  Object.keys(QUESTIONS[name].answers).filter(
    (answer) => !BLOCKING[name]?.includes(answer) && !known.has(`${name}=${answer}`),
  )

const isSelected = ({ label }: Cell): boolean =>
  !options.only || options.only.some((part) => label === part || label.startsWith(`${part}=`))

const known = new Set(
  JSON.parse(
    readFileSync(new URL('../test/readings/known-failures.json', import.meta.url), 'utf8'),
  ) as string[],
)
const keyOf = ({ label }: Cell, { run }: RunResult): string => `${label}: ${run}`

const resultOf = (cell: Cell, results: readonly RunResult[]): string => {
  const wrong = results.filter(({ outcome }) => outcome === 'wrong')
  const refused = results
    .filter(({ outcome }) => outcome === 'refused by name')
    .map(({ run }) => run)
    // Reopening over a leftover schema is always refused, which is correct.
    .filter((run) => run !== 'reopen over data')
  if (wrong.length > 0 && !known.has(cell.label)) return '✘ wrong'
  if (wrong.length > 0) return `wrong, known: ${wrong.map(({ run }) => run).join(', ')}`
  return refused.length > 0 ? `refused by name: ${refused.join(', ')}` : 'survived'
}

const printWrong = (cell: Cell, results: readonly RunResult[]): void => {
  for (const result of results.filter(({ outcome }) => outcome === 'wrong')) {
    const color = known.has(cell.label) ? 'yellow' : 'red'
    console.log(styleText(color, `✘ ${keyOf(cell, result)}`))
    for (const problem of result.problems) console.log(`    ${problem.slice(0, 600)}`)
    if (cell.label.startsWith('pairs')) console.log(`    ${describe(cell.behavior)}`)
  }
}

const describe = (behavior: Behavior): string =>
  QUESTION_NAMES.filter((name) => behavior[name] !== ASSUMED_BEHAVIOR[name])
    .map((name) => `${name}=${behavior[name]}`)
    .join(' ')

const started = performance.now()
const cells =
  options.answers?.map(combined) ?? (options.pairs ? pairs() : singles()).filter(isSelected)
expectSome(cells)
const queue = [...cells]
const resultsByCell = new Map<Cell, RunResult[]>()
const worker = async (): Promise<void> => {
  for (let cell = queue.shift(); cell; cell = queue.shift()) {
    const results = await runLifecycle(cell.behavior, cell.focus)
    resultsByCell.set(cell, results)
    const outcome = `${resultsByCell.size} of ${cells.length}: ${cell.label}: ${resultOf(cell, results)}`
    console.error(styleText('dim', outcome))
    printWrong(cell, results)
  }
}
await Promise.all(Array.from({ length: Number(options.workers) }, worker))

console.log(
  `\n${table([
    ['question', 'answer', 'outcome'],
    ...cells.map((cell) => [
      ...cell.label.split(/=(.*)/s, 2),
      resultOf(cell, resultsByCell.get(cell) ?? []),
    ]),
  ])}`,
)
const isWrong = ({ outcome }: RunResult): boolean => outcome === 'wrong'
const wrong = cells.filter((cell) => resultsByCell.get(cell)?.some(isWrong))
const newlyWrong = wrong.filter(({ label }) => !known.has(label))
const fixed = cells.filter((cell) => known.has(cell.label) && !wrong.includes(cell))
for (const { label } of fixed) {
  console.log(`${label} no longer fails: delete it from test/readings/known-failures.json`)
}
const runs = [...resultsByCell.values()].flat().length
console.log(
  `\n${cells.length} services, ${runs} runs: ${wrong.length} services went wrong, ${wrong.length - newlyWrong.length} of them known; ${secondsSince(started)} s`,
)
if (newlyWrong.length > 0 || fixed.length > 0) process.exitCode = 1
