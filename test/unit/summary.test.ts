import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/auth/plan.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { commentBody } from '../../src/github/comment-marker.ts'
import type { ActionTaken } from '../../src/report/action-taken.ts'
import { failureSummary } from '../../src/report/failure.ts'
import { logHeadline } from '../../src/report/headline.ts'
import type { Report } from '../../src/report/report.ts'
import { runStamp } from '../../src/report/run-stamp.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { render } from '../hostile/rendered.ts'

const PREVIEW = 'https://pr-7.shop.example'
const PRODUCTION = 'https://shop.example'
const branch = { id: 'br-7', name: 'preview/pr-7', isDefault: false, isProtected: false }
const trust: Change = { change: 'trust_domain', domain: PREVIEW }
const ready: Report = {
  action: 'updated',
  branch,
  changes: [trust],
  auth: {
    integration: { auth_provider: 'better_auth', db_name: 'neondb' } as never,
    baseUrl: 'https://ep-7.neonauth.aws.neon.tech/neondb/auth',
    jwksUrl: 'https://ep-7.neonauth.aws.neon.tech/neondb/auth/.well-known/jwks.json',
    oauthProviders: [],
    ownOauthProviders: [],
  },
  trustedDomains: [PRODUCTION, PREVIEW],
  requestedDomains: [PREVIEW],
  proof: { isServing: true, domains: [PREVIEW] },
}
/** Returns the lines of a summary as a reader sees it. */
const visibleLines = (markdown: string, links: readonly string[] = []): string[] =>
  render(markdown, links)
    .text.split('\n')
    .filter((line) => line.trim() !== '')

const summaryLines = (report: Partial<Report>, warnings: readonly string[] = []): string[] =>
  visibleLines(renderSummary({ ...ready, ...report }, warnings, 'Updated just now'), [
    PREVIEW,
    PRODUCTION,
  ])

/** Returns the lines of a summary that shows no auth. */
const linesWithoutAuth = (action: ActionTaken, more: Partial<Report> = {}): string[] =>
  visibleLines(renderSummary({ action, branch, changes: [], ...more }, [], 'Updated just now'))

describe('the summary of a run that made auth ready', () => {
  it('shows the status, the domains, the URLs, the changes, and the time, in this order', () => {
    expect(summaryLines({})).toEqual([
      '✅ Neon Auth ready on preview/pr-7',
      `${PREVIEW}: verified with the auth service`,
      `${PRODUCTION}: inherited from the parent branch or added earlier`,
      `NEON_AUTH_BASE_URL=${ready.auth?.baseUrl}`,
      `NEON_AUTH_JWKS_URL=${ready.auth?.jwksUrl}`,
      'What changed',
      `Trusted ${PREVIEW}.`,
      'Updated just now',
      'Details',
      'Branchpreview/pr-7 br-7',
      'Databaseneondb',
      'Auth serviceresponds and serves its keys (verified)',
    ])
  })

  it('links the preview, but not a wildcard or a domain that the run did not request', () => {
    const wildcard = 'https://*.shop.example'
    const requestedDomains = [PREVIEW, wildcard]
    const trustedDomains = [PRODUCTION, ...requestedDomains]
    const markdown = renderSummary({ ...ready, requestedDomains, trustedDomains }, [], '')
    expect(markdown.match(/\]\((.*?)\)/g)).toEqual([`](${PREVIEW})`])
  })

  it('claims only what was verified', () => {
    const { proof: _, ...unverified } = ready
    expect(renderSummary(unverified, [], '')).toContain('not verified')
    expect(renderSummary(unverified, [], '')).not.toMatch(/: verified|[(]verified/)
    const failed = summaryLines({ proof: { isServing: false, domains: [] } })
    expect(failed).toContain(`${PREVIEW}: not verified`)
    expect(failed).toContain('Auth servicenot verified, see the log')
  })

  it('says that only a sample host of a wildcard was verified', () => {
    const wildcard = 'https://*.shop.example'
    const domains = [wildcard]
    const lines = summaryLines({
      trustedDomains: domains,
      requestedDomains: domains,
      proof: { isServing: true, domains },
    })
    expect(lines).toContain(`${wildcard}: verified with the auth service, for a sample host`)
  })

  it('says that no domain is trusted yet', () => {
    expect(summaryLines({ trustedDomains: [] })).toContain(
      'No domain is trusted yet. Sign-in works only from trusted domains.',
    )
  })

  it('says that nothing had to change', () => {
    expect(summaryLines({ action: 'unchanged', changes: [] })).toContain('Nothing had to change.')
  })

  it('folds the changes after the first twenty', () => {
    const changes = Array.from({ length: 22 }, (_, index): Change => {
      return { change: 'trust_domain', domain: `https://a${index}.example` }
    })
    const lines = summaryLines({ changes })
    expect(lines).toContain('… and 2 more')
    const folded = lines.slice(lines.indexOf('Details')).join('\n')
    expect(folded).toMatch(/a20\.example[\s\S]*a21\.example/)
    expect(folded).not.toContain('a19.example')
    expect(folded).toContain('Trusted ')
    const planned = summaryLines({ action: 'planned', changes }).join('\n')
    expect(planned.slice(planned.indexOf('Details'))).not.toContain('Trusted ')
  })

  it('folds the list of trusted domains only if it has more than twenty', () => {
    const listOf = (length: number) =>
      summaryLines({
        trustedDomains: Array.from({ length }, (_, index) => `https://a${index}.example`),
      }).filter((line) => line.startsWith('All trusted domains'))
    expect(listOf(20)).toEqual([])
    expect(listOf(21)).toEqual([expect.stringMatching(/a0\.example[\s\S]*a20\.example/)])
  })

  it.each<ActionTaken>(['status', 'planned'])(
    'says nothing about the auth service if it was not asked (%s)',
    (action) => {
      expect(summaryLines({ action }).join('\n')).not.toContain('Auth service')
    },
  )

  it('lists the callback URLs of the OAuth apps that are not shared', () => {
    const auth = { ...ready.auth, oauthProviders: ['google', 'github'] } as NonNullable<
      Report['auth']
    >
    const title = 'Register these callback URLs with your OAuth apps'
    expect(summaryLines({ auth })).not.toContain(title)
    const lines = summaryLines({ auth: { ...auth, ownOauthProviders: ['github'] } })
    expect(lines).toContain(title)
    expect(lines.filter((line) => line.includes('/callback/'))).toEqual([
      `github: ${auth.baseUrl}/callback/github`,
    ])
  })

  it('says which OAuth apps need a redirect URI, instead of listing callback URLs', () => {
    const lines = summaryLines({
      auth: { ...ready.auth, oauthProviders: ['github'], ownOauthProviders: ['github'] } as never,
      oauth: [
        { provider: 'google', app: 'shared' } as never,
        {
          provider: 'github',
          app: 'own',
          clientId: 'id-1',
          redirectUri: 'https://ep-7.neonauth.aws.neon.tech/callback',
          consoleName: 'GitHub settings',
          console: PRODUCTION,
        } as never,
      ],
    })
    expect(lines).toContain('Sign-in with OAuth')
    expect(lines).toContain("google: works on every branch, with Neon's shared app")
    expect(lines).toContain(
      'github: add the redirect URI https://ep-7.neonauth.aws.neon.tech/callback to the OAuth app id-1 in the GitHub settings, unless it is there already',
    )
    expect(lines.join('\n')).not.toContain('Register these callback URLs')
  })
})

describe('any other summary', () => {
  it.each<[ActionTaken, Partial<Report>, string[]]>([
    [
      'disabled',
      { changes: [{ change: 'disable_auth', deleteData: false }], note: 'Its data is kept.' },
      [
        '🔒 Neon Auth disabled on preview/pr-7',
        'Its data is kept.',
        'What changed',
        'Disabled Neon Auth and kept its data.',
      ],
    ],
    [
      'untrusted',
      { changes: [{ change: 'untrust_domains', domains: [PREVIEW] }] },
      [
        "✂️ Neon Auth no longer trusts this pull request's domains on preview/pr-7",
        'What changed',
        `Stopped trusting ${PREVIEW}.`,
      ],
    ],
    ['already_gone', {}, ['☑️ Neon Auth was already off on preview/pr-7']],
    [
      'planned',
      { changes: [trust] },
      [
        '📝 Neon Auth dry run on preview/pr-7',
        'Nothing was changed.',
        'What would change',
        `Trust ${PREVIEW}.`,
      ],
    ],
    ['status', { note: 'It is off.' }, ['🔎 Neon Auth status on preview/pr-7', 'It is off.']],
  ])('is complete for %s', (action, more, lines) => {
    expect(linesWithoutAuth(action, more)).toEqual([
      ...lines,
      'Updated just now',
      'Details',
      'Branchpreview/pr-7 br-7',
    ])
  })

  it('shows names in backticks as code, and leaves other text in backticks alone', () => {
    const markdown = renderSummary(
      { action: 'kept', changes: [], note: 'See `on_close: keep`, not `<b>` or `a`b`.' },
      [],
      '',
    )
    expect(markdown.match(/<code>.*?<\/code>/g)).toEqual([
      '<code>on&#95;close&#58; keep</code>',
      '<code>a</code>',
    ])
    expect(render(markdown).foreign).toEqual([])
  })

  it('says why a run was skipped', () => {
    const markdown = renderSummary(
      {
        action: 'skipped',
        changes: [],
        skipped: { reason: 'pull_request_closed', why: 'pull request 7 is closed' },
      },
      [],
      '',
    )
    expect(render(markdown).text).toMatch(
      /^⏭️ Neon Auth skipped\s+Skipped: pull request 7 is closed\.\s*$/,
    )
  })

  it('says that `on_close: keep` changed nothing', () => {
    expect(linesWithoutAuth('kept')).toContain(
      'Closing the pull request changed nothing, because of on_close: keep.',
    )
  })

  it('counts the branches of a sweep and names each', () => {
    const sweep = (name: string): Change => {
      const made: Change = { change: 'disable_auth', deleteData: false }
      return { change: 'sweep_branch', branch: name, branch_id: `br-${name}`, made }
    }
    const two = [sweep('pr-1'), sweep('pr-1')]
    const one = render(renderSummary({ action: 'swept', changes: two }, [], '')).text
    expect(one).toContain('Closed 1 branch that closed pull requests left behind.')
    expect(renderSummary({ action: 'swept', changes: two }, [], '')).toContain(
      '<code>pr-1</code>: Disabled Neon Auth',
    )
    const changes = [sweep('pr-1'), sweep('pr-2')]
    const text = render(renderSummary({ action: 'swept', changes }, [], '')).text
    expect(text).toContain('Closed 2 branches that closed pull requests left behind.')
    expect(text).toContain('pr-2: Disabled Neon Auth and kept its data.')
    const none = render(renderSummary({ action: 'swept', changes: [] }, [], '')).text
    expect(none).toContain('No branch of a closed pull request had anything left to remove.')
  })

  it('has a different heading for each outcome', () => {
    const actions = ['disabled', 'untrusted', 'kept', 'already_gone', 'skipped', 'planned', 'swept']
    const headings = [...actions, 'status'].map(
      (action) => linesWithoutAuth(action as ActionTaken)[0],
    )
    expect(new Set(headings).size).toBe(headings.length)
    expect(headings.join()).not.toContain('✅')
  })

  it('says how to fix a failure, and what the run had already changed', () => {
    const message = 'It failed.\nLikely cause: this\nFix: that'
    const journal = { branch, applied: [trust], inFlight: new Set<Change>([trust]) }
    const markdown = failureSummary(message, journal, ['Careful.'], 'Updated just now')
    expect(markdown).toContain('**Fix:** that')
    expect(visibleLines(markdown)).toEqual([
      '❌ Neon Auth failed on preview/pr-7',
      'It failed.',
      'Likely cause: this',
      'Fix: that',
      'Changed before the run stopped',
      `Trusted ${PREVIEW}.`,
      'In progress when the run stopped; may or may not have been applied',
      `Trust ${PREVIEW}.`,
      '⚠️ Warnings',
      'Careful.',
      'Updated just now',
      'Details',
      'Branchpreview/pr-7 br-7',
    ])
  })

  it('keeps every line of a failure, and has no details if the branch is unknown', () => {
    const message = 'See Fix: below.\nFix: one\rtwo'
    const journal = { applied: [], inFlight: new Set<Change>() }
    expect(visibleLines(failureSummary(message, journal, [], 'Updated just now'))).toEqual([
      '❌ Neon Auth failed',
      'See Fix: below.',
      expect.stringMatching(/^Fix: one.*two$/),
      'Updated just now',
    ])
  })

  it('keeps a note of the maximum length', () => {
    const note = 'x'.repeat(1_000)
    expect(linesWithoutAuth('status', { note })).toContain(note)
  })
})

describe('the summary of the doctor', () => {
  const passed: Finding = { severity: 'ok', id: 'auth_on', title: 'Neon Auth is on' }
  const concern: Finding = {
    severity: 'risk',
    id: 'localhost_allowed',
    title: 'Anyone can sign in',
    cause: 'localhost is allowed',
    fix: 'set `allow_localhost: false`',
  }
  const summaryOf = (findings: Finding[]) =>
    linesWithoutAuth('status', { diagnosis: { verdict: 'healthy', findings } }).slice(1, -3)

  it('shows the verdict, the concerns, and what was checked', () => {
    expect(summaryOf([concern, passed])).toEqual([
      'Every check ran, and none found anything broken.',
      '⚠️ Anyone can sign in',
      'Likely cause: localhost is allowed',
      'Fix: set allow_localhost: false',
      'Checked',
      'Neon Auth is on',
    ])
  })

  it('has no empty section', () => {
    expect(summaryOf([concern])).not.toContain('Checked')
    expect(summaryOf([])).toHaveLength(1)
  })
})

describe('the last line of the log', () => {
  it.each<[ActionTaken, string]>([
    ['enabled', 'Neon Auth enabled on branch preview/pr-7.'],
    ['updated', 'Neon Auth updated on branch preview/pr-7.'],
    ['unchanged', 'Neon Auth already up to date on branch preview/pr-7.'],
    ['already_gone', 'Neon Auth was already off on branch preview/pr-7.'],
  ])('is correct for %s', (action, line) => {
    expect(logHeadline({ action, branch, changes: [] })).toBe(line)
  })
})

describe('the stamp', () => {
  const now = new Date('2026-07-28T09:14:59Z')
  const env = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '2',
  }

  it('has the time and a link to this attempt of the run', () => {
    expect(runStamp(env, now)).toBe(
      'Updated 2026-07-28 09:14 UTC by [run 4711](https://github.com/octo/shop/actions/runs/4711/attempts/2)',
    )
  })

  it.each([
    ['GITHUB_SERVER_URL', 'javascript:alert(1)'],
    ['GITHUB_SERVER_URL', 'https://github.com/x) @octocat'],
    ['GITHUB_REPOSITORY', 'octo/shop)[x](y'],
    ['GITHUB_RUN_ID', '4711\n## forged'],
    ['GITHUB_RUN_ID', undefined],
  ])('has no link if %s is %j', (name, value) => {
    expect(runStamp({ ...env, [name]: value }, now)).toBe('Updated 2026-07-28 09:14 UTC')
  })
})

describe('a comment made from a summary that is too long', () => {
  it('is shortened, and closes its HTML tags', () => {
    const changes = Array.from({ length: 100 }, (_, index): Change => {
      return { change: 'trust_domain', domain: `https://${'x'.repeat(900)}${index}.example` }
    })
    const markdown = renderSummary({ ...ready, changes }, [], 'Updated just now')
    const body = commentBody('p1', { run: 1, attempt: 1, deployed: [] }, markdown)
    expect(body.length).toBeLessThanOrEqual(65_536)
    expect(body).toMatch(/^<!-- neon-auth-preview p1 /)
    for (const tag of ['details', 'summary', 'table', 'tr', 'td'])
      expect(body.split(`<${tag}>`).length).toBe(body.split(`</${tag}>`).length)
    expect(body.match(/```/g)).toHaveLength(2)
    expect(body).toContain('Updated just now')
    expect(body).toContain('This comment was shortened')
  })
})
