import { spawn } from 'node:child_process'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { resolve } from 'node:path'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest'
import type { Finding } from '../../src/doctor/finding.ts'
import { closeServer, listen } from '../loopback.ts'
import { BRANCH } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices()

interface SiteFile {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** The files that the preview serves, by path. */
let site: Record<string, SiteFile> = {}
let received: { method: string; url: string; headers: IncomingHttpHeaders }[] = []
let server: Server
let preview = ''

beforeAll(async () => {
  server = createServer(({ method = '', url = '', headers }, response) => {
    received.push({ method, url, headers })
    const { status = 200, headers: fileHeaders, body = '' } = site[url] ?? { status: 404 }
    response.writeHead(status, fileHeaders).end(body)
  })
  preview = await listen(server)
})
afterAll(() => closeServer(server))

/** Serves a page with a script that has this auth URL. */
const serveBuild = (authUrl: string): void => {
  site = {
    '/': { body: '<title>Shop</title><script type="module" src="/assets/app.js"></script>' },
    '/assets/app.js': { body: `const auth = createAuthClient("${authUrl}")` },
  }
}

let baseUrl = ''
beforeEach(async () => {
  received = []
  site = {}
  const options = { domains: [preview], allowLocalhost: false }
  ;({ baseUrl } = await services.neon.enableAuth(BRANCH, options))
  services.neon.clearRequests()
})
afterEach(async () => {
  const { neon } = services
  if (neon.branch('main').auth === 'on') await neon.disableAuth('main', { deleteData: true })
})

const examine = async (
  inputs: Parameters<typeof services.run>[1] = {},
  more: Parameters<typeof services.run>[2] = {},
) => {
  // The auth service may be slow to start on a busy machine.
  const doctorInputs = { mode: 'doctor', trusted_domains: preview, timeout: '60', ...inputs }
  const result = await services.run('synchronize', doctorInputs, more)
  const findings = JSON.parse(result.outputs.findings ?? '[]') as Finding[]
  const ids = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).map(({ id }) => id)
  return { ...result, findings, ids }
}

describe('the doctor, from inputs to outputs', { timeout: 90_000 }, () => {
  it('reports a working preview as healthy and writes nothing', async () => {
    serveBuild(baseUrl)
    const { exitCode, log, outputs, ids, summary, annotations } = await examine()
    expect(exitCode, log).toBe(0)
    expect(outputs).toMatchObject({
      action_taken: 'status',
      changed: 'false',
      verdict: 'healthy',
      base_url: baseUrl,
    })
    expect(ids('ok')).toEqual(
      expect.arrayContaining(['auth_on', 'keys', 'domain_trusted', 'auth_url_of_this_branch']),
    )
    expect(summary).toContain('Neon Auth is healthy')
    expect(annotations.error).toEqual([])
    expect(writesOf(services)).toEqual([])
  })

  it('keep secrets secret: sends the preview no key and no cookie, and only GET', async () => {
    serveBuild(baseUrl)
    await examine()
    const [first, ...others] = received.map(({ method, url }) => `${method} ${url}`)
    expect(first).toBe('GET /')
    expect(others.sort()).toEqual(['GET /api/auth/get-session', 'GET /assets/app.js'])
    for (const { headers } of received) {
      expect(headers.cookie).toBeUndefined()
      expect(headers.authorization).toBeUndefined()
      expect(JSON.stringify(headers)).not.toContain(services.neon.apiKey)
    }
  })

  it("fails if the page was built with another branch's auth URL", async () => {
    const { baseUrl: production } = await services.neon.enableAuth('main')
    serveBuild(production)
    const { exitCode, outputs, annotations, summary } = await examine()
    expect(exitCode).toBe(1)
    expect(outputs.verdict).toBe('problems_found')
    expect(annotations.error.join('\n')).toContain(
      `${preview} was built with the auth URL of its parent branch, ${production}`,
    )
    expect(annotations.error[0]).toMatch(/^.*\.\nLikely cause: .*\nFix: .*$/)
    expect(summary).toContain('Neon Auth has problems')
    expect(writesOf(services)).toEqual([])
  })

  it('fails if the page has the auth URL https://undefined', async () => {
    serveBuild('https://undefined/auth')
    const { exitCode, ids } = await examine()
    expect(exitCode).toBe(1)
    expect(ids('broken')).toEqual(['auth_url_broken'])
  })

  it('fails if the preview redirects to a host that is not trusted, and does not print the query', async () => {
    site = { '/': { status: 307, headers: { location: 'https://www.shop.example/?token=x' } } }
    const { exitCode, findings, ids, log } = await examine()
    expect(exitCode).toBe(1)
    expect(ids('broken')).toEqual(['redirect_untrusted'])
    expect(findings[0]?.title).toContain('https://www.shop.example')
    expect(ids('unknown')).toEqual(['preview_unreadable'])
    expect(log).not.toContain('token=x')
  })

  it('does not follow a redirect to another server on this machine', async () => {
    let isReached = false
    const other = createServer((_, response) => {
      isReached = true
      response.end('secret')
    })
    onTestFinished(() => closeServer(other))
    const { port } = new URL(await listen(other))
    site = { '/': { status: 302, headers: { location: `http://localhost:${port}/` } } }
    const { ids } = await examine()
    expect(isReached).toBe(false)
    expect(ids('broken')).toEqual(['redirect_untrusted'])
  })

  it('follows a redirect to a page on the same host', async () => {
    serveBuild(baseUrl)
    site['/home'] = site['/'] ?? {}
    site['/'] = { status: 308, headers: { location: '/home' } }
    expect((await examine()).outputs.verdict).toBe('healthy')
  })

  it('fails if the preview is not trusted', async () => {
    serveBuild(baseUrl)
    await services.neon.setDomains(BRANCH, [])
    const { exitCode, ids } = await examine()
    expect(exitCode).toBe(1)
    expect(ids('broken')).toEqual(['domain_untrusted'])
  })

  it('fails if trusted_domains has an invalid value, but checks everything else', async () => {
    serveBuild(baseUrl)
    const { exitCode, ids } = await examine({ trusted_domains: `https://undefined, ${preview}` })
    expect(exitCode).toBe(1)
    expect(ids('broken')).toEqual(['domain_unusable'])
    expect(ids('ok')).toContain('auth_url_of_this_branch')
  })

  it('fails if auth is off', async () => {
    serveBuild(baseUrl)
    await services.neon.disableAuth(BRANCH, { deleteData: true })
    const { exitCode, ids, outputs } = await examine()
    expect(exitCode).toBe(1)
    expect(ids('broken')).toEqual(['auth_off'])
    expect(outputs.base_url).toBeUndefined()
    expect(writesOf(services)).toEqual([])
  })

  it('unknown is not none: does not report healthy, but does not fail, if Neon refuses a request', async () => {
    serveBuild(baseUrl)
    const fault = { kind: 'status', status: 403 } as const
    services.neon.faults.add({ match: { path: /\/webhooks$/ }, times: 2, fault })
    const { exitCode, ids, outputs, annotations } = await examine()
    expect(exitCode).toBe(0)
    expect(outputs.verdict).toBe('could_not_tell')
    expect(ids('unknown')).toEqual(['unread'])
    expect(annotations.warning.join('\n')).toContain('not everything could be checked')
  })

  it('checks the response of an app that proxies auth requests', async () => {
    serveBuild('/api/auth')
    site['/api/auth/get-session'] = {
      body: 'null',
      headers: { 'content-type': 'application/json' },
    }
    const working = await examine()
    expect(working.ids('ok')).toContain('proxy_works')
    expect(working.outputs.verdict).toBe('could_not_tell')
    site['/api/auth/get-session'] = { status: 502, body: '{"code":"NETWORK_DNS"}' }
    const failing = await examine()
    expect(failing.ids('broken')).toEqual(['proxy_fails'])
  })

  it("names production's webhook and the user's own OAuth app, but does not fail", async () => {
    const { neon } = services
    serveBuild(baseUrl)
    const webhook_config = { enabled: true, webhook_url: 'https://hooks.example/secret-path' }
    await neon.enableAuth('main')
    await neon.configure('main', { webhook_config })
    const google = { id: 'google', client_id: 'id', client_secret: 'secret-of-google' } as const
    await neon.configure(BRANCH, { webhook_config, social_providers: [google] })
    const { exitCode, findings, outputs, log } = await examine()
    expect(exitCode).toBe(0)
    expect(outputs.verdict).toBe('healthy')
    const titles = findings.map(({ title }) => title).join('\n')
    expect(titles).toContain("parent branch's receiver hooks.example")
    expect(titles).toContain(`${baseUrl}/callback/google`)
    expect(log + outputs.findings).not.toMatch(/secret-path|secret-of-google/)
  })

  it('examines the default branch too, because the doctor only reads', async () => {
    const main = await services.neon.enableAuth('main', {
      domains: [preview],
      allowLocalhost: false,
    })
    serveBuild(main.baseUrl)
    const { exitCode, outputs } = await examine(
      { branch: 'main' },
      { event: ['workflow_dispatch'] },
    )
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({ verdict: 'healthy', branch_name: 'main' })
  })

  it('reports if no preview URL is set', async () => {
    const { exitCode, ids } = await examine({ trusted_domains: '' })
    expect(exitCode).toBe(0)
    expect(ids('unknown')).toEqual(['no_preview'])
  })

  it('keeps a single comment on the pull request up to date', async () => {
    const { github } = services
    const bodies = () =>
      github.comments.filter(({ number }) => number === 2).map(({ body }) => body)
    serveBuild('https://undefined')
    await examine({ comment: 'true' })
    expect(bodies()).toEqual([expect.stringContaining('Neon Auth has problems')])
    serveBuild(baseUrl)
    await examine({ comment: 'true' })
    expect(bodies()).toEqual([expect.stringContaining('Neon Auth is healthy')])
  })
})

describe('the doctor outside a workflow', { timeout: 90_000 }, () => {
  it('prints a readable log without the key', async () => {
    serveBuild('https://undefined/auth')
    const { neon } = services
    const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../dist/index.js')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        INPUT_MODE: 'doctor',
        INPUT_BRANCH: BRANCH,
        INPUT_TRUSTED_DOMAINS: preview,
        INPUT_API_HOST: neon.apiHost,
        NEON_API_KEY: neon.apiKey,
        NEON_PROJECT_ID: neon.projectId,
      },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
    const exitCode = await new Promise((done) => child.on('close', done))
    expect(exitCode, text).toBe(1)
    expect(text).toContain('❌ ')
    expect(text).toMatch(/^Error: .*https:\/\/undefined/m)
    expect(text).not.toMatch(/^::/m)
    expect(text).not.toContain(neon.apiKey)
  })
})
