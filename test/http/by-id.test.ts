import { describe, expect, it } from 'vitest'
import { githubWorld, TOKEN } from './github-world.ts'
import {
  act,
  branch,
  branchReads,
  CLOSED,
  created,
  error,
  integration,
  listing,
  neon,
  OPENED,
  readsOff,
  readsOn,
  requests,
  useNock,
  writes,
} from './harness.ts'

useNock()

const ID = 'br-cool-sun-1234'
const BY_ID = { branch: ID }

// Every mock answers once, so a second read of the same state fails these tests.
describe('a branch that is known by its ID', () => {
  it('is read while it is looked up, and the state counts', async () => {
    neon('get', '/branches', listing(branch()))
    readsOff()
    neon('post', '/auth', [201, created()])
    readsOn()
    const { report } = await act(OPENED, BY_ID)
    expect(report?.action).toBe('enabled')
    expect(requests.findIndex((one) => one.startsWith('POST /auth'))).toBe(5)
  })

  it.each([{ default: true }, { protected: true }])(
    'protect production: is not changed if it is %j',
    async (guard) => {
      neon('get', '/branches', listing(branch(guard)))
      readsOff()
      const { failure } = await act(OPENED, BY_ID)
      expect(failure).toMatch(/allow_protected/)
      expect(writes()).toEqual([])
    },
  )

  it('resolve the branch before trusting a 404: is not "off" if it does not exist', async () => {
    neon('get', '/branches', listing())
    readsOff()
    neon('get', '/branches', listing())
    const { failure } = await act(OPENED, BY_ID)
    expect(failure).toContain('has no branch for this run')
    expect(writes()).toEqual([])
  })

  it('is read again if the ID turns out to be the name of another branch', async () => {
    const other = 'br-other-moon-9999'
    neon('get', '/branches', listing(branch({ id: other, name: ID })))
    readsOff()
    for (const path of ['', '/domains', '/plugins', '/webhooks'])
      neon('get', `/api/v2/projects/p1/branches/${other}/auth${path}`, [404, error('off')])
    const { report } = await act(OPENED, { ...BY_ID, dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', branch: { id: other } })
  })

  it('converge: is read again if the run had to wait while it looked the branch up', async () => {
    neon('get', '/branches', [503, error('busy')], listing(branch()))
    readsOff()
    // Another run enables auth during the wait.
    readsOn()
    const { report } = await act(OPENED, { ...BY_ID, dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [] })
  })

  it('is closed in two rounds, of which the first reads everything', async () => {
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200, {}])
    const { report } = await act(CLOSED, BY_ID)
    expect(report?.action).toBe('disabled')
    expect(branchReads.size).toBe(0)
  })

  it('check again right before you remove: a repeat needs new grounds', async () => {
    const world = githubWorld({ 2: { state: 'open' } })
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [423, error('locked')])
    const { report } = await act(CLOSED, { ...BY_ID, ...TOKEN })
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(branchReads.get(ID)).toBe(1)
    expect(world.requests).toEqual(['GET /pulls/2'])
  })
})
