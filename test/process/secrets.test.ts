import { describe, expect, it } from 'vitest'
import type { Finished } from '../runner.ts'
import { BRANCH, PREVIEW, useStage } from './stage.ts'

const KEY = 'napi_very_secret_key_0123456789'
const stage = useStage({ apiKey: KEY })
const { play } = stage

/** Everything that a run leaves behind, the lines that register masks aside. */
const left = ({ log, outputs, exported, summary }: Finished): string =>
  [log.replace(/^::add-mask::.*$/gm, ''), JSON.stringify({ outputs, exported }), summary].join('\n')

describe('rule 10: secrets', () => {
  it.each([
    ['a fresh open', 'opened', {}, undefined],
    ['a close', 'closed', { delete_data: 'true' }, undefined],
    [
      'a failure',
      'opened',
      { timeout: '2' },
      { kind: 'status', status: 400, body: `bad key ${'x'}` },
    ],
    ['a lost answer', 'opened', { timeout: '2' }, 'reset-before'],
    ['bad input', 'opened', { verify: 'perhaps' }, undefined],
  ] as const)(
    '%s leaves the key behind its mask only, debug on',
    async (_, action, inputs, fault) => {
      if (fault)
        stage.neon.faults.add({ match: { operationId: 'createNeonAuth' }, times: 9, fault })
      const finished = await play(
        action,
        { trusted_domains: PREVIEW, ...inputs },
        {
          env: { RUNNER_DEBUG: '1', GITHUB_API_URL: stage.github.apiUrl },
        },
      )
      expect(finished.log.split('\n')[0]).toBe(`::add-mask::${KEY}`)
      expect(left(finished)).not.toContain(KEY)
      expect(left(finished)).not.toContain('ghs_local')
    },
  )

  it('a secret server key is masked before it is an output; URLs and ids never are', async () => {
    const { neon } = stage
    // What the API gave while Stack Auth was its provider: an answer with keys in it.
    const created = neon.nextRequest(({ operationId }) => operationId === 'createNeonAuth')
    const body = {
      auth_provider: 'better_auth',
      auth_provider_project_id: 'ap-1',
      pub_client_key: 'pck_public',
      secret_server_key: 'ssk_secret',
      jwks_url: 'https://x.example/jwks.json',
      schema_name: 'neon_auth',
      table_name: 'users_sync',
      base_url: 'https://x.example',
    }
    neon.faults.add({ match: { operationId: 'createNeonAuth' }, fault: { kind: 'json', body } })
    const running = stage.start('opened')
    await created
    await neon.enableAuth(BRANCH)
    const { outputs, log } = await running.finished
    expect(outputs).toMatchObject({ secret_server_key: 'ssk_secret', pub_client_key: 'pck_public' })
    const masks = [...log.matchAll(/^::add-mask::(.*)$/gm)].map((match) => match[1])
    expect(masks).toEqual([KEY, 'ghs_local', 'ssk_secret'])
  })

  it('nothing is masked that is empty', async () => {
    const { log } = await play('opened', { api_key: '', github_token: '' })
    expect(log).not.toMatch(/^::add-mask::$/m)
  })

  it('the key goes to the API alone: neither a redirect nor the auth service sees it', async () => {
    const seen: string[] = []
    const { createServer } = await import('node:http')
    const trap = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers))
      response.end('{}')
    })
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
    const { port } = trap.address() as { port: number }
    stage.neon.faults.add({
      match: { operationId: 'listProjectBranches' },
      fault: { kind: 'status', status: 307, headers: { location: `http://127.0.0.1:${port}/` } },
    })
    const { annotations } = await play('opened')
    expect(annotations.error[0]).toMatch(/307[\s\S]*never followed/)
    expect(seen).toEqual([])
    await new Promise((resolve) => trap.close(resolve))
  })
})

describe('rule 10: what comes from outside forges nothing', () => {
  const HOSTILE =
    'x\n::error::forged\r\n::set-output name=base_url::https://evil.example\n##[add-mask]y%0A::warning::z<img src=x>|`[a](b)\u001b[31m'

  const isInert = ({ log, outputs, summary }: Finished): void => {
    // Commands are ours: the masks, one error or warning; nothing of the text starts a line as one.
    for (const line of log.split('\n').filter((each) => /^\s*::|##\[/.test(each))) {
      expect(line).toMatch(/^::(add-mask|debug|error|warning|notice)::/)
      expect(line).not.toMatch(/^::(error|warning)::(forged|z)/)
    }
    expect(outputs.base_url ?? '').not.toContain('evil')
    expect(summary).not.toMatch(/<img|\[a\]\(b\)/)
    expect(log).not.toContain('\u001b')
  }

  it("Neon's own messages", async () => {
    const body = { code: HOSTILE, message: HOSTILE, request_id: HOSTILE }
    stage.neon.faults.add({
      match: { operationId: 'createNeonAuth' },
      fault: { kind: 'status', status: 400, body },
    })
    const finished = await play('opened')
    expect(finished.exitCode).toBe(1)
    expect(finished.annotations.error[0]).toContain('forged')
    isInert(finished)
  })

  it('names of branches', async () => {
    const branch = await stage.neon.createBranch({ name: HOSTILE })
    const finished = await play('', { mode: 'enable', branch: branch.id }, { event: ['push'] })
    expect(finished.exitCode, finished.log).toBe(0)
    expect(finished.outputs.branch_name).toBe(HOSTILE)
    isInert(finished)
    await stage.neon.deleteBranch(branch.id)
  })

  it('head refs and inputs', async () => {
    const lost = await play('opened', { timeout: '1' }, { bend: { number: 404, headRef: HOSTILE } })
    expect(lost.exitCode).toBe(1)
    isInert(lost)
    isInert(
      await play('opened', {
        trusted_domains: HOSTILE,
        mode: HOSTILE,
        project_id: HOSTILE,
        api_host: HOSTILE,
      }),
    )
  })
})
