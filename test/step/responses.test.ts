import { describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { useServices } from '../services.ts'

const services = useServices({ start: startStepHere })
const { run } = services

describe('one deadline covers everything: requests that hang', () => {
  it.each(['hang', 'hang-after'] as const)(
    'are reconciled before the deadline if a POST gets no response (%s)',
    async (fault) => {
      const { neon } = services
      neon.faults.add({ match: { operationId: 'createNeonAuth' }, fault })
      const { exitCode, outputs, log } = await run('opened', { timeout: '20' })
      expect(exitCode, log).toBe(0)
      expect(outputs.action_taken).toBe('enabled')
      expect(log).toContain('no response within')
    },
  )

  it('end at the deadline if they hang forever, and the error names the request', async () => {
    services.neon.faults.add({
      match: { operationId: 'listProjectBranches' },
      times: 99,
      fault: 'hang',
    })
    const { exitCode, annotations } = await run('opened', { timeout: '2' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/2 seconds[\s\S]*GET \/projects\/[\s\S]*`timeout`/)
  })
})

describe("verify what was promised: the auth service's responses", () => {
  const refusal = {
    kind: 'status',
    status: 403,
    body: { code: 'INVALID_ORIGIN', message: 'Invalid origin' },
  } as const
  const signOut = { path: /\/sign-out$/ }
  /** Enables auth and starts the auth service, which takes seconds on a slow machine. */
  const startService = async (): Promise<void> => {
    await run('opened', { verify: 'false' })
    await fetch(`${services.neon.branch(BRANCH).baseUrl}/.well-known/jwks.json`)
    services.neon.clearRequests()
  }

  it('make the run wait for a trusted domain that takes effect late', async () => {
    await startService()
    services.neon.faults.add({ match: signOut, times: 2, fault: refusal })
    expect((await run('opened', { trusted_domains: PREVIEW })).exitCode).toBe(0)
    const probes = services.neon.requests.filter(({ path }) => signOut.path.test(path))
    expect(probes.length).toBeGreaterThan(2)
  })

  it('fail the run if a domain is never accepted, and the error reports the changes made so far', async () => {
    await startService()
    services.neon.faults.add({ match: signOut, times: 99, fault: refusal })
    const { exitCode, annotations, outputs } = await run('opened', {
      trusted_domains: PREVIEW,
      timeout: '4',
    })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/could not verify that .* is trusted[\s\S]*INVALID_ORIGIN/)
    expect(outputs).toMatchObject({ changed: 'true', domains_added: JSON.stringify([PREVIEW]) })
    const unverified = await run('opened', { trusted_domains: PREVIEW, verify: 'false' })
    expect(unverified.exitCode).toBe(0)
  })

  it('are all that a run requests from the auth service', async () => {
    await startService()
    await run('opened', { trusted_domains: PREVIEW })
    const requests = services.neon.requests
      .filter(({ plane }) => plane === 'data')
      .map(({ method, path }) => `${method} ${path.replace(/^.*\/auth/, '')}`)
    expect(requests.sort()).toEqual([
      'GET /.well-known/jwks.json',
      'GET /ok',
      'POST /sign-out',
      // The control: an origin that no branch trusts.
      'POST /sign-out',
    ])
  })
})
