import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type LiveProject, runLiveKill, startLiveProject } from '../campaign/live-kill.ts'
import { startStepHere } from '../in-process.ts'
import { deleteLeftovers, examine, productionSigns } from '../live/examine.ts'
import { isSound, type LiveReport, markdownOf } from '../live/report.ts'
import { publishable } from '../live/service.ts'
import type { Behavior } from '../local-neon/behavior.ts'
import { realClock } from '../local-neon/clock.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'

const script = resolve(import.meta.dirname, '../../scripts/live.ts')
let folder: string
let neon: LocalNeon

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-'))
  neon = await startLocalNeon({ startsAuthEarly: true })
})

afterEach(async () => {
  await neon.close()
  rmSync(folder, { recursive: true })
})

const start = (...options: string[]) =>
  spawn(process.execPath, [script, '--report', join(folder, 'report'), ...options], {
    env: {
      PATH: process.env['PATH'],
      NEON_API_KEY: neon.apiKey,
      NEON_PROJECT_ID: neon.projectId,
      NEON_API_HOST: neon.apiHost,
    },
    stdio: 'ignore',
  })

const liveOptions = () => ({
  apiHost: neon.apiHost,
  apiKey: neon.apiKey,
  projectId: neon.projectId,
  clock: realClock,
  signal: AbortSignal.timeout(60_000),
})

test('the examination reports exactly the changed behavior, and leaves nothing behind', async () => {
  const behavior: Partial<Behavior> = { jwksPlace: 'root', childKeys: 'own', enableAgain: 'bare' }
  neon.setBehavior(behavior)
  // The parts that show this behavior. `test/local-neon/behavior.test.ts` runs every part.
  const [code] = await once(start('--only', 'enabling', '--only', 'children'), 'exit')
  const text = readFileSync(join(folder, 'report.json'), 'utf8')
  const report = JSON.parse(text) as LiveReport
  const differing = report.answers.filter(({ verdict }) => verdict.startsWith('differs'))
  expect(Object.fromEntries(differing.map(({ question, seen }) => [question, seen]))).toEqual(
    behavior,
  )
  expect(report.answers.flatMap(({ reason }) => reason ?? [])).toEqual([])
  expect(isSound(report)).toBe(true)
  expect(code).toBe(0)
  expect(report.leftBehind).toEqual([])
  expect(await deleteLeftovers(liveOptions())).toBe(0)
  for (const secret of [neon.apiKey, 'live-secret', new URL(neon.origin).host, 'npg_']) {
    expect(text).not.toContain(secret)
  }
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe(markdownOf(report))
}, 120_000)

test('the examination runs the lifecycle of a preview, and leaves nothing behind', async () => {
  // In this process, which shortens waits: a run waits up to a minute for auth that a young branch may inherit.
  const report = await examine({ ...liveOptions(), start: startStepHere }, () => {}, ['lifecycle'])
  expect(report.lifecycle.flatMap(({ problems }) => problems)).toEqual([])
  expect(isSound(report)).toBe(true)
  // The steps for the two questions about `on_orphan_schema: restore` that only the live service can answer.
  const restoreSteps = report.lifecycle.filter(({ step }) =>
    /role rename|accept the rows/.test(step),
  )
  expect(restoreSteps).toHaveLength(2)
  expect(report.leftBehind).toEqual([])
  expect(await deleteLeftovers(liveOptions())).toBe(0)
}, 120_000)

// `npm run kills:live` kills every part at every request.
const MOMENTS = [
  ['createProjectBranch', 1, 'after', 'SIGINT'],
  ['createProjectBranch', 1, 'after', 'SIGKILL'],
  ['createNeonAuth', 1, 'before', 'SIGINT'],
  ['createNeonAuth', 1, 'before', 'SIGKILL'],
  ['createProjectBranch', 2, 'after', 'SIGINT'],
  ['createProjectBranch', 2, 'after', 'SIGKILL'],
  // With SIGINT, the examination would wait 30 s for the response to this request.
  ['deleteProjectBranch', 1, 'after', 'SIGKILL'],
] as const

describe('a stopped examination leaves nothing behind permanently and changes no other branch', () => {
  let project: LiveProject
  beforeAll(async () => {
    project = await startLiveProject()
  })
  afterAll(() => project.close())

  test.each(MOMENTS)(
    'at %s no. %i, %s its effect, by %s',
    async (operationId, nth, when, signal) => {
      const kill = { part: 'schema-only', operationId, nth, when, signal }
      expect(await runLiveKill(project, kill)).toEqual([])
    },
    180_000,
  )
})

test('the examination refuses a project that looks like production', async () => {
  await neon.enableAuth('main')
  expect(await productionSigns(liveOptions())).toEqual(['auth is on for its default branch'])
  const [code] = await once(start(), 'exit')
  expect(code).toBe(2)
  expect(neon.writes()).toEqual([])
})

test('`--only` rejects an unknown part', async () => {
  const [code] = await once(start('--only', 'everything'), 'exit')
  expect(code).toBe(2)
  expect(neon.requests).toEqual([])
})

test('`--plan` sends no request', async () => {
  const [code] = await once(start('--plan'), 'exit')
  expect(code).toBe(0)
  expect(neon.requests).toEqual([])
})

test('what the report publishes contains no secret, and only hosts of examples', () => {
  const published = publishable({
    base_url: 'https://ep-cool-1.neonauth.eu.aws.neon.tech/neondb/auth',
    domain: 'https://live.example',
    host: 'ep-cool-1.eu.aws.neon.tech',
    password: 'hunter2',
    message: 'branch br-cool-2 of https://shop.com/x is locked',
  })
  expect(published).toEqual({
    base_url: 'https://<host>/neondb/auth',
    domain: 'https://live.example',
    host: '<not shown>',
    password: '<7 characters>',
    message: 'branch <br> of https://<host>/x is locked',
  })
})
