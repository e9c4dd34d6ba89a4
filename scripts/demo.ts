import { styleText } from 'node:util'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { type LocalGitHub, startLocalGitHub } from '../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import type { Finished } from '../test/runner.ts'
import { act, check, faint, indent, playStep, say } from './story.ts'

// The life of a pull request, played through the built bundle in processes of its own, with
// GitHub's real payloads, against Local Neon: nothing here reaches the network.

const PREVIEW = 'https://pr-7.shop.example'
const STRANGER = 'https://evil.example'
/** The summary's Markdown as a terminal shows it: entities and tags resolved, no empty lines. */
const readable = (markdown: string): string =>
  markdown
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\|( \|)+$|^\|(---\|)+$/.test(line))
    .join('\n')
    .replace(/<br>/g, ', ')
    .replace(/<\/?code>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))

interface World {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
}

const signUp = async (baseUrl: string, origin: string, email: string): Promise<Response> =>
  fetch(`${baseUrl}/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify({ email, password: 'correct horse battery', name: email }),
  })

const verifiedSubject = async (
  baseUrl: string,
  jwksUrl: string,
  session: Response,
): Promise<string> => {
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const answer = await fetch(`${baseUrl}/token`, { headers: { cookie, origin: PREVIEW } })
  const { token } = (await answer.json()) as { token: string }
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUrl)))
  return String(payload['email'] ?? payload.sub)
}

const urlsOf = ({ outputs }: Finished) => ({
  baseUrl: outputs.base_url ?? '',
  jwksUrl: outputs.jwks_url ?? '',
})

const opened = async (world: World): Promise<void> => {
  act(1, 'The pull request opens: the deploy needs the auth URL')
  await world.neon.createBranch({ name: 'preview/pr-7-new-checkout' })
  say(`  Another step has just made the Neon branch preview/pr-7-new-checkout from main.\n`)
  const finished = await playStep(world, 'opened')
  const { baseUrl, jwksUrl } = urlsOf(finished)
  say(`\n  ${styleText('bold', 'Outputs for the deploy step')}`)
  check(baseUrl !== '', `base_url = ${baseUrl}`)
  check(jwksUrl !== '', `jwks_url = ${jwksUrl}`)
  check(
    finished.outputs.action_taken === 'unchanged',
    `action_taken = ${finished.outputs.action_taken}: the branch inherited auth from main`,
  )
  say(`\n  ${styleText('bold', 'The job summary')}\n${indent(readable(finished.summary), '┃')}`)
}

const deployed = async (world: World): Promise<void> => {
  act(2, `It is deployed to ${PREVIEW}: the same action once more`)
  const finished = await playStep(world, 'opened', { trusted_domains: PREVIEW })
  const { baseUrl, jwksUrl } = urlsOf(finished)
  const welcome = await signUp(baseUrl, PREVIEW, 'ada@example.com')
  const refused = await signUp(baseUrl, STRANGER, 'eve@example.com')
  say()
  check(welcome.status === 200, `Ada signs up from ${PREVIEW}: ${welcome.status}`)
  check(
    refused.status === 403,
    `Eve, from ${STRANGER}: ${refused.status} ${(await refused.text()).slice(0, 80)}`,
  )
  const subject = await verifiedSubject(baseUrl, jwksUrl, welcome)
  check(subject === 'ada@example.com', `Ada's JWT checks out against jwks_url: ${subject}`)
  say(`\n  ${styleText('bold', 'The job summary')}\n${indent(readable(finished.summary), '┃')}`)
}

const pushed = async (world: World): Promise<void> => {
  act(3, 'Somebody pushes: the workflow runs again')
  const finished = await playStep(world, 'synchronize', { trusted_domains: PREVIEW })
  const { requests } = world.neon
  const control = requests.filter(({ plane }) => plane === 'control').length
  say()
  check(finished.outputs.changed === 'false', `changed = ${finished.outputs.changed}`)
  check(
    world.neon.writes().length === 0,
    `${control} requests to the Neon API, ${world.neon.writes().length} of them writes`,
  )
}

const closed = async (world: World): Promise<void> => {
  act(4, 'The pull request is closed')
  const { baseUrl } = world.neon.branch('preview/pr-7-new-checkout')
  const finished = await playStep(world, 'closed')
  say()
  check(
    finished.outputs.action_taken === 'disabled',
    `action_taken = ${finished.outputs.action_taken}`,
  )
  const late = await signUp(baseUrl ?? '', PREVIEW, 'late@example.com')
  check(late.status >= 400, `Signing up at the old URL: ${late.status}`)
  const kept = await world.neon.hasAuthSchema('preview/pr-7-new-checkout')
  check(kept, 'the users are still in the branch, in the schema neon_auth')
}

const reopened = async (world: World): Promise<void> => {
  act(5, 'It is reopened: Neon does not enable auth over what was left')
  const failed = await playStep(world, 'reopened', { trusted_domains: PREVIEW })
  say()
  check(failed.exitCode === 1, 'the step fails, says why, and lists the cures; nothing was lost')
  say("\n  The team decides that a preview's users may go:\n")
  const finished = await playStep(world, 'reopened', {
    trusted_domains: PREVIEW,
    on_orphan_schema: 'recreate',
  })
  const again = await signUp(finished.outputs.base_url ?? '', PREVIEW, 'ada@example.com')
  say()
  check(again.status === 200, `Ada signs up anew from ${PREVIEW}: ${again.status}`)
}

const closedForGood = async (world: World): Promise<void> => {
  act(6, 'It is closed for good, with its data')
  const finished = await playStep(world, 'closed', { delete_data: 'true' })
  say()
  check(
    finished.outputs.action_taken === 'disabled',
    `action_taken = ${finished.outputs.action_taken}`,
  )
  const left = await world.neon.hasAuthSchema('preview/pr-7-new-checkout')
  check(!left, 'the schema neon_auth is gone from the branch')
  const { auth } = world.neon.branch('main')
  check(
    auth === 'on' && (await world.neon.userCount('main')) === 2,
    'production never noticed: auth on, 2 users',
  )
}

const started = performance.now()
say(
  "Starting Local Neon: its API checked against Neon's OpenAPI description, real Better Auth on Postgres (PGlite)",
)
const world: World = { neon: await startLocalNeon(), github: await startLocalGitHub() }
const production = await world.neon.enableAuth('main', { domains: ['https://shop.example'] })
for (const name of ['grace', 'alan']) {
  await signUp(production.baseUrl, 'https://shop.example', `${name}@example.com`)
}
say(
  `Production (branch main) has Neon Auth, trusts https://shop.example and has ${await world.neon.userCount('main')} users.`,
)
try {
  for (const play of [opened, deployed, pushed, closed, reopened, closedForGood]) await play(world)
  say(`\n${faint(`The end, after ${((performance.now() - started) / 1000).toFixed(0)} seconds.`)}`)
} finally {
  await Promise.all([world.neon.close(), world.github.close()])
}
