import { describe, expect, it } from 'vitest'
import type { NeonClient } from '../../src/neon/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { Http } from '../../src/network/http.ts'
import type { HttpResponse, SendChecked } from '../../src/network/messages.ts'
import { findCreatedUsers } from '../../src/session/find-created-users.ts'
import { BRANCH, SILENT_LOG } from '../fakes.ts'
import { useFakeClock } from './fake-clock.ts'

const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: {},
  text: JSON.stringify(body),
})
const users = (...ids: string[]): HttpResponse =>
  json(200, {
    fields: [{ name: 'id', dataTypeID: 25 }],
    rows: ids.map((id) => [id]),
    command: 'SELECT',
    rowCount: ids.length,
  })
/** Neon's proxy is busy. Only Postgres's own errors have a code. */
const BUSY = json(400, { message: 'too many connections' })

const clock = useFakeClock()

/** Searches a database that gives these answers in order, and then repeats the last one. */
const search = (
  answers: (HttpResponse | Error)[],
  {
    seconds = 1_000,
    auth = { auth_provider: 'better_auth', db_name: 'neondb' } as object | null,
  } = {},
) => {
  const sent: { body: string; maxAttemptMs: number | undefined }[] = []
  const neon = {
    getAuth: async () => auth ?? undefined,
    listDatabases: async () => ['neondb', 'other'].map((name) => ({ name, owner: 'o' })),
    getConnectionUri: async (_: string, { name }: { name: string }) =>
      `postgresql://owner:password1@db.localhost:8080/${name}`,
  } as unknown as NeonClient
  const once: SendChecked = async ({ body = '', maxAttemptMs }) => {
    sent.push({ body, maxAttemptMs })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (!answer || answer instanceof Error) throw answer
    return answer
  }
  const http: Http = { firstSent: Promise.resolve(), once, retrying: once }
  const deadline = clock.deadlineIn(seconds)
  const found = findCreatedUsers(2, { neon, branch: BRANCH, http, deadline, log: SILENT_LOG })
  return { found, sent }
}

describe('the search for the users of e2e_session', () => {
  it("queries only auth's database, for the addresses of this pull request", async () => {
    const { found, sent } = search([users('u1', 'u2')])
    expect(await found).toEqual(['u1', 'u2'])
    expect(sent).toEqual([
      { body: expect.stringContaining("LIKE 'neon-auth-e2e-pr2-%@"), maxAttemptMs: 10_000 },
    ])
  })

  it('queries no database if auth is off', async () => {
    const { found, sent } = search([users('u1')], { auth: null })
    expect(await found).toEqual([])
    expect(sent).toEqual([])
  })

  it.each([
    ['400 without a code', BUSY],
    ['503', json(503, { message: 'not now' })],
  ])('retries while the database is busy: %s', async (_, busy) => {
    const { found, sent } = search([busy, busy, users('u1')])
    expect(await found).toEqual(['u1'])
    expect(sent).toHaveLength(3)
  })

  it.each([
    [1_000, 20_000, 30_000],
    [60, 8_000, 18_000],
  ])(
    'one deadline covers everything: with %i s left, gives up after %i to %i ms',
    async (seconds, min, max) => {
      const { found } = search([BUSY], { seconds })
      await expect(found).rejects.toThrow(
        /^Could not look for the test users on branch preview\/pr-2[\s\S]*too many connections[\s\S]*Likely cause: [\s\S]*Fix: delete the users/,
      )
      expect(clock.now()).toBeGreaterThanOrEqual(min)
      expect(clock.now()).toBeLessThanOrEqual(max)
    },
  )

  it.each<[string, HttpResponse | Error, RegExp]>([
    [
      'Postgres refuses',
      json(400, { message: 'permission denied', code: '42501' }),
      /permission denied/,
    ],
    ['there is a bug', new TypeError('a bug'), /a bug/],
    [
      'only a change of the setup can fix the connection',
      new LostResponseError({ method: 'POST', path: '/sql' }, 'Proxy response (403)', undefined, {
        why: 'a proxy',
        fix: 'NO_PROXY',
        isPermanent: true,
      }),
      /Proxy response/,
    ],
  ])('gives up at once if %s', async (_, answer, message) => {
    const { found, sent } = search([answer])
    await expect(found).rejects.toThrow(message)
    expect(sent).toHaveLength(1)
  })
})
