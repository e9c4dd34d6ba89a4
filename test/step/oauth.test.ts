import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { PREVIEW } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ start: startStepHere })
/** Runs a step with enough time to start the auth service on a busy machine. */
const run: typeof services.run = (action, inputs) =>
  services.run(action, { timeout: '90', trusted_domains: PREVIEW, ...inputs })

const CHILD = 'preview/pr-2-changes'
const OWN_APPS = [
  { id: 'google', client_id: 'production-google', client_secret: 'google-secret' },
  { id: 'github', client_id: 'production-github', client_secret: 'github-secret' },
]

/** Returns the client ID of each provider on the preview's branch. */
const providers = () =>
  Object.fromEntries(
    services.neon.settingsOf(CHILD).social_providers.map(({ id, client_id }) => [id, client_id]),
  )

let branches: string[] = []
beforeEach(async () => {
  const { neon } = services
  const parent = await neon.createBranch({ name: 'production' })
  await neon.enableAuth('production', { domains: ['https://shop.example'] })
  await neon.configure('production', { social_providers: OWN_APPS } as never)
  const child = await neon.createBranch({ name: CHILD, parent: parent.id })
  branches = [child.id, parent.id]
  neon.clearRequests()
})
afterEach(async () => {
  for (const id of branches) await services.neon.deleteBranch(id)
})

describe('oauth_preflight', () => {
  it("names the redirect URI and the console for each of the user's own apps, and only requests sign-in URLs", async () => {
    const { exitCode, log, summary, annotations, outputs } = await run('opened', {
      oauth_preflight: 'true',
    })
    expect(exitCode, log).toBe(0)
    const warnings = annotations.warning.join('\n')
    for (const [provider, link] of [
      ['google', 'https://console.cloud.google.com/apis/credentials'],
      ['github', 'https://github.com/settings/developers'],
    ]) {
      const uri = `${outputs.base_url}/callback/${provider}`
      expect(warnings).toContain(
        `the OAuth app production-${provider} lists the redirect URI ${uri}`,
      )
      expect(warnings).toContain(link)
      expect(summary).toContain(`](${link})`)
    }
    expect(summary).toContain('#### Sign-in with OAuth')
    expect(writesOf(services).filter((write) => write.includes('oauth'))).toEqual([])
    const signIns = services.neon.requests.filter(({ path }) => path.endsWith('/sign-in/social'))
    expect(signIns.map(({ origin, status }) => [origin, status])).toEqual([
      [PREVIEW, 200],
      [PREVIEW, 200],
    ])
  }, 120_000)
})

describe('an inherited OAuth provider', () => {
  it('converge: is switched to the shared app on this branch only with oauth: shared, and a second run changes nothing', async () => {
    const inputs = { oauth: 'shared', oauth_preflight: 'true' }
    const planned = await run('opened', { ...inputs, dry_run: 'true' })
    expect(planned.log).toContain("Would: Add sign-in with google, with Neon's shared credentials.")
    const first = await run('opened', inputs)
    expect(first.exitCode, first.log).toBe(0)
    expect(providers()).toEqual({ google: undefined, github: 'production-github' })
    expect(first.outputs.plan).toContain('"change":"add_oauth_provider","provider":"google"')
    expect(first.summary).toMatch(/google: works on every branch, with Neon/)
    expect(first.summary).toContain('production-github')
    expect(services.neon.settingsOf('production').social_providers).toEqual(OWN_APPS)
    const second = await run('synchronize', inputs)
    expect(second.outputs, second.log).toMatchObject({
      action_taken: 'unchanged',
      changed: 'false',
    })
  }, 180_000)

  it('converge: is added if an earlier run stopped between removing and adding it', async () => {
    services.neon.faults.add({
      match: { operationId: 'addBranchNeonAuthOauthProvider' },
      fault: { kind: 'status', status: 403, body: { message: 'no' } },
    })
    const stopped = await run('opened', { oauth: 'shared', verify: 'false' })
    expect(stopped.exitCode).toBe(1)
    expect(providers()).toEqual({ github: 'production-github' })
    const next = await run('opened', { oauth: 'shared', verify: 'false' })
    expect(next.exitCode, next.log).toBe(0)
    expect(providers()).toHaveProperty('google', undefined)
  }, 120_000)

  it('is set as the settings say if they name it, even with oauth: shared', async () => {
    const settings =
      'oauth_providers: { google: { client_id: preview, client_secret: "preview-secret" } }'
    const { exitCode, log } = await run('opened', { oauth: 'shared', settings, verify: 'false' })
    expect(exitCode, log).toBe(0)
    expect(providers()).toMatchObject({ google: 'preview' })
  }, 60_000)

  it.each([{}, { oauth: 'keep', oauth_preflight: 'false' }])(
    'stays the same by default, without extra requests: %j',
    async (inputs) => {
      const parent = services.neon.branch('production').id
      await run('opened', { ...inputs, verify: 'false' })
      expect(providers()).toMatchObject({ google: 'production-google' })
      const extraRequests = services.neon.requests.filter(
        ({ path }) => path.endsWith('/sign-in/social') || path.includes(`/${parent}/auth`),
      )
      expect(extraRequests).toEqual([])
    },
    60_000,
  )
})
