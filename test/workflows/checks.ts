import assert from 'node:assert/strict'
import { BRANCH, signUp } from '../preview.ts'
import type { Services } from './services.ts'

/** Signs a new user up from an origin. Returns the status. */
const signUpFrom = (baseUrl: string, origin: string): Promise<number> =>
  signUp(baseUrl, origin, `${crypto.randomUUID()}@example.com`)

/** Throws unless users can sign up from each origin, and a stranger's origin is refused. */
export const assertSignUp = async (
  { neon }: Services,
  origins: readonly string[],
  branch = BRANCH,
): Promise<void> => {
  const { auth, baseUrl = '', trustedDomains } = neon.branch(branch)
  assert.equal(auth, 'on', `the state of auth on ${branch}`)
  for (const origin of origins) {
    assert.ok(
      trustedDomains.includes(origin),
      `${branch} should trust ${origin}: ${trustedDomains}`,
    )
    assert.equal(await signUpFrom(baseUrl, origin), 200, `sign-up on ${origin}`)
  }
  assert.equal(
    await signUpFrom(baseUrl, 'https://stranger.example.net'),
    403,
    'sign-up by a stranger',
  )
}

/** Throws unless auth is off, and its data is deleted or kept. */
export const assertOff = async (
  { neon }: Services,
  data: 'deleted' | 'kept' = 'deleted',
  branch = BRANCH,
): Promise<void> => {
  assert.equal(neon.branch(branch).auth, 'off', `the state of auth on ${branch}`)
  assert.equal(await neon.hasAuthSchema(branch), data === 'kept', `the auth data on ${branch}`)
}

/** Throws if a run wrote anything to Neon since the requests were last cleared. */
export const assertNoWrites = ({ neon }: Services): void => {
  const writes = neon.writes().map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(writes, [], 'writes to Neon')
}

/** Throws unless the newest deployment is the preview `name` and got the auth URL of the branch. */
export const assertDeployed = ({ neon, target }: Services, name: string): void => {
  const deployed = target.deployments.at(-1)
  const { baseUrl } = neon.branch(BRANCH)
  assert.equal(deployed?.name, name, 'the name of the newest preview')
  const url = deployed?.env?.['NEON_AUTH_BASE_URL'] ?? deployed?.files?.['auth-url.txt']
  assert.equal(url, baseUrl, 'the auth URL that the deploy got')
  if (!deployed?.env) return
  assert.match(deployed.env['NEON_AUTH_JWKS_URL'] ?? '', /^http:.*jwks/, 'the JWKS URL')
  assert.match(deployed.env['DATABASE_URL'] ?? '', /^postgresql:/, 'the database URL')
}
