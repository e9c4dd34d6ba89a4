import { parseArgs } from 'node:util'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import type { LoggedRequest } from '../test/local-neon/request-log.ts'

const appOrigin = 'https://shop.example.com'
const password = 'local-neon-password'
const users = ['ada@example.com', 'grace@example.com']
const previews = ['preview/pr-1', 'preview/pr-2', 'preview/pr-3']

const { values } = parseArgs({ options: { port: { type: 'string', default: '4444' } } })
const local = await startLocalNeon({ port: Number(values.port), onRequest: logRequest })
process.once('SIGINT', () => close(local))
process.once('SIGTERM', () => close(local))
await seed(local)
local.clearRequests()
console.log(directions(local))

/** Gives `main` auth, a domain, and two users, and creates the preview branches, which inherit all of that. */
async function seed(neon: LocalNeon): Promise<void> {
  const { baseUrl } = await neon.enableAuth('main', { domains: [appOrigin] })
  for (const email of users) {
    const response = await fetch(`${baseUrl}/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: appOrigin },
      body: JSON.stringify({ email, password, name: email }),
    })
    if (!response.ok) throw new Error(`sign-up of ${email} failed: ${await response.text()}`)
  }
  for (const [index, name] of previews.entries()) {
    await neon.createBranch({ name, annotations: { 'github-pr-number': String(index + 1) } })
  }
}

function directions(neon: LocalNeon): string {
  const { apiHost, apiKey, projectId } = neon
  const api = `${apiHost}/projects/${projectId}`
  const preview = neon.branch('preview/pr-1')
  return `
Local Neon is at ${neon.origin}, on this machine only. Ctrl-C stops it; nothing is kept.

  main          auth on, trusts ${appOrigin}
  users         ${users.join(', ')} (password: ${password})
  previews      ${previews.join(', ')}

The action
  with:         api_key: ${apiKey}, project_id: ${projectId}, api_host: ${apiHost}
  environment   NEON_API_KEY=${apiKey} NEON_PROJECT_ID=${projectId}

curl
  curl -H 'Authorization: Bearer ${apiKey}' ${api}/branches
  curl -H 'Authorization: Bearer ${apiKey}' ${api}/branches/${preview.id}/auth/domains
  curl ${preview.baseUrl}/ok

The official CLI
  npx neon branches list --api-host ${apiHost} --api-key ${apiKey} --project-id ${projectId}

To lose the response to the next request that adds a domain
  curl ${neon.origin}/_local/faults -d '{"match": {"operationId": "addBranchNeonAuthTrustedDomain"}, "fault": "reset-after"}'

Requests:`
}

function logRequest(request: LoggedRequest): void {
  const { plane, method, path, query, status, startedAt, endedAt } = request
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''
  const took = `${Math.round(endedAt - startedAt)} ms`
  console.log(`${plane.padEnd(7)} ${status} ${method} ${path}${search} (${took})`)
}

function close(neon: LocalNeon): void {
  neon.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}
