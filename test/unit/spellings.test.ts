import { describe, expect, it } from 'vitest'
import { withDesiredSpellings } from '../../src/auth/domain-spellings.ts'
import type { Observed } from '../../src/auth/observe.ts'
import type { PlannedChange } from '../../src/auth/plan.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import type { HttpResponse } from '../../src/network/messages.ts'
import { collectingLog } from '../fakes.ts'

const PREVIEW = 'https://pr-7.example.com'
const BASE = 'https://auth.test/db/auth'
const URLS = { base_url: BASE, jwks_url: `${BASE}/jwks` }

const on = (trustedDomains: readonly string[], integration: object = URLS): Observed =>
  ({ auth: 'on', trustedDomains, integration, storedDomains: [] }) as never

/** Respells the domains of `observed`. The auth service accepts only the preview. */
const respell = async (
  observed: Observed,
  {
    written = [] as readonly PlannedChange[],
    desired = [PREVIEW],
    fault = undefined as unknown,
  } = {},
) => {
  const { log, lines } = collectingLog()
  const probed: (string | undefined)[] = []
  const once = async ({ headers }: { headers?: Record<string, string> }): Promise<HttpResponse> => {
    if (fault) throw fault
    const origin = headers?.['origin']
    probed.push(origin)
    const status = origin === PREVIEW ? 200 : 403
    return { status, headers: {}, text: status === 200 ? '{}' : '{"code":"INVALID_ORIGIN"}' }
  }
  const context = { http: { once } as never, log }
  const result = await withDesiredSpellings(observed, { trustedDomains: desired }, written, context)
  return { domains: result.auth === 'on' ? result.trustedDomains : 'off', lines, probed }
}

describe('an origin that Neon lists in another spelling', () => {
  it('counts, and the log says so, if the auth service accepts it and rejects an untrusted one', async () => {
    const { domains, lines, probed } = await respell(on([`${PREVIEW}/`]))
    expect(domains).toEqual([PREVIEW])
    expect(lines).toEqual([expect.stringContaining(`Neon lists ${PREVIEW} in another spelling`)])
    expect(probed).toEqual([expect.stringContaining('.invalid'), PREVIEW])
  })

  it('counts without a request to the auth service if the run has already sent it to Neon', async () => {
    const written: PlannedChange[] = [{ change: 'trust_domain', domain: PREVIEW }]
    const { domains, probed } = await respell(on([`${PREVIEW}/`]), { written })
    expect({ domains, probed }).toEqual({ domains: [PREVIEW], probed: [] })
  })

  it.each<[string, Observed, readonly string[]]>([
    ['a wildcard covers it', on([`${PREVIEW}/`, 'https://*.example.com']), [PREVIEW]],
    ['the URLs of the auth service are unknown', on([`${PREVIEW}/`], {}), [PREVIEW]],
    ['it is not wanted', on([`${PREVIEW}/`]), []],
    ['nothing is wanted, so an entry may be listed twice', on(['myapp://x', 'myapp://x']), []],
    ['Neon lists it in the same spelling too', on([PREVIEW, `${PREVIEW}/`]), [PREVIEW]],
  ])(
    'is left as it is, without a request or a line in the log, if %s',
    async (_, observed, desired) => {
      const { domains, lines, probed } = await respell(observed, { desired: [...desired] })
      expect(domains).toEqual(observed.auth === 'on' && observed.trustedDomains)
      expect({ lines, probed }).toEqual({ lines: [], probed: [] })
    },
  )

  it('does not hide a timeout during the check', async () => {
    const fault = new RunAborted({ what: 'The run timed out.' })
    await expect(respell(on([`${PREVIEW}/`]), { fault })).rejects.toBe(fault)
  })
})
