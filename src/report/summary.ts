import * as core from '@actions/core'
import { type Change, sentence } from '../auth/plan.ts'
import type { Log } from '../core/log.ts'
import { messageOf } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { ChangeJournal } from './journal.ts'
import { bullets, code, facts, plain } from './markdown.ts'
import { type ActionTaken, callbackUrls, type Report } from './report.ts'

const HEADLINES: Record<ActionTaken, string> = {
  enabled: 'Neon Auth was enabled',
  updated: 'Neon Auth is on and was brought up to date',
  unchanged: 'Neon Auth is on, nothing had to change',
  disabled: 'Neon Auth was disabled',
  untrusted: 'Neon Auth stays on without the domains of this pull request',
  kept: 'Neon Auth was left as it is',
  already_gone: 'Neon Auth was off already',
  skipped: 'Neon Auth was skipped',
  planned: 'Neon Auth: what would change',
  swept: 'Neon Auth: closed pull requests were swept',
  status: 'Neon Auth: how it stands',
}

/** How a run ended, in a few words: the log's last line and the summary's heading. */
export const headline = ({ action, branch }: Pick<Report, 'action' | 'branch'>): string =>
  `${HEADLINES[action]}${branch ? ` (branch ${branch.name})` : ''}`

const section = (title: string, body: string): string[] => (body ? [`#### ${title}`, body] : [])

const changesList = (changes: readonly Change[]): string =>
  bullets(changes.map((change) => plain(sentence(change), 1000)))

const factRows = (report: Report): (readonly [string, string])[] => {
  const { auth, branch, trustedDomains = [] } = report
  const rows: [string, string][] = []
  if (branch) rows.push(['Branch', `${code(branch.name)} ${code(branch.id)}`])
  if (auth) {
    rows.push(['Auth URL', code(auth.baseUrl)], ['JWKS', code(auth.jwksUrl)])
    if (auth.integration.db_name) rows.push(['Database', code(auth.integration.db_name)])
    rows.push(['Trusted domains', trustedDomains.slice(0, 100).map(code).join('<br>') || 'none'])
  }
  return rows
}

/** A report as the job summary's Markdown. Pure. Safe against any name in it. */
export const summaryOf = (report: Report, warnings: readonly string[]): string => {
  const { action, changes, note, skipped } = report
  const rows = factRows(report)
  const own = report.auth?.ownOauthProviders ?? []
  const callbacks = Object.entries(callbackUrls(report)).filter(([id]) => own.includes(id))
  return [
    `### ${plain(headline(report))}`,
    ...(skipped ? [plain(`${skipped.why}.`)] : []),
    ...(rows.length > 0 ? [facts(rows)] : []),
    ...section(action === 'planned' ? 'Would change' : 'Changed', changesList(changes)),
    ...section(
      'Callback URLs to register with your own OAuth apps',
      bullets(callbacks.map(([id, url]) => `${plain(id)}: ${code(url)}`)),
    ),
    ...section('Warnings', bullets(warnings.map((text) => plain(text, 1000)))),
    ...(note ? [plain(note, 1000)] : []),
  ].join('\n\n')
}

const account = (title: string, changes: readonly Change[]): string[] =>
  changes.length > 0 ? [title, bulletList(changes.map(sentence))] : []

const UNKNOWN = 'Under way when it stopped, so made or not'

/** What a run that was stopped half-way has left at Neon, for the end of its error. Pure. */
export const describePartialChanges = ({ applied, inFlight }: ChangeJournal): string =>
  applied.length + inFlight.size === 0
    ? 'Nothing was changed at Neon by then.'
    : [...account('Changed by then:', applied), ...account(`${UNKNOWN}:`, [...inFlight])].join('\n')

/** The job summary of a run that failed: the whole message, and what had been changed by then. Pure. */
export const failureSummary = (
  message: string,
  { branch, applied, inFlight }: ChangeJournal,
  warnings: readonly string[] = [],
): string =>
  [
    '### Neon Auth: this run failed',
    ...message.split('\n').map((line) => plain(line, 2000)),
    ...(branch ? [facts([['Branch', `${code(branch.name)} ${code(branch.id)}`]])] : []),
    ...section('Changed before that', changesList(applied)),
    ...section(UNKNOWN, changesList([...inFlight])),
    ...section('Warnings', bullets(warnings.map((text) => plain(text, 1000)))),
  ].join('\n\n')

/** Makes and writes the job summary. Best effort: what goes wrong is a warning. */
export const writeSummary = async (make: () => string, log: Log): Promise<void> => {
  if (!process.env['GITHUB_STEP_SUMMARY']) return
  try {
    await core.summary.addRaw(`${make()}\n`).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}
