import { beforeEach, describe, expect, it } from 'vitest'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { BRANCH, PREVIEW, signIn, signUp, useStage } from './stage.ts'

const stage = useStage()
const { play } = stage
const RESTORING = { trusted_domains: PREVIEW, on_orphan_schema: 'restore' }
const HOUR_MS = 3_600_000

/** A preview an hour old with a user and settings of its own, closed by the action. */
const closedPreview = async (): Promise<void> => {
  const { neon } = stage
  await neon.deleteBranch(neon.branch(BRANCH).id)
  await neon.createBranch({ name: BRANCH, ageMs: HOUR_MS })
  const { baseUrl } = await neon.enableAuth(BRANCH, { domains: [PREVIEW, 'https://old.example'] })
  await neon.configure(BRANCH, {
    name: 'Shop',
    allow_localhost: false,
    social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: 'gh-secret-1' }],
    plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
  })
  expect(await signUp(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
  await play('closed', RESTORING)
  neon.clearRequests()
}

/** Fails unless the preview is as it was before the close. */
const expectRestored = async (): Promise<void> => {
  const { neon } = stage
  const { auth, baseUrl, trustedDomains, allowLocalhost } = neon.branch(BRANCH)
  expect({ auth, allowLocalhost }).toEqual({ auth: 'on', allowLocalhost: false })
  expect([...trustedDomains].sort()).toEqual(['https://old.example', PREVIEW])
  expect(await neon.userCount(BRANCH)).toBe(1)
  expect(await signIn(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
  expect(neon.settingsOf(BRANCH)).toMatchObject({
    name: 'Shop',
    social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: 'gh-secret-1' }],
    plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
  })
}

beforeEach(closedPreview)

describe('on_orphan_schema restore', () => {
  it('signs the old user in with the old password after the pull request is reopened', async () => {
    const { exitCode, outputs, annotations, log } = await play('reopened', RESTORING)
    expect(annotations.error).toEqual([])
    expect(annotations.warning).toEqual([expect.stringContaining('/callback/github is registered')])
    expect({ exitCode, action: outputs.action_taken }).toEqual({ exitCode: 0, action: 'enabled' })
    const plan: { change: string; sentence: string }[] = JSON.parse(outputs.plan ?? '')
    expect(plan[0]?.change).toBe('move_auth_data_aside')
    expect(plan.at(-1)?.sentence).toMatch(
      /^Restore 1 user from before the close \(\d rows in all\)\.$/,
    )
    expect(log.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/gh-secret-1|npg_/)
    await expectRestored()
    expect((await play('synchronize', RESTORING)).outputs.action_taken).toBe('unchanged')
  })
})

const statement = (text: string) => (request: LoggedRequest) =>
  request.plane === 'sql' && JSON.stringify(request.requestBody).includes(text)

/** Where a run is killed: when the request arrives, or when it has had its effect. */
const POINTS: readonly [what: string, when: 'before' | 'after', (one: LoggedRequest) => boolean][] =
  [
    ['before the schema is moved', 'before', statement('RENAME TO')],
    ['after the schema was moved', 'after', statement('RENAME TO')],
    [
      'after auth was enabled beside it',
      'after',
      ({ operationId, effect }) => operationId === 'createNeonAuth' && effect === 201,
    ],
    ['before the rows are copied', 'before', statement('INSERT INTO')],
    ['after the rows were copied', 'after', statement('INSERT INTO')],
  ]

describe('a restore that is killed', () => {
  it.each(POINTS)('%s is finished by the next run', async (_, when, isIt) => {
    const { neon } = stage
    const reached = when === 'before' ? neon.nextRequest(isIt) : neon.nextEffect(isIt)
    const running = stage.start('reopened', RESTORING)
    const first = await Promise.race([reached, running.finished])
    expect(first).toHaveProperty('plane')
    running.kill('SIGKILL')
    await running.finished
    const { annotations, exitCode } = await play('reopened', RESTORING)
    expect({ exitCode, error: annotations.error }).toEqual({ exitCode: 0, error: [] })
    await expectRestored()
  })
})

describe('a restore that is killed between two closes', () => {
  it('is finished when the pull request is reopened once more', async () => {
    const { neon } = stage
    const enabled = neon.nextEffect(
      ({ operationId, effect }) => operationId === 'createNeonAuth' && effect === 201,
    )
    const running = stage.start('reopened', RESTORING)
    await Promise.race([enabled, running.finished])
    running.kill('SIGKILL')
    await running.finished
    expect(await signUp(neon.branch(BRANCH).baseUrl, PREVIEW, 'eve@example.com')).toBe(403)
    expect(
      await signUp(neon.branch(BRANCH).baseUrl, 'http://localhost:3000', 'bob@example.com'),
    ).toBe(200)
    await play('closed', RESTORING)
    expect((await play('reopened', RESTORING)).annotations.error).toEqual([])
    const { baseUrl } = neon.branch(BRANCH)
    expect(await signIn(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
    expect(await signIn(baseUrl, PREVIEW, 'bob@example.com')).toBe(200)
  })
})

describe('a restore that Neon refuses', () => {
  it('moves the schema back, fails with instructions, and loses nothing', async () => {
    const { neon } = stage
    const isEnabling = { operationId: 'createNeonAuth' }
    neon.faults.add({
      match: isEnabling,
      skip: 1,
      times: 9,
      fault: { kind: 'status', status: 402 },
    })
    const { exitCode, annotations, outputs } = await play('reopened', RESTORING)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/402/)
    expect(outputs.plan).toMatch(/move_auth_data_aside[\s\S]*move_auth_data_back/)
    expect(neon.branch(BRANCH).auth).toBe('off')
    expect(await neon.userCount(BRANCH)).toBe(1)
    neon.faults.clear()
    expect((await play('reopened', RESTORING)).exitCode).toBe(0)
    await expectRestored()
  })
})
