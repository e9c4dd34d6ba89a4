import { describe, expect, it } from 'vitest'
import type { FaultRule } from '../local-neon/faults.ts'
import { BRANCH, PREVIEW, useStage } from './stage.ts'

const stage = useStage()
const { play } = stage

const OPERATIONS = [
  'listProjectBranches',
  'getNeonAuth',
  'createNeonAuth',
  'listBranchNeonAuthTrustedDomains',
  'addBranchNeonAuthTrustedDomain',
]
const FAULTS: FaultRule['fault'][] = [
  'reset-before',
  'reset-after',
  'cut-body',
  { kind: 'status', status: 423 },
  { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' },
  { kind: 'status', status: 503 },
]
const named = (fault: FaultRule['fault']): string =>
  typeof fault === 'string' ? fault : 'status' in fault ? String(fault.status) : fault.kind

describe('rule 4: a fault in any request of a fresh open is survived', () => {
  const cases = OPERATIONS.flatMap((operationId) =>
    FAULTS.map((fault) => [operationId, fault] as const),
  )
  it.each(cases.map(([operationId, fault]) => [operationId, named(fault), fault] as const))(
    '%s: %s',
    async (operationId, _, fault) => {
      const { neon } = stage
      neon.faults.add({ match: { operationId }, fault })
      const { exitCode, outputs, log } = await play('opened', { trusted_domains: PREVIEW })
      expect(exitCode, log).toBe(0)
      expect(outputs).toMatchObject({
        action_taken: 'enabled',
        base_url: neon.branch(BRANCH).baseUrl,
      })
      expect(neon.branch(BRANCH).trustedDomains).toEqual([PREVIEW])
    },
  )

  it.each(['hang', 'hang-after'] as const)(
    'a POST that never answers (%s) is reconciled in time',
    async (fault) => {
      const { neon } = stage
      neon.faults.add({ match: { operationId: 'createNeonAuth' }, fault })
      const { exitCode, outputs, log } = await play('opened', { timeout: '10' })
      expect(exitCode, log).toBe(0)
      expect(outputs.action_taken).toBe('enabled')
      expect(log).toContain('no answer within')
    },
  )

  it('a hang that lasts ends at the deadline, by name', async () => {
    stage.neon.faults.add({
      match: { operationId: 'listProjectBranches' },
      times: 99,
      fault: 'hang',
    })
    const { exitCode, annotations } = await play('opened', { timeout: '2' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/2 seconds[\s\S]*GET \/projects\/[\s\S]*`timeout`/)
  })
})

describe('rule 4: a fault in a close is survived, and nothing is lost that was not asked for', () => {
  it.each(FAULTS.map((fault) => [named(fault), fault] as const))('DELETE: %s', async (_, fault) => {
    const { neon } = stage
    await neon.enableAuth(BRANCH)
    neon.faults.add({ match: { operationId: 'disableNeonAuth' }, fault })
    const { exitCode, outputs, log } = await play('closed')
    expect(exitCode, log).toBe(0)
    expect(outputs.action_taken).toBe('disabled')
    expect(neon.branch(BRANCH).auth).toBe('off')
    expect(await neon.hasAuthSchema(BRANCH)).toBe(true)
  })
})

describe('rule 8: what the auth service says', () => {
  const refusal = {
    kind: 'status',
    status: 403,
    body: { code: 'INVALID_ORIGIN', message: 'Invalid origin' },
  } as const
  const signOut = { path: /\/sign-out$/ }

  it('a trust list that arrives late is waited for', async () => {
    stage.neon.faults.add({ match: signOut, times: 2, fault: refusal })
    expect((await play('opened', { trusted_domains: PREVIEW })).exitCode).toBe(0)
  })

  it('a domain that is never accepted fails the step, and says what was done by then', async () => {
    stage.neon.faults.add({ match: signOut, times: 99, fault: refusal })
    const { exitCode, annotations, outputs } = await play('opened', {
      trusted_domains: PREVIEW,
      timeout: '4',
    })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /could not be proven that .* is trusted[\s\S]*INVALID_ORIGIN/,
    )
    expect(outputs).toMatchObject({ changed: 'true', domains_added: JSON.stringify([PREVIEW]) })
    const unverified = await play('opened', { trusted_domains: PREVIEW, verify: 'false' })
    expect(unverified.exitCode).toBe(0)
  })

  it('proves at most once each, and never with the key', async () => {
    await play('opened', { trusted_domains: PREVIEW })
    const data = stage.neon.requests
      .filter(({ plane }) => plane === 'data')
      .map(({ method, path }) => `${method} ${path.replace(/^.*\/auth/, '')}`)
    expect(data.sort()).toEqual(['GET /.well-known/jwks.json', 'GET /ok', 'POST /sign-out'])
  })
})
