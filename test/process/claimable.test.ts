import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasConsent } from '../live/consent.ts'
import { type LocalClaimable, startLocalClaimable } from '../live/local-claimable.ts'
import type { LiveReport } from '../live/report.ts'
import type { Behavior } from '../local-neon/behavior.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'

vi.setConfig({ testTimeout: 120_000 })

const script = resolve(import.meta.dirname, '../../scripts/live.ts')
let folder: string
let neon: LocalNeon
let claimable: LocalClaimable

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimable-'))
  neon = await startLocalNeon({ startsAuthEarly: true })
  claimable = await startLocalClaimable(neon)
})

afterEach(async () => {
  await claimable.close()
  await neon.close()
  rmSync(folder, { recursive: true })
})

const start = (options: readonly string[], env: Record<string, string> = {}) =>
  spawn(process.execPath, [script, '--claimable', '--report', join(folder, 'report'), ...options], {
    env: { PATH: process.env['PATH'], CLAIMABLE_NEON_ORIGIN: claimable.origin, ...env },
    stdio: 'ignore',
  })

const reportText = (): string => readFileSync(join(folder, 'report.json'), 'utf8')
const readReport = (): LiveReport => JSON.parse(reportText()) as LiveReport

const differingAnswers = ({ answers }: LiveReport): Record<string, string | undefined> =>
  Object.fromEntries(
    answers
      .filter(({ verdict }) => verdict.startsWith('differs'))
      .map(({ question, seen }) => [question, seen]),
  )

describe('npm run live -- --claimable', () => {
  it.each<Partial<Behavior>>([
    {},
    { jwksPlace: 'root', enableAgain: 'bare', okPath: 'not-found' },
    { signOutCheck: 'unchecked', engine: '1.4.18', enableAgain: 'says-schema' },
  ])('reports exactly the behavior %o, and deletes its only project', async (behavior) => {
    neon.setBehavior(behavior)
    const [code] = await once(start(['--yes']), 'exit')
    expect(differingAnswers(readReport())).toEqual(behavior)
    expect(readReport()).toMatchObject({ failures: [], leftBehind: [], lifecycle: [] })
    expect(claimable.projects).toEqual({ created: 1, left: 0 })
    expect(code).toBe(0)
    const hosts = [claimable.origin, neon.origin].map((origin) => new URL(origin).host)
    for (const secret of [...hosts, 'claimable-token', 'assertion', neon.apiKey]) {
      expect(reportText()).not.toContain(secret)
    }
  })

  it.each([
    ['without a terminal', {}],
    ['in CI', { CI: 'true' }],
  ])('creates nothing %s unless --yes is passed', async (_, env) => {
    const [code] = await once(start([], env), 'exit')
    expect(code).toBe(2)
    expect(claimable.requests).toEqual([])
  })

  it('creates nothing with --plan, even with --yes', async () => {
    const [code] = await once(start(['--plan', '--yes']), 'exit')
    expect(code).toBe(0)
    expect(claimable.requests).toEqual([])
  })

  it('deletes the project if the examination is interrupted', async () => {
    const arrived = neon.nextRequest(({ path }) => path.endsWith('/sign-out'))
    const child = start(['--yes'])
    await arrived
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(code).toBe(1)
    expect(claimable.projects).toEqual({ created: 1, left: 0 })
  })

  it.each([2, 3, 4])('deletes the project if it is interrupted at request %i', async (index) => {
    claimable.hangAt(index)
    const child = start(['--yes'])
    await claimable.hung
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(claimable.projects).toEqual({ created: 1, left: 0 })
  })

  it('reports what it left behind if the project cannot be deleted', async () => {
    claimable.refuseDeletions(10)
    const [code] = await once(start(['--yes']), 'exit')
    expect(code).toBe(1)
    expect(readReport().leftBehind.join()).toContain('2026-12-01')
    expect(claimable.requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(3)
  })
})

describe('the question before a project is created', () => {
  const terminal = (answer: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true })
    input.end(answer)
    const { signal } = new AbortController()
    return { input, output: new PassThrough(), signal, isAgreed: false, isCi: false }
  }

  it.each([
    ['yes\n', true],
    ['YES \n', true],
    ['y\n', false],
    ['\n', false],
    ['', false],
  ])('takes %j as consent: %s', async (answer, expected) => {
    expect(await hasConsent('Create it?', terminal(answer))).toBe(expected)
  })

  it('is not asked in CI, even with a terminal', async () => {
    const options = { ...terminal('yes\n'), isCi: true }
    expect(await hasConsent('Create it?', options)).toBe(false)
    expect(options.output.read()).toBeNull()
  })

  it('is not asked if it was answered on the command line', async () => {
    const options = { ...terminal(''), isAgreed: true }
    expect(await hasConsent('Create it?', options)).toBe(true)
    expect(options.output.read()).toBeNull()
  })
})
