import fc from 'fast-check'
import { parse } from 'tldts'
import { describe, expect, it } from 'vitest'
import { checkDomain, type DomainContext } from '../../src/domains/check-domain.ts'
import { ownershipOf, siteOf, wildcardReach } from '../../src/domains/domain-ownership.ts'
import { parseDomains } from '../../src/domains/list.ts'
import { isLoopback } from '../../src/domains/loopback.ts'
import { originOf, sampleOrigin } from '../../src/domains/origin.ts'
import { stableAlias } from '../../src/domains/per-build.ts'

const WORKFLOW: DomainContext = { source: 'workflow' }
const DEPLOYMENT: DomainContext = { source: 'deployment' }
const SHARED: DomainContext = { source: 'workflow', allowSharedWildcards: true }

const trusted = (origin: string) => ({ origin, warnings: [] })

const faultOf = async (text: string, context: DomainContext = WORKFLOW): Promise<string> => {
  const verdict = await checkDomain(text, context)
  return 'fault' in verdict ? verdict.fault : ''
}

const warningsOf = async (text: string, context: DomainContext = WORKFLOW): Promise<string> => {
  const verdict = await checkDomain(text, context)
  return 'fault' in verdict ? `refused: ${verdict.fault}` : verdict.warnings.join('\n')
}

describe('trust exact origins', () => {
  it.each([
    ['https://pr-7.example.com', 'https://pr-7.example.com'],
    ['pr-7.example.com', 'https://pr-7.example.com'],
    ['Foo.Vercel.App/', 'https://foo.vercel.app'],
    ['HTTPS://foo.example:443', 'https://foo.example'],
    ['https://foo.example:8443/', 'https://foo.example:8443'],
    ['foo.example:8443', 'https://foo.example:8443'],
    ['foo.example:1', 'https://foo.example:1'],
    ['foo.example:65535', 'https://foo.example:65535'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['https://localhost:3000', 'https://localhost:3000'],
    ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://example。com', 'https://example.com'],
    ['https://example.com.', 'https://example.com'],
    ['https://example.com.:8443', 'https://example.com:8443'],
    ['https://10.0.0.5:8080', 'https://10.0.0.5:8080'],
    ['https://[2001:db8::5]', 'https://[2001:db8::5]'],
    [
      'https://deploy-preview-7--my-site.netlify.app',
      'https://deploy-preview-7--my-site.netlify.app',
    ],
    ['https://my_app.example.com', 'https://my_app.example.com'],
    ['https://http.cat', 'https://http.cat'],
    ['https://https-proxy.example.com', 'https://https-proxy.example.com'],
    [`https://${'a'.repeat(63)}.example.com`, `https://${'a'.repeat(63)}.example.com`],
    [`https://${'a.'.repeat(121)}example.com`, `https://${'a.'.repeat(121)}example.com`],
  ])('%s is trusted as %s', async (entry, origin) => {
    expect(await checkDomain(entry, WORKFLOW)).toEqual(trusted(origin))
  })

  it.each([
    ['localhost:3000', 'http://localhost:3000'],
    ['LOCALHOST', 'http://localhost'],
    ['app.localhost:8080', 'http://app.localhost:8080'],
    ['127.0.0.1:5173', 'http://127.0.0.1:5173'],
    ['[::1]:5173', 'http://[::1]:5173'],
  ])('reads a loopback host without a scheme as http: %s is %s', async (entry, origin) => {
    expect(await checkDomain(entry, WORKFLOW)).toEqual(trusted(origin))
  })

  it.each([
    ['https://user:secret@example.com', /user name or password/],
    ['user:secret@example.com', /only https/],
    ['https://@example.com', /user name or password/],
    ['@evil.example', /user name or password/],
    ['http://example.com', /only on localhost/],
    ['http://localhost.example.com', /only on localhost/],
    ['http://127.0.0.1.example.com', /only on localhost/],
    ['ftp://example.com', /ftp:\/\/ cannot/],
    ['myapp://callback', /myapp:\/\/ cannot/],
    ['javascript:alert(1)', /only https/],
    ['(a.example)', /brackets/],
    ['mailto:a@example.com', /only https/],
    ['https://exa mple.com', /whitespace/],
    ['https://a.example https://b.example', /Separate domains with commas/],
    ['https://a.example\thttps://b.example', /Separate domains with commas/],
    ['https://example.com:*', /port is not a number/],
    ['https://example.com:99999', /port is not between/],
    ['https://example.com:0', /port is not between/],
    ['https://a.example\\b', /backslash/],
    ['https://a;b.example', /contains ";"/],
    ['https://exam\u200bple.com', /invisible character U\+200B/],
    ['https://example.com\u202e', /invisible character U\+202E/],
    ['https://exam\u00adple.com', /invisible character U\+00AD/],
    ['https://a.example%20', /percent-encoded/],
    ['https://%2A.example.com', /percent-encoded/],
    [`https://a.example/${'x'.repeat(4079)}`, /has 4097 characters, more than any preview's URL/],
    ['https://1.2.3.4.5', /not a URL or host name/],
    ['1.2.3.4.5', /not a URL or host name/],
    ['https://*', /every site on the internet\. .* as in https:\/\/\*\.my-app\.example\.com$/],
    ['https://*.vercel.app', /site under vercel\.app, .* https:\/\/\*\.my-app\.vercel\.app$/],
  ])('refuses %s with the reason', async (entry, reason) => {
    expect(await faultOf(entry)).toMatch(reason)
  })

  it.each([
    ['https://pr-7.example.com/path', 'pr-7.example.com'],
    ['https://pr-7.example.com/?a=1', 'pr-7.example.com'],
    ['https://pr-7.example.com/#top', 'pr-7.example.com'],
    ['https://pr-7.example.com/?filter=["a"]&page=1', 'pr-7.example.com'],
    ["https://pr-7.example.com/it's/<b>/(c)/x", 'pr-7.example.com'],
    ['https://pr-7.example.com/http/https://ssh://git', 'pr-7.example.com'],
    ['pr-7.example.com/https/x', 'pr-7.example.com'],
    ['pr-7.example.com//x', 'pr-7.example.com'],
    [`https://pr-7.example.com/${'x'.repeat(4071)}`, 'pr-7.example.com'],
    ['pr-7.example.com/feat/login', 'pr-7.example.com'],
    ['https://evil.example/x.preview.example.com', 'evil.example'],
    ['https://[2001:db8::5]/x', '[2001:db8::5]'],
  ])(
    'drops everything after the host in %s, and warns that only the host counts',
    async (entry, host) => {
      expect(await warningsOf(entry)).toMatch(`everything on ${host} is trusted`)
    },
  )

  it.each([
    ['evil.example/x', 'https://evil.example/x.preview.example.com'],
    ['evil.example#', 'https://evil.example#.preview.example.com'],
    ['evil.example/a-long-name', 'evil.example/a-long-name.preview.example.com'],
    ['example/x', 'https://evil.example/x.preview.example.com'],
  ])('refuses a host that the head ref %j decides: %s', async (headRef, entry) => {
    expect(await faultOf(entry, { ...WORKFLOW, headRef })).toMatch(/git branch name contains/)
  })

  it.each([
    ['pr-7.example.com', 'https://pr-7.example.com/x'],
    ['#7', 'https://pr-7.example.com#7'],
    ['', 'https://pr-7.example.com/x'],
    ['feat/login', 'https://previews.example.com/feat/login'],
  ])('accepts a host that the head ref does not cut short: %j in %s', async (headRef, entry) => {
    expect(await warningsOf(entry, { ...WORKFLOW, headRef })).toMatch(/was dropped/)
  })

  it.each([
    'https://com',
    'https://co.uk',
    'https://vercel.app',
    'https://vercel.app.',
    'netlify.app',
    'https://pages.dev',
    'https://github.io/acme',
    'https://storage.googleapis.com/acme/pr-7/index.html',
    'https://s3.amazonaws.com/acme/pr-7',
    'https://s3.us-east-1.amazonaws.com/acme',
    'https://koyeb.app',
    'https://eastus.azurecontainerapps.io',
  ])('refuses %s, which belongs to everyone', async (entry) => {
    expect(await faultOf(entry)).toMatch(/belongs to everyone/)
  })

  it.each([
    'https://railway.com/project/1/service/2',
    'https://railway.app/project/1',
    'https://vercel.com/acme/shop/x',
    'https://app.netlify.com/sites/x/deploys/1',
    'https://dash.cloudflare.com/1/pages',
    'https://dashboard.render.com/web/srv-1',
    'https://console.cloud.google.com/run',
    'https://eu-west-1.console.aws.amazon.com/amplify',
    'https://console.neon.tech/app/projects/1',
    'https://github.com/acme/shop/actions/runs/1',
    'https://GitHub.com.',
    'https://*.github.com',
    'https://ghes.corp.example/acme',
  ])('refuses %s, a console or a code host, from any source', async (entry) => {
    const githubHost = 'ghes.corp.example'
    expect(await faultOf(entry, { ...WORKFLOW, githubHost })).toMatch(/never the preview itself/)
    expect(await faultOf(entry, { ...WORKFLOW, githubHost })).not.toMatch(/`trusted_domains`/)
    if (!entry.includes('*'))
      expect(await faultOf(entry, { ...DEPLOYMENT, githubHost })).toMatch(/`trusted_domains`/)
  })

  it.each([
    'https://shop-pr-7.up.railway.app',
    'https://acme.github.io',
    'https://shop.onrender.com',
    'https://not-github.com',
    'https://shop-7.vercel.app',
  ])('accepts %s, which is an app', async (entry) => {
    expect(await checkDomain(entry, DEPLOYMENT)).toEqual(trusted(entry))
  })

  it.each([
    'http://localhost:3000',
    'https://localhost:3000',
    'http://127.0.0.1:8080',
    'http://[::1]:3000',
    'http://[::ffff:127.0.0.1]:3000',
    'app.localhost',
    'http://localhost.:3000',
  ])('accepts %s only if the workflow names it', async (entry) => {
    expect(await faultOf(entry, DEPLOYMENT)).toMatch(/machine that ran the deploy/)
    expect(await faultOf(entry, WORKFLOW)).toBe('')
  })
})

describe('a value that a broken step produced', () => {
  const BROKEN: Record<string, string[]> = {
    'because a template value was missing': [
      'undefined',
      'null',
      'NaN',
      'none',
      'nil',
      'true',
      'false',
      'https://undefined',
      'https://null/',
      'https://true',
    ],
    'this is a number, which URLs read as the address': [
      '7',
      '3.14',
      '1.2.3',
      '0x7f000001',
      'https://7',
      'https://1.2',
      'https://0',
    ],
    'a number or an address without a scheme': ['1.2.3.4', '[2001:db8::5]'],
    'servers listen on this address': ['https://0.0.0.0:3000', 'https://[::]:3000'],
    'this is not a host name: it has no dot': ['main', 'feat/login', 'dist/index.html', 'https'],
    'its host has an empty part; ': ['./dist', '.', 'https://.'],
    '"-" ends with "-"': ['-'],
    'this is a path without a host': ['/', '/feat/login'],
    'there is no host in front of the port': [':3000', 'https://:3000'],
    'there is no host; ': ['?pr=7', '#7'],
    'there is no host after https://': ['https://', 'https:///pr-7.example.com', 'https://?pr=7'],
    'there is no host after http://': ['http://'],
    'its host is only "feat"': ['https://feat/login.preview.example.com'],
    'this is a JavaScript object printed as text': [
      '[object Object]',
      'https://[object Object]',
      'https://[object Object].example.com',
      'https://pr-[object Object].example.com',
      'object Object',
    ],
    'this is part of a JSON value': [
      '["https://a.example"]',
      '["https://a.example"',
      '[https://a.example]',
      '{"url":"https://a.example"}',
      'https://a.example"]',
      "https://a.example' ]",
    ],
    'remove the quotes or brackets around it': [
      '"https://a.example"',
      "'https://a.example'",
      '`https://a.example`',
      '<https://a.example>',
      '(https://a.example)',
      'https://a.example"',
    ],
    'its host contains "("': ['(a.example)/x'],
    'a template or variable that was not filled in': [
      '$URL',
      '${URL}',
      '$(cat url.txt)',
      '%URL%',
      '{{ url }}',
      '{{url}}',
      '${{ steps.deploy.outputs.url }}',
      'https://$HOST',
      'https://pr-${NUMBER}.example.com',
      'https://pr-{{ number }}.example.com',
      'https://pr-{number}.example.com',
      'https://pr-{0}.example.com',
      'https://pr-<number>.example.com',
      '#{url}',
      'env(URL)',
      '%!s(<nil>)',
    ],
    '"pr-" ends with "-"': ['https://pr-#{number}.example.com'],
    'percent-encoded': ['https://pr-%d.example.com', 'https://pr-%7.example.com'],
    'it has two schemes': [
      'https://https://pr-7.example.com',
      'https://http://pr-7.example.com',
      'http://https://pr-7.example.com',
      'https://https//pr-7.example.com',
      'https://http//pr-7.example.com',
      'https://https:pr-7.example.com',
      'https:https://pr-7.example.com',
      'http:https://pr-7.example.com',
      'httpshttps://pr-7.example.com',
      'ssh://git://pr-7.example.com',
    ],
    'the scheme is incomplete': [
      'https:',
      'http:/pr-7.example.com',
      'https:/pr-7.example.com',
      'https:pr-7.example.com',
      'https//pr-7.example.com',
      'https:://pr-7.example.com',
    ],
    'the scheme is missing': ['//pr-7.example.com', '://pr-7.example.com'],
    backslash: ['\\\\pr-7.example.com', 'https:\\\\pr-7.example.com'],
    'nothing follows the colon after the host': [
      'https://pr-7.example.com:',
      'https://pr-7.example.com:/x',
      'localhost:',
    ],
    'its port is not a number': [
      'a.example:80x',
      'https://pr-7.example.com:undefined',
      'https://a.example:80x',
      'https://a.example:x80',
    ],
    'nothing follows "pr-7."': ['https://pr-7.'],
    'nothing follows "pr-7.preview."': ['https://pr-7.preview.'],
  }

  it.each(
    Object.entries(BROKEN).flatMap(([reason, values]) => values.map((value) => [value, reason])),
  )('is refused in %j: %s', async (value, reason) => {
    for (const context of [WORKFLOW, SHARED, DEPLOYMENT])
      expect(await faultOf(value, context)).toContain(reason)
  })

  it.each([
    ['https://pr-.preview.example.com', '"pr-" ends with "-"', 'github.event.number'],
    ['pr-.preview.example.com', '"pr-" ends with "-"', 'github.event.number'],
    ['https://pr_.example.com', '"pr_" ends with "_"', 'github.event.number'],
    ['https://shop-.vercel.app', '"shop-" ends with "-"', 'step output'],
    ['https://-shop.vercel.app', '"-shop" starts with "-"', 'step output'],
    ['https://.preview.example.com', 'before ".preview.example.com"', 'step output'],
    ['https://pr-7..example.com', 'after "pr-7."', 'step output'],
    ['https://pr-null.preview.example.com', '"pr-null" contains "null"', 'github.event.number'],
    ['https://pr-undefined.example.com', '"undefined"', 'github.event.number'],
    ['https://pr-NaN.example.com', '"nan"', 'github.event.number'],
    ['https://pr-None.example.com', '"none"', 'github.event.number'],
    ['https://pr-false.example.com', '"false"', 'github.event.number'],
    ['https://null-shop.vercel.app', '"null"', 'step output'],
    ['https://shop-git-undefined-acme.vercel.app', '"undefined"', 'step output'],
    ['https://undefined.preview.example.com', '"undefined"', 'step output'],
    ['https://null', '"null"', 'step output'],
  ])('is named in the error if the template left it empty in %s', async (entry, place, hint) => {
    const fault = await faultOf(entry)
    expect(fault).toContain(place)
    expect(fault).toContain(hint)
  })

  it.each([
    'https://nullable.example.com',
    'https://pr-7-undefinedness.example.com',
    'https://true-north.preview.example.com',
    'https://null-island.com',
    'https://pr-7.null-island.com',
    'https://none-such.vercel.app',
  ])('is not suspected in %s, which is an ordinary name', async (entry) => {
    expect(await checkDomain(entry, WORKFLOW)).toEqual(trusted(entry))
  })

  it('is not suspected in "null" if the name of the git branch or the repository contains it', async () => {
    const url = 'https://shop-git-fix-null-check-acme.vercel.app'
    expect(await faultOf(url)).toContain('"null"')
    expect(await faultOf(url, { ...WORKFLOW, headRef: 'fix/Null-check' })).toBe('')
    expect(await faultOf(url, { ...DEPLOYMENT, repository: 'acme/null' })).toBe('')
    const missing = 'https://fix-null-check-undefined.example.com'
    expect(await faultOf(missing, { ...WORKFLOW, headRef: 'fix/null-check' })).toContain(
      'contains "undefined"',
    )
  })

  it.each([
    [
      `https://${'a'.repeat(64)}.example.com`,
      /"a{20}\.{3}" has 64 characters.*at most 63.*from the deployment/,
    ],
    [`https://${'a.'.repeat(126)}example.com`, /263 characters.*at most 253/],
    [`https://${'ü'.repeat(60)}.example.com`, /at most 63/],
  ])('is reported in %s, which is too long for a host', async (entry, reason) => {
    expect(await faultOf(entry)).toMatch(reason)
  })

  it('causes a warning if it is a host without a dot, which only a private network can reach', async () => {
    expect(await warningsOf('https://preview-box')).toMatch(/has no dot/)
  })
})

describe('the check of a wildcard', () => {
  it.each([
    'https://*.my-app.vercel.app',
    'https://*.preview.example.com',
    'https://*.example.co.uk',
    'https://*.example.com:8443',
    'https://pr-*.example.com',
    'https://pr-*-shop.preview.example.com',
    'https://*.bucket.storage.googleapis.com',
    'https://*.preview.internal',
    'http://*.localhost:3000',
  ])(
    'accepts %s, which stays below a domain that the user owns, but not from a deployment',
    async (domain) => {
      expect(await checkDomain(domain, WORKFLOW)).toEqual(trusted(domain))
      expect(await faultOf(domain, DEPLOYMENT)).not.toBe('')
    },
  )

  it.each([
    'https://app*.vercel.app',
    'https://my-app-git-*-my-team.vercel.app',
    'https://deploy-preview-*--site.netlify.app',
    'https://*-my-team.netlify.app',
    'https://shop-*.koyeb.app',
    'https://my-app-*.storage.googleapis.com',
  ])(
    'accepts %s, which matches names that strangers can register, only if allowed',
    async (domain) => {
      expect(await faultOf(domain)).toMatch(
        /anyone can register a name.*from the deployment.*63 characters.*allow_shared_wildcards/,
      )
      const accepted = await checkDomain(domain, SHARED)
      expect(accepted).toMatchObject({ origin: domain })
      expect(await warningsOf(domain, SHARED)).toMatch(/^anyone can register a name/)
    },
  )

  it.each([
    'https://*',
    '*',
    '*.*',
    'https://*.',
    'https://*.com',
    'https://*.co.uk',
    'https://*.vercel.app',
    'https://*.VERCEL.app/',
    'https://*.vercel.app.',
    'https://*.netlify.app',
    'https://*.pages.dev',
    'https://*.github.io',
    'https://**.vercel.app',
    'https://*.*.vercel.app',
    'https://app.*.vercel.app',
    'https://app.*.com',
    'https://my-*.com',
    'https://my-app*.co.uk',
    'https://*.ck',
    'https://*.kawasaki.jp',
    'https://*.sch.uk',
    'https://*.compute.amazonaws.com',
    'https://a*.vercel.app',
    'https://ab*.vercel.app',
    'https://*b.vercel.app',
    'https://*.internal',
    'https://*.koyeb.app',
    'https://*.storage.googleapis.com',
    'https://*.azurecontainerapps.io',
    'https://*.eastus.azurecontainerapps.io',
  ])('refuses %s, which would trust sites of other people, even if allowed', async (domain) => {
    expect(await faultOf(domain, SHARED)).toMatch(/would trust every site/)
    expect(await faultOf(domain)).toMatch(/would trust every site/)
  })

  it('never accepts one that covers a name that somebody else could register', async () => {
    const suffix = fc.constantFrom('com', 'co.uk', 'vercel.app', 'pages.dev', 'ck', 'kawasaki.jp')
    const label = fc.constantFrom('a', 'my-app', '*', 'my-*', '*-team', 'my-*-team', 'a*')
    const name = fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){0,2}$/)
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(label, { minLength: 1, maxLength: 4 }),
        suffix,
        name,
        async (labels, under, value) => {
          const host = [...labels, under].join('.')
          if (!host.includes('*') || (await faultOf(`https://${host}`)) !== '') return
          accepted += 1
          const owner = (text: string) => parse(text, { allowPrivateDomains: true }).domain
          const fixed = host.slice(host.lastIndexOf('*') + 1).replace(/^[^.]*\./, '')
          expect(owner(host.replaceAll('*', value))).toBe(owner(fixed))
        },
      ),
      { numRuns: 3000 },
    )
    expect(accepted).toBeGreaterThan(300)
  })
})

describe('a list of domains', () => {
  it('is read completely: every invalid entry is reported, and the valid ones are kept, once and in order', async () => {
    const list = await parseDomains(
      'b.example, https://*.com\n\nhttps://B.example/x,http://c.example\na.example',
      WORKFLOW,
    )
    expect(list.origins).toEqual(['https://b.example', 'https://a.example'])
    expect(list.faults).toHaveLength(2)
    expect(list.warnings).toHaveLength(1)
    expect(list.hasGap).toBe(true)
  })

  it.each(['a.example', 'a.example\n', 'a.example,\nb.example', 'a.example , b.example\n'])(
    '%j has no gap',
    async (text) => {
      expect(await parseDomains(text, WORKFLOW)).toMatchObject({ faults: [], hasGap: false })
    },
  )

  it.each([
    'a.example,',
    ',a.example',
    'a.example,,b.example',
    'a.example\n\nb.example',
    'a.example,\n\nb.example',
    'a.example,\n \nb.example',
    'a.example\n,b.example',
  ])('%j has a gap because a value was empty', async (text) => {
    expect(await parseDomains(text, WORKFLOW)).toMatchObject({ faults: [], hasGap: true })
  })

  it.each([' ', '\n', ',', ' , \n', ',,'])('%j is set but contains nothing', async (text) => {
    const { faults } = await parseDomains(text, WORKFLOW)
    expect(faults).toEqual([expect.stringContaining('contains no domain')])
  })

  it('is empty if the text is empty', async () => {
    expect(await parseDomains('', WORKFLOW)).toMatchObject({ origins: [], faults: [] })
  })

  it.each([
    ['https://user:secret@a.example', '"https://***@a.example"'],
    ['https://user@a.example', '"https://***@a.example"'],
    ['https://:secret@a.example', '"https://***@a.example"'],
    ['https://user:secret://@a.example', '"https://***@a.example"'],
    ['user:secret@a.example', '"***@a.example"'],
    ['https://user:sec/ret@a.example', '"https://***@a.example"'],
    ['https://user.name:secret@a.example/', '"https://***@a.example/"'],
  ])('is quoted in errors without user names and passwords: %s', async (domain, shown) => {
    const { origins, faults } = await parseDomains(domain, WORKFLOW)
    expect(origins).toEqual([])
    expect(faults).toEqual([expect.stringContaining(`${shown}: `)])
    expect(faults[0]).not.toMatch(/secre|user[:@]/)
  })

  it.each(['https://app.example.com/@team/page', 'app.example.com?user=a@b.example'])(
    'is quoted in warnings as it is if it has no user name: %s',
    async (domain) => {
      const { warnings } = await parseDomains(domain, WORKFLOW)
      expect(warnings).toEqual([expect.stringContaining(`"${domain}": only the origin counts`)])
    },
  )
})

describe('the origin of a domain', () => {
  it('is what a browser sends, and is its own origin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl({ validSchemes: ['https'] }), async (url) => {
        const verdict = await checkDomain(url, WORKFLOW)
        if ('fault' in verdict) return
        expect(verdict.origin).toBe(new URL(url).origin)
        expect(await checkDomain(verdict.origin, WORKFLOW)).toEqual(trusted(verdict.origin))
      }),
      { numRuns: 500 },
    )
  })
})

describe('the host of a single build', () => {
  it.each([
    ['https://shop-abc123def-team.vercel.app', '-git-<branch>'],
    ['https://0123456789abcdef01234567--shop.netlify.app', 'deploy-preview-<number>'],
    ['https://0123abcd.shop.pages.dev', '<branch>.<project>'],
  ])('%s has a stable alias: %s', (host, alias) => {
    expect(stableAlias(host)).toContain(alias)
  })

  it.each([
    'https://shop-git-fix-redirects-team.vercel.app',
    'https://acme-dashboard-acme.vercel.app',
    'https://acme-dashboard-acme2.vercel.app',
    'https://deploy-preview-7--shop.netlify.app',
    'https://feature1.shop.pages.dev',
  ])('%s is stable', (host) => {
    expect(stableAlias(host)).toBeUndefined()
  })
})

describe('a domain that Neon lists', () => {
  it('is compared by origin, or unchanged if it has none', () => {
    expect(originOf('https://Foo.example/')).toBe('https://foo.example')
    expect(originOf('myapp://callback')).toBe('myapp://callback')
    expect(originOf('not a url')).toBe('not a url')
  })

  it('is verified with a sample host if it is a wildcard', () => {
    expect(sampleOrigin('https://app-*-team.vercel.app')).toBe(
      'https://app-neon-auth-sample-team.vercel.app',
    )
    expect(sampleOrigin('https://pr-**.a.example')).toBe('https://pr-neon-auth-sample.a.example')
    expect(sampleOrigin('https://a.example')).toBe('https://a.example')
  })

  it.each([
    ['localhost', true],
    ['app.localhost', true],
    ['localhost.', true],
    ['127.8.9.1', true],
    ['127.10.200.1', true],
    ['[::1]', true],
    ['[::ffff:7f00:1]', true],
    ['[::ffff:8f00:1]', false],
    ['x127.0.0.1', false],
    ['localhost.evil.com', false],
    ['127.0.0.1.evil.com', false],
    ['evil-localhost', false],
  ])('is loopback if its host is %s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})

describe('trust exact origins: the owner of a host', () => {
  // A label that ends with a hyphen is not valid in a host name, but URLs accept it.
  it.each(['example.com', 'a-.example.com'])('is whoever registered its domain: %s', (hostname) => {
    const owner = { suffix: 'com', kind: 'registry', registrable: 'example.com' }
    expect(ownershipOf(hostname)).toEqual(owner)
    expect(siteOf(`https://${hostname}:8443`)).toBe('https://example.com')
  })

  it('is the platform for a public suffix, even without the region in front of it', () => {
    for (const suffix of ['vercel.app', 'koyeb.app', 'azurecontainerapps.io'])
      expect(ownershipOf(suffix)).toEqual({ suffix, kind: 'platform' })
  })

  it('is the host itself if it has no registered domain', () => {
    expect(siteOf('https://intranet:8443')).toBe('https://intranet')
  })

  it.each([
    ['*', { kind: 'everyone', suffix: '' }],
    ['*.com', { kind: 'everyone', suffix: 'com' }],
    ['*.example.com', { kind: 'own' }],
    ['*.my-app.vercel.app', { kind: 'own' }],
    ['my-app-*.vercel.app', { kind: 'shared', suffix: 'vercel.app' }],
    ['my*.vercel.app', { kind: 'everyone', suffix: 'vercel.app' }],
    // Tunnels are one label further down, below a region.
    ['tunnel-*.devtunnels.ms', { kind: 'everyone', suffix: 'devtunnels.ms' }],
    ['tunnel-*.euw.devtunnels.ms', { kind: 'shared', suffix: 'euw.devtunnels.ms' }],
    ['*.tunnel-7.euw.devtunnels.ms', { kind: 'own' }],
  ])('decides how far the wildcard %s reaches: %j', (hostname, reach) => {
    expect(wildcardReach(hostname)).toEqual(reach)
  })
})
