import { styleText } from 'node:util'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { type LocalGitHub, startLocalGitHub } from '../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import type { StepResult } from '../test/runner.ts'
import { readable } from './readable.ts'
import { secondsSince } from './script.ts'
import { check, heading, markLines, runAndPrint, say } from './terminal.ts'

// Shows the lifecycle of a pull request. Each run is a process of the built bundle with GitHub's real payloads,
// against Local Neon. Nothing here reaches the network.

const PREVIEW = 'https://pr-7.shop.example'
const STRANGER = 'https://evil.example'
const BRANCH = 'preview/pr-7-new-checkout'

interface Services {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
}

const signUp = async (baseUrl: string, origin: string, email: string): Promise<Response> =>
  fetch(`${baseUrl}/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify({ email, password: 'correct horse battery', name: email }),
  })

/** Returns the email address in the JWT of a session, after verifying it. */
const verifiedEmail = async (
  baseUrl: string,
  jwksUrl: string,
  session: Response,
): Promise<string> => {
  const cookie = session.headers
    .getSetCookie()
    .map((header) => header.split(';')[0])
    .join('; ')
  const response = await fetch(`${baseUrl}/token`, { headers: { cookie, origin: PREVIEW } })
  const { token } = (await response.json()) as { token: string }
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUrl)))
  return String(payload['email'] ?? payload.sub)
}

const urlsOf = ({ outputs }: StepResult) => ({
  baseUrl: outputs.base_url ?? '',
  jwksUrl: outputs.jwks_url ?? '',
})

/** Signs up from an origin and prints the result. */
const trySignUp = async (
  baseUrl: string,
  [name, origin]: readonly [string, string],
  expected: number,
): Promise<Response> => {
  const response = await signUp(baseUrl, origin, `${name.toLowerCase()}@example.com`)
  const { code = '' } = response.ok ? {} : ((await response.json()) as { code?: string })
  check(
    response.status === expected,
    `${name} signs up from ${origin}: ${`${response.status} ${code}`.trim()}`,
  )
  return response
}

const showSummary = ({ summary }: StepResult): void =>
  say(`\n  ${styleText('bold', 'The job summary')}\n${markLines(readable(summary), '┃')}`)

const problem = async ({ neon }: Services): Promise<void> => {
  heading(1, 'The problem, without this action: nobody can sign in to the preview')
  await neon.createBranch({ name: BRANCH })
  say(`  Pull request 7 has a preview at ${PREVIEW} and its own Neon branch,`)
  say(`  ${BRANCH}. The branch inherited auth from main, which trusts production only.\n`)
  await trySignUp(neon.branch(BRANCH).baseUrl ?? '', ['Ada', PREVIEW], 403)
}

const opened = async (services: Services): Promise<void> => {
  heading(2, 'The pull request opens: the deploy needs the auth URL')
  const finished = await runAndPrint(services, 'opened')
  const { baseUrl, jwksUrl } = urlsOf(finished)
  say(`\n  ${styleText('bold', 'Outputs for the deploy step')}`)
  check(baseUrl !== '', `base_url = ${baseUrl}`)
  check(jwksUrl !== '', `jwks_url = ${jwksUrl}`)
  check(
    finished.outputs.action_taken === 'unchanged',
    `action_taken = ${finished.outputs.action_taken}: the branch inherited auth from main`,
  )
}

const deployed = async (services: Services): Promise<void> => {
  heading(3, `The preview is deployed to ${PREVIEW}: the same action runs again`)
  const finished = await runAndPrint(services, 'opened', { trusted_domains: PREVIEW })
  const { baseUrl, jwksUrl } = urlsOf(finished)
  say()
  const welcome = await trySignUp(baseUrl, ['Ada', PREVIEW], 200)
  await trySignUp(baseUrl, ['Eve', STRANGER], 403)
  const email = await verifiedEmail(baseUrl, jwksUrl, welcome)
  check(email === 'ada@example.com', `Ada's JWT is valid against jwks_url: ${email}`)
  showSummary(finished)
}

const pushed = async (services: Services): Promise<void> => {
  heading(4, 'Somebody pushes: the workflow runs again')
  const finished = await runAndPrint(services, 'synchronize', { trusted_domains: PREVIEW })
  const { requests } = services.neon
  const apiRequests = requests.filter(({ plane }) => plane === 'control').length
  say()
  check(finished.outputs.changed === 'false', `changed = ${finished.outputs.changed}`)
  check(
    services.neon.writes().length === 0,
    `${apiRequests} requests to the Neon API, ${services.neon.writes().length} of them writes`,
  )
}

const closed = async (services: Services): Promise<void> => {
  heading(5, 'The pull request is closed')
  const { baseUrl } = services.neon.branch(BRANCH)
  const finished = await runAndPrint(services, 'closed')
  say()
  check(
    finished.outputs.action_taken === 'disabled',
    `action_taken = ${finished.outputs.action_taken}`,
  )
  const late = await signUp(baseUrl ?? '', PREVIEW, 'late@example.com')
  check(late.status >= 400, `Signing up at the old URL: ${late.status}`)
  const isKept = await services.neon.hasAuthSchema(BRANCH)
  check(isKept, 'the users are still in the branch, in the schema neon_auth')
}

const reopened = async (services: Services): Promise<void> => {
  heading(6, 'The pull request is reopened: Neon does not enable auth over leftover data')
  const failed = await runAndPrint(services, 'reopened', { trusted_domains: PREVIEW })
  say()
  check(failed.exitCode === 1, 'the step fails and explains how to fix it; no data was lost')
  say("\n  The team decides to delete the preview's users:\n")
  const finished = await runAndPrint(services, 'reopened', {
    trusted_domains: PREVIEW,
    on_orphan_schema: 'recreate',
  })
  say()
  await trySignUp(finished.outputs.base_url ?? '', ['Ada', PREVIEW], 200)
}

const closedForGood = async (services: Services): Promise<void> => {
  heading(7, 'The pull request is closed for good, and its data is deleted')
  const finished = await runAndPrint(services, 'closed', { delete_data: 'true' })
  say()
  check(
    finished.outputs.action_taken === 'disabled',
    `action_taken = ${finished.outputs.action_taken}`,
  )
  const isKept = await services.neon.hasAuthSchema(BRANCH)
  check(!isKept, 'the schema neon_auth is gone from the branch')
  const { auth } = services.neon.branch('main')
  check(
    auth === 'on' && (await services.neon.userCount('main')) === 2,
    'production is unchanged: auth on, 2 users',
  )
}

const started = performance.now()

const printSummary = (): void => {
  heading(8, 'Summary')
  say(
    '  Without the action, sign-up from the preview failed with 403 INVALID_ORIGIN. With it, sign-up',
  )
  say(
    '  succeeded, and a stranger still got 403. A second run changed nothing. Closing disabled auth on',
  )
  say('  the preview and did not touch production.\n')
  say(
    process.exitCode
      ? '  Some checks failed. Look for ✘ above.'
      : `  All checks passed in ${secondsSince(started)} seconds. Next: copy the workflow from README.md to your repository.`,
  )
}

say(
  'Starting Local Neon, a stand-in for Neon on this machine: real Better Auth on Postgres (PGlite),',
)
say("and an API that is checked against Neon's OpenAPI description.")
const services: Services = { neon: await startLocalNeon(), github: await startLocalGitHub() }
const production = await services.neon.enableAuth('main', { domains: ['https://shop.example'] })
for (const name of ['grace', 'alan']) {
  await signUp(production.baseUrl, 'https://shop.example', `${name}@example.com`)
}
say(
  `Production (branch main) has Neon Auth, trusts https://shop.example, and has ${await services.neon.userCount('main')} users.`,
)
try {
  for (const part of [problem, opened, deployed, pushed, closed, reopened, closedForGood])
    await part(services)
  printSummary()
} finally {
  await Promise.all([services.neon.close(), services.github.close()])
}
