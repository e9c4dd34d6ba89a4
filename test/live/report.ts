import {
  ASSUMED_BEHAVIOR,
  QUESTION_NAMES,
  QUESTIONS,
  type QuestionName,
} from '../local-neon/behavior.ts'
import { type Findings, Inconclusive } from './findings.ts'
import type { LiveStepResult } from './lifecycle.ts'
import type { Seen } from './service.ts'

/** The result for one question. */
export interface AnsweredQuestion {
  readonly question: QuestionName
  readonly asks: string
  readonly assumed: string
  /** The matching answer of Local Neon. Absent if undecided. */
  readonly seen?: string
  /** Why a probe could not tell: the request, and what came back. */
  readonly reason?: string
  readonly verdict:
    | 'as assumed'
    | 'differs, survived'
    | 'differs, breaks'
    | 'differs, no result'
    | 'undecided'
}

/** The result of an examination. */
export interface LiveReport {
  readonly examined: string
  readonly answers: readonly AnsweredQuestion[]
  readonly lifecycle: readonly LiveStepResult[]
  /** The parts that failed, and why. */
  readonly failures: readonly string[]
  /** What could not be deleted: the IDs of branches, or a sentence. */
  readonly leftBehind: readonly string[]
  readonly evidence: Readonly<Record<string, readonly Seen[]>>
}

/**
 * Returns a verdict on every question. An unexpected answer counts as breaking the action if the lifecycle
 * failed. If the lifecycle has no result, it is unknown whether the action survives the answer.
 */
export function answersOf(
  findings: Findings,
  lifecycle: readonly LiveStepResult[],
): AnsweredQuestion[] {
  const isBroken = lifecycle.some(({ problems }) => problems.length > 0)
  const lifecycleVerdict = isBroken ? 'differs, breaks' : 'differs, survived'
  const differs = lifecycle.length === 0 ? 'differs, no result' : lifecycleVerdict
  return QUESTION_NAMES.map((question) => {
    const seen = findings[question]
    const { asks, assumed } = QUESTIONS[question]
    const common = { question, asks, assumed }
    if (seen === undefined) return { ...common, verdict: 'undecided' }
    if (seen instanceof Inconclusive)
      return { ...common, reason: seen.message, verdict: 'undecided' }
    if (seen === ASSUMED_BEHAVIOR[question]) return { ...common, seen, verdict: 'as assumed' }
    return { ...common, seen, verdict: differs }
  })
}

/** Returns whether no part of the examination and no step of the lifecycle failed. */
export function isSound({ lifecycle, failures }: LiveReport): boolean {
  return failures.length === 0 && lifecycle.every(({ problems }) => problems.length === 0)
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** Returns the report as Markdown. */
export function markdownOf(report: LiveReport): string {
  const { answers, lifecycle, failures, leftBehind } = report
  const count = (verdict: string) => answers.filter((each) => each.verdict === verdict).length
  const differing = ['differs, breaks', 'differs, survived', 'differs, no result']
  const order = [...differing, 'undecided', 'as assumed'].filter((one) => count(one) > 0)
  const sorted = order.flatMap((verdict) => answers.filter((each) => each.verdict === verdict))
  return [
    '# Neon Auth: what the live service does',
    '',
    `Examined ${report.examined}. ${order.map((verdict) => `${count(verdict)} ${verdict}`).join('; ')}.`,
    '',
    '| Question | Assumed | Seen | Verdict |',
    '| --- | --- | --- | --- |',
    ...sorted.map((each) => row(each.asks, each.assumed, reading(each), each.verdict)),
    '',
    ...lifecycleTable(lifecycle),
    ...section('Could not be examined', failures),
    ...section('Left behind', leftBehind),
    '',
  ].join('\n')
}

const outcomeOf = ({ seconds, problems, warnings }: LiveStepResult): string =>
  problems.length > 0
    ? problems.join(' ')
    : [`as expected (${seconds} s)`, ...warnings.map((one) => `warning: ${one}`)].join('; ')

const lifecycleTable = (lifecycle: readonly LiveStepResult[]): string[] =>
  lifecycle.length === 0
    ? ['The lifecycle of a preview has no result.']
    : [
        '## The lifecycle of a preview',
        '',
        '| Run | Result |',
        '| --- | --- |',
        ...lifecycle.map((result) => row(result.step, outcomeOf(result))),
      ]

const reading = ({ question, seen, reason = '' }: AnsweredQuestion): string =>
  seen === undefined ? reason : `${question}=${seen}`

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${line}`)]
