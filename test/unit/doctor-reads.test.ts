import { describe, expect, it } from 'vitest'
import { RunAborted } from '../../src/core/deadline.ts'
import { readBranchAuth, tryRead } from '../../src/doctor/read-branch.ts'
import { type PreviewAccess, readPreview } from '../../src/doctor/read-preview.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { HttpResponse, Send } from '../../src/network/messages.ts'

const ORIGIN = 'https://pr-2.shop.example'
const AUTH = 'https://ep-1.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth'
const PROXY = '/api/auth/get-session'

type Answer = Partial<Omit<HttpResponse, 'status'>> & { readonly status?: number }

/** Reads a preview with these answers, keyed by path, or by URL on other origins. Other requests are lost. */
const examine = async (answers: Record<string, Answer>, more: Partial<PreviewAccess> = {}) => {
  const accepted: Record<string, string | undefined> = {}
  const send: Send = async ({ url, method, path, headers }) => {
    const key = url.replace(ORIGIN, '')
    accepted[key] = headers?.['accept']
    const answer = answers[key]
    if (!answer) throw new LostResponseError({ method, path }, 'reset')
    return { status: 200, headers: {}, text: '', ...answer }
  }
  const mayRead = (origin: string) => origin === ORIGIN
  const observed = await readPreview(ORIGIN, { send, mayRead, knownUrls: [], ...more })
  return { ...observed, accepted }
}

const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } })

describe('the page of a preview', () => {
  it('is requested as HTML, its scripts as any type, and its session as JSON', async () => {
    const { accepted } = await examine({ '/': { text: '<script src=a.js>' } })
    expect(accepted).toEqual({ '/': 'text/html', '/a.js': '*/*', [PROXY]: 'application/json' })
  })

  it.each([
    [401, 'login'],
    [403, 'login'],
    [404, 'other'],
    [500, 'other'],
  ])('cannot be read if it answers %i, and the obstacle is %s', async (status, obstacle) => {
    const { page, proxy } = await examine({ '/': { status } })
    expect(page).toEqual({ failure: `GET ${ORIGIN}/ answered ${status}`, obstacle })
    expect(proxy).toBe('none')
  })

  it('cannot be read if the response is lost', async () => {
    const { page } = await examine({})
    expect(page).toEqual({ failure: expect.stringContaining('reset'), obstacle: 'other' })
  })

  it.each([
    'https://vercel.com/sso-api?url=x',
    'https://acme.okta.com/login',
    'https://okta.com/login',
    'https://acme.cloudflareaccess.com/cdn-cgi/access/login',
  ])('is behind a login if it redirects to %s', async (location) => {
    const { page, redirects } = await examine({ '/': redirect(location) })
    expect(redirects).toEqual([])
    expect(page).toEqual({
      failure: `GET ${ORIGIN}/ redirects to ${location.replace(/\?.*/, '')}`,
      obstacle: 'login',
    })
  })

  it.each(['https://okta.com.evil.example/login', 'https://notokta.com/login'])(
    'is not behind a login if it redirects to %s',
    async (location) => {
      const { page, redirects } = await examine({ '/': redirect(location) })
      expect(redirects).toEqual([new URL(location).origin])
      expect(page).toEqual({
        failure: `GET ${ORIGIN}/ redirects to ${location}`,
        obstacle: 'redirect',
      })
    },
  )

  it.each([300, 301, 308, 399])(
    'is read at the new location after a redirect with status %i',
    async (status) => {
      const { page } = await examine({ '/': redirect('/home', status), '/home': {} })
      expect(page).toHaveProperty('value')
    },
  )

  it.each<[string, Answer]>([
    ['a redirect without a location', { status: 302 }],
    ['a redirect to an invalid URL', redirect('https://[')],
    ['an error with a location', redirect('/home', 400)],
    ['an informational status with a location', redirect('/home', 103)],
  ])('is not read elsewhere after %s', async (_, answer) => {
    const { page } = await examine({ '/': answer, '/home': {} })
    expect(page).toEqual({
      failure: `GET ${ORIGIN}/ answered ${answer.status}`,
      obstacle: 'other',
    })
  })

  it.each(['myapp://open', 'web+https:x', 'https+app://open'])(
    'cannot be read if it redirects to an app: %s',
    async (location) => {
      const { page, redirects } = await examine({ '/': redirect(location) })
      expect(redirects).toEqual([])
      expect(page).toEqual({
        failure: `${ORIGIN}/ redirects to ${new URL(location).protocol}`,
        obstacle: 'other',
      })
    },
  )

  it('is given up after five redirects, which are reported once for each origin', async () => {
    const www = 'https://www.shop.example'
    const answers = {
      '/': redirect(`${www}/`),
      [`${www}/`]: redirect(`${ORIGIN}/a`),
      '/a': redirect(`${www}/b`),
      [`${www}/b`]: redirect(`${ORIGIN}/`),
    }
    const { page, redirects } = await examine(answers, { mayRead: () => true })
    expect(redirects).toEqual([www])
    expect(page).toEqual({ failure: 'the page redirects more than 5 times', obstacle: 'other' })
  })

  it.each([
    '<script src="/a.js"></script>',
    "<script defer type='module' src='/a.js'>",
    '<SCRIPT SRC = /a.js>',
    '<link rel="modulepreload" href="/a.js">',
    "<link crossorigin rel = 'modulepreload' as=script href = '/a.js'>",
    '<link rel=modulepreload href=/a.js>',
  ])('loads the script in %s', async (text) => {
    const { page } = await examine({ '/': { text }, '/a.js': { text: `client("${AUTH}")` } })
    expect(page).toMatchObject({ value: { found: { urls: [AUTH] }, scripts: { read: 1, all: 1 } } })
  })

  it.each([404, 500])('does not count a script as read if it answers %i', async (status) => {
    const text = '<script src=/a.js></script><script src=/b.js></script>'
    const answers = { '/': { text }, '/a.js': { status, text: `client("${AUTH}")` }, '/b.js': {} }
    const { page } = await examine(answers)
    expect(page).toMatchObject({ value: { found: { urls: [] }, scripts: { read: 1, all: 2 } } })
  })

  it('is searched for the auth URLs of the branch and its parent, whatever they look like', async () => {
    const [own, parent] = ['http://127.0.0.1:4000/ep-1/auth', 'http://127.0.0.1:4000/ep-2/auth']
    const access = { baseUrl: own, knownUrls: [parent] }
    const { page } = await examine({ '/': { text: `"${parent}" "${own}"` } }, access)
    expect(page).toMatchObject({ value: { found: { urls: [own, parent] } } })
    const { page: unknown } = await examine({ '/': { text: `"${parent}" "${own}"` } })
    expect(unknown).toMatchObject({ value: { found: { urls: [] } } })
  })
})

describe('the auth requests of a preview', () => {
  it.each([
    ['null', 'works'],
    ['{"session":{},"user":{}}', 'works'],
    ['{"ok":true}', 'none'],
    ['7', 'none'],
    ['"session"', 'none'],
    ['<html>', 'none'],
  ])('pass through its own origin if the session route answers %s: %s', async (text, expected) => {
    expect(await examine({ '/': {}, [PROXY]: { text } })).toMatchObject({ proxy: expected })
  })

  it.each([
    ['{"code":"NETWORK_DNS","message":"no such host"}', 'NETWORK_DNS no such host'],
    ['{"code":"NETWORK_DNS","error":"no such host"}', 'NETWORK_DNS no such host'],
    ['{"code":"NETWORK_DNS","message":7}', 'NETWORK_DNS'],
    ['{"code":"INTERNAL_ERROR"}', 'INTERNAL_ERROR'],
  ])('fail if the session route answers 500 %s', async (text, reason) => {
    const { proxy } = await examine({ '/': {}, [PROXY]: { status: 500, text } })
    expect(proxy).toEqual({ fails: `GET ${ORIGIN}${PROXY} answered 500 ${reason}` })
  })

  it.each([
    [404, '{"code":"NETWORK_DNS"}'],
    [500, '{"code":"NOT_NETWORK_DNS"}'],
    [500, '{"code":"NETWORK_DNS_2"}'],
    [500, '{"code":["INTERNAL_ERROR"]}'],
    [500, '{}'],
  ])('have no proxy if the session route answers %i %s', async (status, text) => {
    expect(await examine({ '/': {}, [PROXY]: { status, text } })).toMatchObject({ proxy: 'none' })
  })

  it.each([
    [AUTH, true],
    ['https://auth.shop.example/neondb/auth', false],
    [undefined, false],
  ])('go to another site if the auth URL is %s: %s', async (baseUrl, isCrossSite) => {
    expect(await examine({ '/': {} }, baseUrl ? { baseUrl } : {})).toMatchObject({ isCrossSite })
  })
})

describe('a preview that redirects to another site', () => {
  it.each([
    ['https://auth.other.example/neondb/auth', false],
    ['https://auth.shop.example/neondb/auth', true],
  ])('sends its auth requests from there, cross-site to %s: %s', async (baseUrl, isCrossSite) => {
    const other = 'https://pr-2.other.example'
    const answers = { '/': redirect(`${other}/`), [`${other}/`]: {} }
    const access = { baseUrl, mayRead: () => true }
    expect(await examine(answers, access)).toMatchObject({ isCrossSite })
  })
})

describe("the state of a branch's auth", () => {
  const lost = new LostResponseError({ method: 'GET', path: '/auth' }, 'reset')

  it('is unknown if a request fails, but a bug and the end of the run are errors', async () => {
    expect(await tryRead(() => Promise.reject(lost))).toEqual({ failure: 'reset' })
    for (const error of [new TypeError('a bug'), new RunAborted({ what: 'The end.' })])
      await expect(tryRead(() => Promise.reject(error))).rejects.toBe(error)
  })

  it.each<[string, () => Promise<unknown>, object]>([
    ['off', async () => undefined, { value: undefined }],
    ['unknown', () => Promise.reject(lost), { failure: 'reset' }],
    ['without URLs', async () => ({ auth_provider: 'stack' }), { value: expect.anything() }],
  ])('has no auth URLs and no domains if auth is %s', async (_, getAuth, integration) => {
    const none = async () => undefined
    const neon = {
      getAuth,
      listDomains: none,
      getPlugins: none,
      getWebhook: none,
      getAllowLocalhost: none,
    } as unknown as NeonClient
    const auth = await readBranchAuth(neon, 'br-1')
    expect(auth).toMatchObject({ integration, domains: { value: undefined } })
    expect(auth).not.toHaveProperty('urls')
  })
})
