import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { type Finding, type FindingId, verdictOf } from '../../src/doctor/finding.ts'
import { findingLines } from '../../src/doctor/finding-text.ts'
import type {
  BranchAuth,
  Observations,
  PreviewObservation,
  PreviewPage,
} from '../../src/doctor/observations.ts'

const BASE = 'https://ep-child.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth'
const PARENT = 'https://ep-main.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth'
const PREVIEW = 'https://pr-7.preview.example.com'
const UNREAD = { failure: 'Neon answered 403' }

const authAt = (baseUrl: string, more: Partial<BranchAuth> = {}): BranchAuth => {
  const urls = { baseUrl, jwksUrl: `${baseUrl}/.well-known/jwks.json` }
  const integration = { auth_provider: 'better_auth', base_url: baseUrl }
  return {
    integration: { value: integration as never },
    urls,
    domains: { value: [PREVIEW] },
    plugins: { value: { email_and_password: { enabled: true } as never } },
    webhook: { value: { enabled: false } },
    allowLocalhost: { value: false },
    ...more,
  }
}

const page = (found: Partial<PreviewPage['found']> = {}) => ({
  value: { found: { urls: [], broken: [], ...found }, scripts: { read: 1, all: 1 } },
})

const preview = (more: Partial<PreviewObservation> = {}): PreviewObservation => ({
  origin: PREVIEW,
  redirects: [],
  page: page({ urls: [BASE] }),
  proxy: 'none',
  isCrossSite: false,
  ...more,
})

/** Returns what the doctor reads about a healthy preview, with these changes. */
const observed = (more: Partial<Observations> = {}): Observations => ({
  branch: { id: 'br-1', name: 'preview/pr-7', isDefault: false, isProtected: false },
  auth: authAt(BASE),
  service: { alive: { value: true }, keys: { value: 1 } },
  trust: [{ origin: PREVIEW, accepted: { value: true } }],
  previews: [preview()],
  unusableDomains: [],
  unreadPreviews: [],
  ...more,
})

const findingsOf = (observations: Observations): readonly Finding[] =>
  diagnose(observations).findings

const withPlugins = (plugins: object): Observations =>
  observed({ auth: authAt(BASE, { plugins: { value: plugins as never } }) })

const LOCALHOST = 'http://localhost:3000'
/** Returns the findings about a preview on localhost if Neon did not say whether localhost is allowed. */
const localhostFindings = (accepted: Observations['trust'][number]['accepted']) =>
  findingsOf(
    observed({
      auth: authAt(BASE, { allowLocalhost: UNREAD }),
      previews: [preview({ origin: LOCALHOST })],
      trust: [{ origin: LOCALHOST, accepted }],
    }),
  )

const PASSWORD = { enabled: true, require_email_verification: true }
const HOOK = { enabled: true, webhook_url: 'https://hooks.example/secret-token' }

/** Every kind of finding that is not `ok`, with observations that cause it and a pattern for its title. */
const CONCERNS: [id: FindingId, severity: Finding['severity'], Observations, title?: RegExp][] = [
  [
    'auth_off',
    'broken',
    observed({ auth: { ...authAt(BASE), integration: { value: undefined } } }),
  ],
  [
    'provider_unsupported',
    'broken',
    observed({
      auth: authAt(BASE, { integration: { value: { auth_provider: 'stack' } as never } }),
    }),
  ],
  ['no_auth_urls', 'broken', observed({ auth: (({ urls: _, ...rest }) => rest)(authAt(BASE)) })],
  [
    'unread',
    'unknown',
    observed({ auth: authAt(BASE, { integration: UNREAD }) }),
    /state of Neon Auth/,
  ],
  ['unread', 'unknown', observed({ auth: authAt(BASE, { domains: UNREAD }) }), /trusted domains/],
  ['unread', 'unknown', observed({ auth: authAt(BASE, { plugins: UNREAD }) }), /sign-in methods/],
  ['unread', 'unknown', observed({ auth: authAt(BASE, { webhook: UNREAD }) }), /webhook/],
  ['unread', 'unknown', observed({ auth: authAt(BASE, { allowLocalhost: UNREAD }) }), /localhost/],
  ['unread', 'unknown', observed({ unreadPreviews: ['GitHub answered 403'] }), /previews/],
  ['service_answers', 'unknown', observed({ service: { alive: UNREAD, keys: { value: 1 } } })],
  ['keys', 'unknown', observed({ service: { alive: { value: true }, keys: UNREAD } })],
  ['keys_missing', 'broken', observed({ service: { alive: { value: true }, keys: { value: 0 } } })],
  [
    'issuer_differs',
    'risk',
    observed({
      auth: authAt(BASE, { urls: { baseUrl: BASE, jwksUrl: 'https://keys.example/jwks' } }),
    }),
  ],
  ['no_preview', 'unknown', observed({ previews: [], trust: [] })],
  ['domain_unusable', 'broken', observed({ unusableDomains: ['"https://undefined": broken'] })],
  [
    'domain_untrusted',
    'broken',
    observed({
      auth: authAt(BASE, { domains: { value: [] } }),
      trust: [{ origin: PREVIEW, accepted: { value: false } }],
    }),
    /INVALID_ORIGIN/,
  ],
  [
    'domain_spelling',
    'broken',
    observed({
      auth: authAt(BASE, { domains: { value: [`${PREVIEW}/`] } }),
      trust: [{ origin: PREVIEW, accepted: { value: false } }],
    }),
  ],
  [
    'domain_not_effective',
    'broken',
    observed({ trust: [{ origin: PREVIEW, accepted: { value: false } }] }),
  ],
  [
    'domain_trusted',
    'unknown',
    observed({
      auth: authAt(BASE, { domains: UNREAD }),
      trust: [{ origin: PREVIEW, accepted: UNREAD }],
    }),
  ],
  [
    'domain_per_build',
    'risk',
    observed({ previews: [preview({ origin: 'https://shop-abc123def-team.vercel.app' })] }),
  ],
  [
    'domain_wildcard',
    'risk',
    observed({ auth: authAt(BASE, { domains: { value: [PREVIEW, 'https://*.vercel.app'] } }) }),
    /\*\.vercel\.app/,
  ],
  [
    'redirect_untrusted',
    'broken',
    observed({
      previews: [preview({ redirects: ['https://www.example.com'] })],
      trust: [
        { origin: PREVIEW, accepted: { value: true } },
        { origin: 'https://www.example.com', accepted: { value: false } },
      ],
    }),
    /www\.example\.com/,
  ],
  [
    'auth_url_broken',
    'broken',
    observed({ previews: [preview({ page: page({ broken: ['https://undefined'] }) })] }),
    /https:\/\/undefined/,
  ],
  [
    'auth_url_of_another_branch',
    'broken',
    observed({
      previews: [preview({ page: page({ urls: [`${BASE.replace('child', 'other')}`] }) })],
    }),
    /another auth URL, https:\/\/ep-other/,
  ],
  [
    'auth_url_of_another_branch',
    'broken',
    observed({
      parent: (({ urls: _, ...rest }) => rest)(authAt(PARENT)),
      previews: [preview({ page: page({ urls: [PARENT] }) })],
    }),
    /another auth URL, https:\/\/ep-main/,
  ],
  [
    'auth_url_of_another_branch',
    'broken',
    observed({ parent: authAt(PARENT), previews: [preview({ page: page({ urls: [PARENT] }) })] }),
    /parent branch, https:\/\/ep-main/,
  ],
  [
    'auth_url_differs',
    'broken',
    observed({ previews: [preview({ page: page({ urls: [BASE.replace('/auth', '')] }) })] }),
  ],
  [
    'auth_url_differs',
    'risk',
    observed({ previews: [preview({ page: page({ urls: [BASE, PARENT] }) })] }),
  ],
  [
    'auth_url_unset',
    'broken',
    observed({ previews: [preview({ page: page({ unset: 'VITE_NEON_AUTH_URL' }) })] }),
    /VITE_NEON_AUTH_URL/,
  ],
  ['auth_url_not_found', 'unknown', observed({ previews: [preview({ page: page() })] })],
  [
    'auth_url_hidden',
    'unknown',
    observed({ previews: [preview({ page: page(), proxy: 'works' })] }),
  ],
  [
    'proxy_fails',
    'broken',
    observed({ previews: [preview({ proxy: { fails: '502 NETWORK_DNS' } })] }),
    /NETWORK_DNS/,
  ],
  [
    'preview_protected',
    'unknown',
    observed({ previews: [preview({ page: { failure: '401', obstacle: 'login' } })] }),
  ],
  [
    'preview_unreadable',
    'unknown',
    observed({ previews: [preview({ page: { failure: 'reset', obstacle: 'other' } })] }),
  ],
  [
    'third_party_cookies',
    'risk',
    observed({ previews: [preview({ isCrossSite: true })] }),
    /Safari/,
  ],
  ['no_sign_in_method', 'broken', withPlugins({ email_and_password: { enabled: false } })],
  [
    'sign_up_closed',
    'risk',
    withPlugins({ email_and_password: { ...PASSWORD, disable_sign_up: true } }),
  ],
  [
    'email_links',
    'risk',
    withPlugins({ email_and_password: { ...PASSWORD, email_verification_method: 'link' } }),
  ],
  [
    'email_server',
    'risk',
    withPlugins({ email_provider: { type: 'standard', host: 'smtp.shop.example' } }),
    /smtp\.shop\.example/,
  ],
  [
    'oauth_own_app',
    'risk',
    withPlugins({ oauth_providers: [{ id: 'google', type: 'standard' }] }),
    /\/neondb\/auth\/callback\/google/,
  ],
  ['webhook_on', 'risk', observed({ auth: authAt(BASE, { webhook: { value: HOOK } }) })],
  [
    'webhook_of_parent',
    'risk',
    observed({
      auth: authAt(BASE, { webhook: { value: HOOK } }),
      parent: authAt(PARENT, { webhook: { value: HOOK } }),
    }),
    /parent branch's receiver hooks\.example/,
  ],
  [
    'localhost_allowed',
    'risk',
    observed({ auth: authAt(BASE, { allowLocalhost: { value: true } }) }),
  ],
  [
    'domains_inherited',
    'risk',
    observed({
      auth: authAt(BASE, { domains: { value: [PREVIEW, 'https://shop.example'] } }),
      parent: authAt(PARENT, { domains: { value: ['https://shop.example'] } }),
    }),
    /https:\/\/shop\.example/,
  ],
]

describe('the doctor', () => {
  it('finds nothing wrong with a preview that works, and says what it checked', () => {
    const { verdict, findings } = diagnose(observed())
    expect(verdict).toBe('healthy')
    expect(findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'ok auth_on',
      'ok service_answers',
      'ok keys',
      'ok issuer',
      'ok domain_trusted',
      'ok auth_url_of_this_branch',
    ])
  })

  it.each(CONCERNS)('reports %s as %s', (id, severity, observations, title = /./) => {
    const concerns = findingsOf(observations).filter((finding) => finding.severity !== 'ok')
    const reported = concerns.find((finding) => finding.id === id)
    expect(reported).toMatchObject({ id, severity, title: expect.stringMatching(title) })
    // Nothing else may be reported, except what could not be read. These three problems affect other checks too.
    const affectsOthers = ['no_auth_urls', 'auth_off', 'provider_unsupported'].includes(id)
    const ids = concerns.map((finding) => finding.id)
    if (!affectsOthers)
      expect(ids.filter((other) => other === id || other !== 'unread')).toEqual([id])
  })

  it('explains each problem with a cause and a fix, as sentences without a period', () => {
    for (const [, , observations] of CONCERNS) {
      for (const finding of findingsOf(observations)) {
        const texts =
          finding.severity === 'ok' ? [finding.title] : [finding.title, finding.cause, finding.fix]
        for (const text of texts) expect(text).toMatch(/[^.]$/)
      }
    }
  })

  it.each<[string, Finding, string[]]>([
    [
      'a title',
      { severity: 'ok', id: 'auth_on', title: 'Neon Auth is on' },
      ['✅ Neon Auth is on.'],
    ],
    [
      'a title, the cause, and the fix',
      { severity: 'broken', id: 'auth_off', title: 'Auth is off', cause: 'this', fix: 'that' },
      ['❌ Auth is off.', '   Likely cause: this.', '   Fix: that.'],
    ],
  ])('prints a finding as %s', (_, finding, lines) => {
    expect(findingLines(finding)).toEqual(lines)
  })

  it('says how much of a page without an auth URL was read', () => {
    const causeOf = (read: number, all: number) => {
      const unread = { value: { found: { urls: [], broken: [] }, scripts: { read, all } } }
      return findingsOf(observed({ previews: [preview({ page: unread })] })).find(
        ({ id }) => id === 'auth_url_not_found',
      )
    }
    expect(causeOf(0, 0)).toMatchObject({ cause: expect.stringContaining('has no scripts') })
    expect(causeOf(2, 5)).toMatchObject({ cause: expect.stringContaining('2 of its 5 scripts') })
  })

  it.each([
    ['redirect', 'pass the final URL'],
    ['other', 'open the URL in a browser'],
  ] as const)(
    'explains what to do about a page that it could not read because of "%s"',
    (obstacle, fix) => {
      const unread = preview({ page: { failure: 'GET / failed', obstacle } })
      expect(findingsOf(observed({ previews: [unread] }))).toContainEqual(
        expect.objectContaining({
          id: 'preview_unreadable',
          cause: 'GET / failed',
          fix: expect.stringContaining(fix),
        }),
      )
    },
  )

  it('reports only the first of several auth URLs if none is right', () => {
    const found = page({ urls: [PARENT, BASE.replace('child', 'other')] })
    const findings = findingsOf(observed({ previews: [preview({ page: found })] }))
    expect(findings.filter(({ severity }) => severity === 'broken')).toEqual([
      expect.objectContaining({ title: expect.stringContaining(PARENT) }),
    ])
  })

  it.each([
    { magic_link: { enabled: true } },
    { phone_number: { enabled: true } },
    { oauth_providers: [{ id: 'google', type: 'shared' }] },
  ])('accepts a branch without passwords if it has another method: %j', (method) => {
    const findings = findingsOf(withPlugins({ email_and_password: { enabled: false }, ...method }))
    expect(findings.map(({ id }) => id)).not.toContain('no_sign_in_method')
  })

  it.each<[string, object, RegExp]>([
    ['with the same app', { oauth_providers: [{ id: 'github', type: 'standard' }] }, /your own/],
    [
      'with that app among others',
      {
        oauth_providers: [
          { id: 'github', type: 'standard' },
          { id: 'google', type: 'standard' },
        ],
      },
      /inherited its parent's own OAuth app/,
    ],
    ["with Neon's app", { oauth_providers: [{ id: 'google', type: 'shared' }] }, /your own/],
    ['without providers', {}, /your own/],
  ])('recognizes whether an OAuth app is inherited from a parent %s', (_, plugins, cause) => {
    const google = [{ id: 'google', type: 'standard' }]
    const parent = authAt(PARENT, { plugins: { value: plugins as never } })
    expect(findingsOf({ ...withPlugins({ oauth_providers: google }), parent })).toContainEqual(
      expect.objectContaining({ id: 'oauth_own_app', cause: expect.stringMatching(cause) }),
    )
  })

  it('accepts that localhost is allowed if one of the previews is there', () => {
    const auth = authAt(BASE, { allowLocalhost: { value: true } })
    const previews = [preview(), preview({ origin: LOCALHOST })]
    expect(findingsOf(observed({ auth, previews })).map(({ id }) => id)).not.toContain(
      'localhost_allowed',
    )
  })

  it('says nothing about the settings of auth that is off', () => {
    const { urls: _, ...auth } = withPlugins({
      oauth_providers: [{ id: 'google', type: 'standard' }],
    }).auth
    const off = { ...auth, integration: { value: undefined }, allowLocalhost: { value: true } }
    const ids = findingsOf(observed({ auth: off })).map(({ id }) => id)
    expect(ids).toContain('auth_off')
    expect(ids).not.toContain('oauth_own_app')
    expect(ids).not.toContain('localhost_allowed')
  })

  it("keep secrets secret: shows only the host of a webhook's URL", () => {
    const findings = findingsOf(observed({ auth: authAt(BASE, { webhook: { value: HOOK } }) }))
    expect(JSON.stringify(findings)).toContain('hooks.example')
    expect(JSON.stringify(findings)).not.toContain('secret-token')
  })

  it.each([undefined, '', '********', 'https://hooks.example/********'])(
    'does not assume that two webhooks are the same if Neon shows %j as the URL of both',
    (webhook_url) => {
      const webhook = {
        value: { enabled: true, ...(webhook_url !== undefined && { webhook_url }) },
      }
      const auth = authAt(BASE, { webhook })
      for (const parent of [{}, { parent: authAt(PARENT, { webhook }) }])
        expect(findingsOf(observed({ auth, ...parent })).map(({ id }) => id)).toContain(
          'webhook_on',
        )
    },
  )

  it('unknown is not none: never calls a preview healthy if a part could not be read', () => {
    for (const [id, severity, observations] of CONCERNS) {
      if (severity !== 'unknown') continue
      expect([id, diagnose(observations).verdict]).toEqual([id, 'could_not_tell'])
    }
  })

  it('unknown is not none: cannot tell whether localhost is trusted if nothing could be read', () => {
    const findings = localhostFindings(UNREAD).filter(({ title }) => title.includes(LOCALHOST))
    expect(findings.map(({ severity }) => severity)).toContain('unknown')
    expect(findings.map(({ id }) => id)).not.toContain('domain_untrusted')
  })

  it('unknown is not none: does not count localhost as allowed if that could not be read', () => {
    const findings = localhostFindings({ value: false })
    const aboutLocalhost = findings.filter(({ title }) => title.startsWith(LOCALHOST))
    expect(aboutLocalhost.map(({ id }) => id)).toContain('domain_untrusted')
  })

  it('unknown is not none: never calls a preview healthy if Neon omits a part although auth is on', () => {
    for (const part of ['domains', 'plugins'] as const) {
      const auth = authAt(BASE, { [part]: { value: undefined } })
      expect([part, diagnose(observed({ auth })).verdict]).toEqual([part, 'could_not_tell'])
    }
  })

  it('treats a webhook that Neon does not return as off, as every run does', () => {
    const auth = authAt(BASE, { webhook: { value: undefined } })
    expect(diagnose(observed({ auth }))).toEqual(diagnose(observed()))
  })

  it('reports a broken URL only as a risk if the page also has the right auth URL', () => {
    const found = page({ urls: [BASE], broken: ['https://undefined'] })
    const { verdict, findings } = diagnose(observed({ previews: [preview({ page: found })] }))
    expect(verdict).toBe('healthy')
    expect(findings).toContainEqual(
      expect.objectContaining({ id: 'auth_url_broken', severity: 'risk' }),
    )
  })

  it('sorts its findings: broken, unknown, risk, ok', () => {
    const findings = findingsOf(
      observed({
        auth: authAt(BASE, { webhook: UNREAD, allowLocalhost: { value: true } }),
        previews: [preview({ page: page({ urls: [PARENT] }) })],
      }),
    )
    const severities = findings.map(({ severity }) => severity)
    expect(severities.slice(0, 3)).toEqual(['broken', 'unknown', 'risk'])
    expect(new Set(severities.slice(3))).toEqual(new Set(['ok']))
  })

  it.each<[Finding['severity'][], string]>([
    [[], 'healthy'],
    [['ok', 'risk'], 'healthy'],
    [['ok', 'unknown', 'risk'], 'could_not_tell'],
    [['unknown', 'broken'], 'problems_found'],
  ])('turns findings of severity %j into the verdict %s', (severities, verdict) => {
    const findings = severities.map((severity) => ({ severity }) as Finding)
    expect(verdictOf(findings)).toBe(verdict)
  })

  it('relies on the list of trusted domains if the auth service does not answer', () => {
    const unanswered = { origin: PREVIEW, accepted: UNREAD }
    const ids = (domains: string[]) =>
      findingsOf(
        observed({ auth: authAt(BASE, { domains: { value: domains } }), trust: [unanswered] }),
      )
        .filter(({ title }) => title.includes(PREVIEW))
        .map(({ id }) => id)
    expect(ids([PREVIEW])).toContain('domain_trusted')
    expect(ids(['https://*.preview.example.com'])).toContain('domain_trusted')
    expect(ids(['https://*.example.org'])).toContain('domain_untrusted')
  })

  it('does not call a domain untrusted that is only listed in another spelling', () => {
    const unanswered = { origin: PREVIEW, accepted: UNREAD }
    const auth = authAt(BASE, { domains: { value: [`${PREVIEW}/app`] } })
    const findings = findingsOf(observed({ auth, trust: [unanswered] }))
    const [about] = findings.filter(({ id }) => id.startsWith('domain_'))
    const title = `Neon lists "${PREVIEW}/app", which may not match ${PREVIEW}`
    expect(about).toMatchObject({ id: 'domain_trusted', severity: 'unknown', title })
  })

  it('trusts the list about a listed localhost, even if Neon did not say whether localhost is allowed', () => {
    const auth = authAt(BASE, { domains: { value: [LOCALHOST] }, allowLocalhost: UNREAD })
    const previews = [preview({ origin: LOCALHOST })]
    const findingFor = (accepted: Observations['trust'][number]['accepted']) =>
      findingsOf(observed({ auth, previews, trust: [{ origin: LOCALHOST, accepted }] })).find(
        ({ id }) => id.startsWith('domain_'),
      )
    expect(findingFor(UNREAD)).toMatchObject({ id: 'domain_trusted', severity: 'ok' })
    expect(findingFor({ value: false })).toMatchObject({ id: 'domain_not_effective' })
  })

  it('warns about wildcards of strangers, even if no preview was examined', () => {
    const domains = { value: ['https://*.vercel.app', 'http://*.localhost:3000'] }
    const auth = authAt(BASE, { domains })
    const titles = findingsOf(observed({ auth, previews: [], trust: [] }))
      .filter(({ id }) => id === 'domain_wildcard')
      .map(({ title }) => title)
    expect(titles).toEqual([expect.stringContaining('*.vercel.app')])
  })

  it.each([
    [true, 'ok domain_trusted'],
    [false, 'broken domain_untrusted'],
  ])(
    'relies on whether localhost is allowed (%s) if the auth service does not answer',
    (allowed, expected) => {
      const origin = LOCALHOST
      const findings = findingsOf(
        observed({
          auth: authAt(BASE, { domains: { value: [] }, allowLocalhost: { value: allowed } }),
          previews: [preview({ origin })],
          trust: [{ origin, accepted: UNREAD }],
        }),
      )
      const about = findings.filter(({ id }) => id.startsWith('domain_'))
      expect(about.map(({ id, severity }) => `${severity} ${id}`)).toEqual([expected])
    },
  )

  it.each([
    [
      'Neon lists a wildcard that matches',
      PREVIEW,
      { domains: { value: ['https://*.preview.example.com'] } },
    ],
    ['Neon allows localhost, which includes', LOCALHOST, { allowLocalhost: { value: true } }],
  ])('says "%s" about an origin that is trusted without being listed', (reason, origin, auth) => {
    const findingFor = (accepted: Observations['trust'][number]['accepted']) =>
      findingsOf(
        observed({
          auth: authAt(BASE, auth),
          previews: [preview({ origin })],
          trust: [{ origin, accepted }],
        }),
      ).find(({ id }) => id.startsWith('domain_'))
    const title = expect.stringContaining(reason)
    expect(findingFor(UNREAD)).toMatchObject({ severity: 'ok', title })
    const fix = expect.stringContaining(`add ${origin} to`)
    expect(findingFor({ value: false })).toMatchObject({ severity: 'broken', title, fix })
  })

  it('suggests adding a domain again if Neon lists it but the auth service rejects it', () => {
    const rejected = { origin: PREVIEW, accepted: { value: false } }
    expect(findingsOf(observed({ trust: [rejected] }))).toContainEqual(
      expect.objectContaining({
        id: 'domain_not_effective',
        fix: expect.stringContaining('remove the domain and add it again'),
      }),
    )
  })

  it('does not call `trusted_domains` empty, because it may contain a wildcard', () => {
    expect(findingsOf(observed({ previews: [], trust: [] }))).toContainEqual(
      expect.objectContaining({ id: 'no_preview', cause: expect.stringMatching(/no exact URL/) }),
    )
  })

  it("accepts entries that are not URLs, and wildcards below the app's own domain", () => {
    const domains = { value: [PREVIEW, 'myapp', 'https://*.preview.example.com'] }
    expect(diagnose(observed({ auth: authAt(BASE, { domains }) }))).toEqual(diagnose(observed()))
  })

  it('says nothing about trust without auth URLs', () => {
    const { urls: _, ...auth } = authAt(BASE)
    const ids = findingsOf(observed({ auth })).map(({ id }) => id)
    expect(ids).toContain('no_auth_urls')
    expect(ids).not.toContain('domain_trusted')
    expect(ids).not.toContain(undefined)
  })

  it.each([
    [{ unusableDomains: ['"https://undefined": broken'] }, ['domain_unusable']],
    [{ unreadPreviews: ['GitHub answered 403'] }, ['unread']],
    [
      { unusableDomains: ['"https://undefined": broken'], unreadPreviews: ['403'] },
      ['domain_unusable', 'unread'],
    ],
  ])('gives the known reason why no preview was examined: %j', (known, reasons) => {
    const findings = findingsOf(observed({ previews: [], trust: [], ...known }))
    const concerns = findings.filter(({ severity }) => severity !== 'ok')
    expect(concerns.map(({ id }) => id)).toEqual(reasons)
  })

  it('does not report third-party cookies for an app that proxies auth requests', () => {
    const findings = findingsOf(
      observed({ previews: [preview({ isCrossSite: true, proxy: 'works', page: page() })] }),
    )
    expect(findings.map(({ id }) => id)).not.toContain('third_party_cookies')
  })

  it("accepts a provider that uses Neon's shared app", () => {
    const findings = findingsOf(
      withPlugins({ oauth_providers: [{ id: 'google', type: 'shared' }] }),
    )
    expect(findings).toContainEqual({
      severity: 'ok',
      id: 'oauth_shared_app',
      title: "Sign-in with google uses Neon's shared app",
    })
  })
})
