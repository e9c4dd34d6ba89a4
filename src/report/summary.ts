import * as core from '@actions/core'
import type { OauthCheck } from '../auth/oauth-preflight.ts'
import { type Change, pastSentence, sentence } from '../auth/plan.ts'
import type { Log } from '../core/log.ts'
import { messageOf } from '../core/problem.ts'
import { diagnosisSections } from './doctor-summary.ts'
import { pageTitle } from './headline.ts'
import {
  bullets,
  code,
  environmentBlock,
  escapeMarkdown,
  foldedFacts,
  MAX_LIST_ITEMS,
  originLink,
  prose,
} from './markdown.ts'
import { callbackUrls, type Report } from './report.ts'

/** How many items of a list to show before folding the others. */
const MAX_SHOWN = 20

/** Returns a heading and its text, or nothing if there is no text. */
export const section = (title: string, body: string): string[] =>
  body ? [`#### ${title}`, body] : []

type Tense = (change: Change) => string

/** Returns a change as Markdown. A sweep's changes start with the name of their branch. */
const changeItem = (change: Change, tense: Tense): string =>
  change.change === 'sweep_branch'
    ? `${code(change.branch)}: ${escapeMarkdown(tense(change.made), 1000)}`
    : escapeMarkdown(tense(change), 1000)

/** Returns changes as a list. Pass `pastSentence` for changes that were made, and `sentence` for others. */
export const changesList = (changes: readonly Change[], tense: Tense, limit?: number): string =>
  bullets(
    changes.map((change) => changeItem(change, tense)),
    limit,
  )

const heading = (report: Report): string => {
  const { branch } = report
  return `### ${pageTitle(report)}${branch ? ` on ${code(branch.name)}` : ''}`
}

const sweepLead = (changes: readonly Change[]): string => {
  const branches = new Set(
    changes.map((change) => change.change === 'sweep_branch' && change.branch_id),
  )
  if (branches.size === 0) return 'No branch of a closed pull request had anything left to remove.'
  const count = branches.size === 1 ? '1 branch' : `${branches.size} branches`
  return `Closed ${count} that closed pull requests left behind.`
}

/** Returns the paragraph below the heading, if there is one. */
const leadParagraph = ({ action, changes, note, skipped }: Report): string[] => {
  if (skipped) return [prose(`Skipped: ${skipped.why}.`)]
  if (note) return [prose(note)]
  if (action === 'kept')
    return [prose('Closing the pull request changed nothing, because of `on_close: keep`.')]
  if (action === 'swept') return [sweepLead(changes)]
  return action === 'planned' ? ['Nothing was changed.'] : []
}

const proofOf = (domain: string, { proof }: Report): string => {
  if (!proof?.domains.includes(domain)) return 'not verified'
  return domain.includes('*')
    ? 'verified with the auth service, for a sample host'
    : 'verified with the auth service'
}

const domainItem = (domain: string, report: Report): string => {
  const { requestedDomains } = report
  if (!requestedDomains || report.action === 'planned') return originLink(domain)
  return requestedDomains.includes(domain)
    ? `${originLink(domain)}: ${proofOf(domain, report)}`
    : `${code(domain)}: inherited from the parent branch or added earlier`
}

const domainsList = (report: Report): string => {
  const { trustedDomains = [], requestedDomains = [] } = report
  if (trustedDomains.length === 0)
    return 'No domain is trusted yet. Sign-in works only from trusted domains.'
  const isRequested = (domain: string): boolean => requestedDomains.includes(domain)
  const ordered = [
    ...trustedDomains.filter(isRequested),
    ...trustedDomains.filter((domain) => !isRequested(domain)),
  ]
  return bullets(
    ordered.map((domain) => domainItem(domain, report)),
    MAX_SHOWN,
  )
}

/** Returns what an app needs: the trusted domains and the two URLs. */
const usageSections = (report: Report): string[] =>
  report.auth
    ? [
        domainsList(report),
        environmentBlock({
          NEON_AUTH_BASE_URL: report.auth.baseUrl,
          NEON_AUTH_JWKS_URL: report.auth.jwksUrl,
        }),
      ]
    : []

const changesSection = ({ action, changes }: Report): string[] => {
  if (action === 'planned') {
    const planned = changesList(changes, sentence, MAX_SHOWN)
    return section('What would change', planned || 'Nothing.')
  }
  if (action === 'unchanged') return ['Nothing had to change.']
  return section('What changed', changesList(changes, pastSentence, MAX_SHOWN))
}

const oauthItem = (check: OauthCheck): string => {
  const { provider, redirectUri, clientId } = check
  if (check.app === 'shared')
    return `${escapeMarkdown(provider)}: works on every branch, with Neon's shared app`
  const consoleLink = `[${escapeMarkdown(check.consoleName)}](${check.console})`
  return `${escapeMarkdown(provider)}: add the redirect URI ${code(redirectUri)} to the OAuth app ${code(clientId)} in the ${consoleLink}, unless it is there already`
}

const callbacksSection = (report: Report): string[] => {
  if (report.oauth) return section('Sign-in with OAuth', bullets(report.oauth.map(oauthItem)))
  const ownProviders = report.auth?.ownOauthProviders ?? []
  const callbacks = Object.entries(callbackUrls(report)).filter(([id]) => ownProviders.includes(id))
  return section(
    'Register these callback URLs with your OAuth apps',
    bullets(callbacks.map(([id, url]) => `${escapeMarkdown(id)}: ${code(url)}`)),
  )
}

const serviceFact = ({ auth, proof }: Report): string => {
  if (!auth || !proof) return 'not verified'
  return proof.isServing ? 'responds and serves its keys (verified)' : 'not verified, see the log'
}

/** Returns the items that {@link bullets} omitted, for the folded details. */
const hiddenItems = (items: readonly string[]): string =>
  items
    .slice(MAX_SHOWN, MAX_LIST_ITEMS)
    .map((item) => escapeMarkdown(item, 1000))
    .join('<br>')

const detailRows = (report: Report): (readonly [string, string])[] => {
  const { action, auth, branch, changes, session, trustedDomains = [] } = report
  const tense = action === 'planned' ? sentence : pastSentence
  const rows: (readonly [string, string])[] = [
    ['Branch', branch ? `${code(branch.name)} ${code(branch.id)}` : ''],
    ['Database', auth?.integration.db_name ? code(auth.integration.db_name) : ''],
    [
      'Auth service',
      auth && action !== 'status' && action !== 'planned' ? serviceFact(report) : '',
    ],
    ['Signed in for tests', session ? code(session.user) : ''],
    ['More changes', hiddenItems(changes.map(tense))],
    ['All trusted domains', trustedDomains.length > MAX_SHOWN ? codeLines(trustedDomains) : ''],
  ]
  return rows.filter(([, value]) => value !== '')
}

const codeLines = (texts: readonly string[]): string =>
  texts.slice(0, MAX_LIST_ITEMS).map(code).join('<br>')

const details = (report: Report): string[] => {
  const rows = detailRows(report)
  return rows.length > 0 ? [foldedFacts('Details', rows)] : []
}

/** Returns the section with a run's warnings, or nothing if there are none. */
export const warningsSection = (warnings: readonly string[]): string[] =>
  section('⚠️ Warnings', bullets(warnings.map((warning) => prose(warning))))

const stateSections = (report: Report): string[] => [
  ...leadParagraph(report),
  ...usageSections(report),
  ...changesSection(report),
  ...callbacksSection(report),
]

/**
 * Returns a report as Markdown for the job summary and the comment. Starts with what is ready and what to do
 * next, and ends with folded details. Escapes all text in the report. `footer` is Markdown that says which
 * run wrote the page. Pure.
 */
export const renderSummary = (
  report: Report,
  warnings: readonly string[],
  footer: string,
): string =>
  [
    heading(report),
    ...(report.diagnosis ? diagnosisSections(report.diagnosis) : stateSections(report)),
    ...warningsSection(warnings),
    footer,
    ...details(report),
  ].join('\n\n')

/**
 * Writes the job summary that `render` returns. Does nothing if the runner has no summary file. If rendering or
 * writing fails, logs a warning.
 */
export const writeSummary = async (render: () => string, log: Log): Promise<void> => {
  if (!process.env['GITHUB_STEP_SUMMARY']) return
  try {
    await core.summary.addRaw(`${render()}\n`).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}
