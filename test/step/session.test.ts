import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { StorageState, StoredCookie } from '../../src/session/storage-state.ts'
import { runStepHere } from '../in-process.ts'
import { closeServer, listen } from '../loopback.ts'
import { BRANCH, PASSWORD, PREVIEW, signUp } from '../preview.ts'
import { runStep, type Step } from '../runner.ts'
import { useServices, writesOf } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const services = useServices()
const temp = mkdtempSync(join(tmpdir(), 'runner-temp-'))
afterEach(() => {
  for (const name of readdirSync(temp)) rmSync(join(temp, name))
})
afterAll(() => rmSync(temp, { recursive: true }))

const TRUSTING = { trusted_domains: PREVIEW }
const sessionStep = (
  action: string,
  inputs: Step['inputs'],
  env: Record<string, string> = {},
): Step =>
  services.stepOf(
    action,
    { timeout: '90', ...inputs },
    {
      env: {
        RUNNER_TEMP: temp,
        GITHUB_RUN_ID: '77',
        ...env,
      },
    },
  )
const run = (...args: Parameters<typeof sessionStep>) => runStepHere(sessionStep(...args))

const stateIn = (path = ''): StorageState => JSON.parse(readFileSync(path, 'utf8'))
const cookiesFor = ({ cookies }: StorageState, domain: string): StoredCookie[] =>
  cookies.filter((cookie) => cookie.domain === domain)

/** Returns the email of the user whom this cookie signs in, according to the auth service. */
const userOf = async (
  baseUrl: string | undefined,
  cookie: StoredCookie | undefined,
): Promise<string | undefined> => {
  const response = await fetch(`${baseUrl}/get-session`, {
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
  })
  const session = (await response.json()) as { user: { email: string } } | null
  return session?.user.email
}

const hostOf = (url: string | undefined): string => new URL(url ?? '').hostname

describe('e2e_session for a new user', () => {
  it('signs in a new user, writes a file for both kinds of app, and deletes only that user on close', async () => {
    const { neon } = services
    const opened = await run('opened', { ...TRUSTING, e2e_session: 'true' })
    expect(opened.exitCode, opened.log).toBe(0)
    const { storage_state: path = '', session_user: user = '', base_url } = opened.outputs
    expect(user).toMatch(/^neon-auth-e2e-pr2-77-[0-9a-f]{8}@example\.com$/)
    expect(readdirSync(temp).map((name) => join(temp, name))).toEqual([path])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    const stored = stateIn(path)
    // A sign-in also sets OAuth challenges.
    const cookies = stored.cookies.filter(({ name }) => name.endsWith('session_token'))
    const state = { ...stored, cookies }
    expect(cookies).toHaveLength(2)
    const [direct] = cookiesFor(state, hostOf(base_url))
    const [proxied] = cookiesFor(state, hostOf(PREVIEW))
    expect(direct).toMatchObject({ sameSite: 'None', partitionKey: 'https://shop.example' })
    expect(proxied).toMatchObject({ sameSite: 'Lax', path: '/', secure: true, httpOnly: true })
    expect([await userOf(base_url, direct), await userOf(base_url, proxied)]).toEqual([user, user])
    // Keep secrets secret: the cookie is only in the file.
    const shown = [withoutMasks(opened.log), opened.summary]
    expect(shown.join()).not.toContain(direct?.value.split('.')[0])
    expect(JSON.stringify(opened.outputs)).not.toContain(direct?.value.split('.')[0])

    await signUp(base_url, PREVIEW, 'ada@example.com')
    await signUp(base_url, PREVIEW, 'neon-auth-e2e-pr21-1-abc@example.com')
    const inputs = { ...TRUSTING, e2e_session: 'true', on_close: 'untrust' }
    services.github.setState(2, 'closed')
    const planned = await run('closed', { ...inputs, dry_run: 'true' })
    expect(planned.log).toContain('Would: Delete the user ')
    expect(await userOf(base_url, direct)).toBe(user)
    const closed = await run('closed', inputs)
    expect(closed.outputs, closed.log).toMatchObject({ action_taken: 'untrusted', changed: 'true' })
    expect(await userOf(base_url, direct)).toBeUndefined()
    expect((await neon.users(BRANCH)).map(({ email }) => email)).toEqual([
      'ada@example.com',
      'neon-auth-e2e-pr21-1-abc@example.com',
    ])
  }, 120_000)

  it('opens sign-up for the user and closes it again', async () => {
    const settings = 'email_and_password: { disable_sign_up: true }'
    const { exitCode, outputs, log } = await run('opened', {
      ...TRUSTING,
      settings,
      e2e_session: 'true',
    })
    expect(exitCode, log).toBe(0)
    const [direct] = cookiesFor(stateIn(outputs.storage_state), hostOf(outputs.base_url))
    expect(await userOf(outputs.base_url, direct)).toBe(outputs.session_user)
    expect(await signUp(outputs.base_url, PREVIEW, 'eve@example.com')).toBe(400)
  }, 120_000)

  it('fails before the first write if a new user could not sign in', async () => {
    const settings = 'email_and_password: { require_email_verification: true }'
    const { exitCode, annotations } = await run('opened', {
      ...TRUSTING,
      settings,
      e2e_session: 'true',
    })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toContain('the branch requires email verification')
    expect(writesOf(services)).toEqual([])
  })

  it('fails before the first write without an exact origin', async () => {
    for (const trusted_domains of ['', 'https://*.preview.shop.example']) {
      const { annotations } = await run('opened', { trusted_domains, e2e_session: 'true' })
      expect(annotations.error[0]).toContain('needs the exact URL of the preview')
    }
    expect(writesOf(services)).toEqual([])
  })

  it('names the user in a dry run without signing in', async () => {
    const { outputs, log } = await run('opened', {
      ...TRUSTING,
      e2e_session: 'true',
      dry_run: 'true',
    })
    expect(log).toMatch(/Would: Create the user neon-auth-e2e-pr2-77-\w+@example\.com/)
    expect(log).toContain(`from ${PREVIEW}.`)
    expect(outputs.storage_state).toBeUndefined()
    expect(services.neon.requests.filter(({ plane }) => plane === 'data')).toEqual([])
  })
})

describe('protect production: e2e_session', () => {
  it.each(['default', 'protected'])(
    'opens no session on the %s branch, with or without allow_protected',
    async (kind) => {
      const { neon } = services
      if (kind === 'protected') neon.updateBranch(neon.branch(BRANCH).id, { protected: true })
      const branch = kind === 'protected' ? BRANCH : 'main'
      for (const allow_protected of ['true', 'false']) {
        const inputs = { ...TRUSTING, branch, allow_protected, e2e_session: 'true' }
        const { exitCode, annotations } = await run('opened', inputs)
        expect(exitCode).toBe(1)
        const expected = allow_protected === 'true' ? 'opens no session on' : 'Nothing was changed'
        expect(annotations.error[0]).toContain(expected)
      }
      expect(writesOf(services)).toEqual([])
      neon.updateBranch(neon.branch(BRANCH).id, { protected: false })
    },
  )
})

describe('e2e_session for a user in the settings', () => {
  const settings = 'users: [{ email: Ada@example.com, password: "${E2E_PASSWORD}" }]'
  const env = { E2E_PASSWORD: PASSWORD }

  it('signs in that user, and the close keeps the user', async () => {
    const inputs = { ...TRUSTING, settings, e2e_session: 'ada@example.com' }
    const first = await run('opened', inputs, env)
    expect(first.exitCode, first.log).toBe(0)
    const second = await run('synchronize', inputs, env)
    expect(second.outputs, second.log).toMatchObject({
      changed: 'false',
      session_user: 'Ada@example.com',
    })
    services.github.setState(2, 'closed')
    await run('closed', { ...inputs, on_close: 'untrust' }, env)
    expect(await services.neon.users(BRANCH)).toHaveLength(1)
  }, 120_000)

  it.each([
    ['eve@example.com', 'is not one of the `users`'],
    ['yes', 'neither true, nor false, nor an email address'],
  ])('fails before the first request if the value is %s', async (e2e_session, message) => {
    const { annotations } = await run('opened', { ...TRUSTING, settings, e2e_session }, env)
    expect(annotations.error[0]).toContain(message)
    expect(services.neon.requests).toEqual([])
  })

  it('explains a wrong password', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH, { domains: [PREVIEW] })
    await signUp(neon.branch(BRANCH).baseUrl, PREVIEW, 'ada@example.com')
    const inputs = { ...TRUSTING, settings, e2e_session: 'ada@example.com' }
    const { annotations } = await run('opened', inputs, { E2E_PASSWORD: 'not the same one' })
    expect(annotations.error[0]).toMatch(
      /401 INVALID_EMAIL_OR_PASSWORD[\s\S]*exists on this branch with another password/,
    )
    expect(readdirSync(temp)).toEqual([])
  })
})

/** Starts a preview that sets a cookie for a request with the secret, as Vercel does. `server` is the value of its `server` header. */
const startHost = async (server: string, secret: string) => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: server }], {
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const received: IncomingHttpHeaders[] = []
  const host = createServer({ key, cert }, ({ headers }, response) => {
    received.push(headers)
    const isOpen = headers['x-vercel-protection-bypass'] === secret
    const cookie = isOpen ? '_vercel_jwt=opened-for-tests' : '_vercel_sso_nonce=login-page'
    response.writeHead(isOpen ? 307 : 401, {
      server,
      'set-cookie': `${cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`,
    })
    response.end()
  })
  const { port } = new URL(await listen(host))
  return { port, cert, received, close: () => closeServer(host) }
}

describe('vercel_bypass', () => {
  const SECRET = 'vercel-bypass-secret-of-32-chars'

  // Node reads NODE_EXTRA_CA_CERTS only when it starts.
  const runAsProcess = (...args: Parameters<typeof sessionStep>) => runStep(sessionStep(...args))

  it('keep secrets secret: sends the secret only to the preview on Vercel, stores its cookie only for that host, and explains a wrong secret', async () => {
    const [vercel, other] = [await startHost('Vercel', SECRET), await startHost('nginx', SECRET)]
    const ca = join(temp, 'ca.pem')
    writeFileSync(ca, `${vercel.cert}\n${other.cert}`)
    const previews = [`https://localhost:${vercel.port}`, `https://127.0.0.1:${other.port}`]
    const inputs = { trusted_domains: previews.join(), e2e_session: 'true', vercel_bypass: SECRET }
    const env = { NODE_EXTRA_CA_CERTS: ca }
    const { exitCode, outputs, log, summary } = await runAsProcess('opened', inputs, env)
    expect(exitCode, log).toBe(0)
    const vercelCookies = stateIn(outputs.storage_state).cookies.filter(({ name }) =>
      /vercel/.test(name),
    )
    expect(vercelCookies).toEqual([
      expect.objectContaining({
        name: '_vercel_jwt',
        value: 'opened-for-tests',
        domain: 'localhost',
      }),
    ])
    expect(log).toContain('`vercel_bypass` was not sent to')
    expect(JSON.stringify(other.received)).not.toContain(SECRET)
    expect(JSON.stringify(services.neon.requests)).not.toContain(SECRET)
    const shown = [withoutMasks(log), summary, JSON.stringify(outputs)].join()
    expect(shown).not.toContain(SECRET)
    expect(shown).not.toContain('opened-for-tests')

    const wrong = await runAsProcess(
      'synchronize',
      { ...inputs, vercel_bypass: 'another-secret' },
      env,
    )
    expect(wrong.annotations.error[0]).toMatch(
      /Vercel does not let this run open[\s\S]*was 401[\s\S]*not the secret of this Vercel project/,
    )
    await Promise.all([vercel.close(), other.close()])
  }, 120_000)
})
