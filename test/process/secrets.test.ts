import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closeServer, listen } from '../loopback.ts'
import { BRANCH } from '../preview.ts'
import { useServices } from '../services.ts'

const KEY = 'napi_very_secret_key_0123456789'
const services = useServices({ apiKey: KEY })
const { run } = services

describe('keep secrets secret: a run', () => {
  it('masks a secret server key that it outputs, but no URL or ID', async () => {
    const { neon } = services
    // A response with keys, as the API sent it when Stack Auth was the provider.
    const enabling = neon.nextRequest(({ operationId }) => operationId === 'createNeonAuth')
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
    const running = services.start('opened')
    await enabling
    await neon.enableAuth(BRANCH)
    const { outputs, log } = await running.finished
    expect(outputs).toMatchObject({ secret_server_key: 'ssk_secret', pub_client_key: 'pck_public' })
    const masks = [...log.matchAll(/^::add-mask::(.*)$/gm)].map((match) => match[1])
    expect([...new Set(masks)]).toEqual([KEY, 'ghs_local', 'ssk_secret'])
  })

  it('never masks an empty value', async () => {
    const { log } = await run('opened', { api_key: '', github_token: '' })
    expect(log).not.toMatch(/^::add-mask::$/m)
  })

  it('sends no request to the target of a redirect', async () => {
    const received: string[] = []
    const trap = createServer((request, response) => {
      received.push(JSON.stringify(request.headers))
      response.end('{}')
    })
    const location = `${await listen(trap)}/`
    services.neon.faults.add({
      match: { operationId: 'listProjectBranches' },
      fault: { kind: 'status', status: 307, headers: { location } },
    })
    const { annotations } = await run('opened')
    expect(annotations.error[0]).toMatch(/307[\s\S]*does not follow/)
    expect(received).toEqual([])
    await closeServer(trap)
  })
})
