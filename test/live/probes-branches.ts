import { at, isSuccess, type Reply, textAt } from './service.ts'
import {
  enable,
  enabling,
  type Findings,
  settledDomains,
  trust,
  type Workspace,
  type WorkspaceBranch,
  waitForUrls,
} from './workspace.ts'

const app = 'https://parent.example'
const member = { email: 'member@live.example', password: 'correct horse battery', name: 'Member' }

/** Finds out what a child branch inherits from its parent's auth. */
export async function probeChildren(workspace: Workspace): Promise<Findings> {
  const parent = await workspace.createClean()
  const urls = await enable(workspace, parent)
  await prepareParent(workspace, parent, urls.baseUrl)
  const parentsKey = await keyId(workspace, urls.jwksUrl)
  const child = await workspace.create({ parent: parent.id })
  const visible = await probeVisible(child)
  const own = await waitForUrls(workspace.service, child)
  const domains = await settledDomains(workspace.service, child)
  const webhook = await child.auth('GET', '/webhooks')
  const email = await child.auth('GET', '/email_provider')
  if (!domains.some((domain) => domain.startsWith(app))) await trust(child, app)
  return {
    childVisible: visible,
    childDomains: domains.length > 0 ? 'inherited' : 'empty',
    childWebhook: at(webhook, 'enabled') === true ? 'inherited' : 'off',
    childSmtp: textAt(email, 'type') === 'standard' ? 'inherited' : 'shared',
    childUsers: await probeUsers(workspace, own.baseUrl),
    childKeys: childKeys(parentsKey, await keyId(workspace, own.jwksUrl)),
  }
}

async function prepareParent(
  workspace: Workspace,
  parent: WorkspaceBranch,
  baseUrl: string,
): Promise<void> {
  await trust(parent, app)
  await settledDomains(workspace.service, parent)
  await onceTrusted(workspace, () => signUp(workspace, baseUrl))
  await parent.auth('PUT', '/webhooks', {
    enabled: true,
    webhook_url: 'https://hooks.example/in',
    enabled_events: ['organization.invitation.created'],
  })
  await parent.auth('PATCH', '/email_provider', {
    type: 'standard',
    host: 'smtp.live.invalid',
    port: 587,
    username: 'live',
    password: 'live-secret',
    sender_email: 'live@live.example',
    sender_name: 'Live',
  })
}

const browser = { 'sec-fetch-mode': 'cors' }

function signUp({ service }: Workspace, baseUrl: string): Promise<Reply> {
  return service.auth('POST', `${baseUrl}/sign-up/email`, {
    origin: app,
    headers: browser,
    body: member,
  })
}

/** Repeats a request, at most 31 times a second apart, while its origin is refused or the service is unavailable. */
async function onceTrusted({ service }: Workspace, request: () => Promise<Reply>): Promise<Reply> {
  for (let waited = 0; ; waited += 1) {
    const reply = await request()
    const isEarly = [0, 403, 429, 503].includes(reply.status)
    if (!isEarly || waited > 30) return reply
    await service.pause(1)
  }
}

async function probeVisible(child: WorkspaceBranch): Promise<Findings['childVisible']> {
  const got = await child.auth('GET')
  if (got.status === 404) {
    return (await child.auth('POST', '', enabling)).status === 409 ? 'late' : undefined
  }
  if (got.status !== 200) return undefined
  return textAt(got, 'base_url') === '' ? 'late-urls' : 'at-once'
}

async function probeUsers(workspace: Workspace, baseUrl: string): Promise<Findings['childUsers']> {
  const { email, password } = member
  const reply = await onceTrusted(workspace, () =>
    workspace.service.auth('POST', `${baseUrl}/sign-in/email`, {
      origin: app,
      headers: browser,
      body: { email, password },
    }),
  )
  return reply.status === 200 ? 'copied' : reply.status === 401 ? 'none' : undefined
}

/** Returns the ID of the first signing key, or `''` if there is none. The service may create its keys at the first request for them. */
async function keyId({ service }: Workspace, url: string): Promise<string> {
  return textAt(await service.auth('GET', url), 'keys', 0, 'kid')
}

function childKeys(parents: string, own: string): Findings['childKeys'] {
  if (parents === '' || own === '') return undefined
  return parents === own ? 'copied' : 'own'
}

/** Finds out what a schema-only child inherits from its parent's auth. */
export async function probeSchemaOnly(workspace: Workspace): Promise<Findings> {
  const parent = await workspace.createClean()
  await enable(workspace, parent)
  const child = await workspace.create({ parent: parent.id, schemaOnly: true })
  const got = await child.auth('GET')
  if (got.status === 200) return { schemaOnlyChild: 'on' }
  const made = await child.auth('POST', '', enabling)
  if (made.status === 409) return { schemaOnlyChild: 'leftover' }
  return { schemaOnlyChild: isSuccess(made) ? 'off' : undefined }
}

/** Finds out what the key may read, and how Neon answers a request to enable auth on a branch without a compute. */
export async function probeAccess(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  const bare = await workspace.createClean({ withoutCompute: true })
  const project = await service.api('GET', '')
  const parents = await service.api('GET', `/branches/${await parentOf(workspace, bare)}/auth`)
  const made = await bare.auth('POST', '', enabling)
  return {
    keyScope:
      project.status === 403 ? 'no-project' : parents.status === 403 ? 'no-parent' : 'project',
    noCompute: noCompute(made),
  }
}

async function parentOf({ service }: Workspace, { id }: WorkspaceBranch): Promise<string> {
  return textAt(await service.api('GET', `/branches/${id}`), 'branch', 'parent_id')
}

function noCompute(made: Reply): Findings['noCompute'] {
  if (made.status >= 400) return 'refused'
  return isSuccess(made) && textAt(made, 'base_url') === '' ? 'no-urls' : undefined
}

/** Finds out whether the pages of a list are consistent, and how often writes are refused as locked. */
export async function probeLists(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  for (let count = 0; count < 4; count += 1) await workspace.create({ withoutCompute: true })
  const ids: string[] = []
  let cursor = ''
  for (let page = 0; page < 50; page += 1) {
    const path = `/branches?sort_by=name&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const reply = await service.api('GET', path)
    const branches = at(reply, 'branches')
    if (!Array.isArray(branches)) return {}
    ids.push(...branches.map((each: { id: string }) => each.id))
    cursor = textAt(reply, 'pagination', 'next')
    if (cursor === '' || branches.length === 0) break
  }
  const all = at(await service.api('GET', '/branches?limit=10000'), 'branches')
  if (!Array.isArray(all)) return {}
  const distinct = new Set(ids).size
  const { writes, locked } = service.counts
  return {
    pagination: distinct < all.length ? 'drops' : distinct < ids.length ? 'repeats' : 'exact',
    busy: locked * 3 >= writes ? 'every-second-write' : locked === 0 ? 'never' : undefined,
  }
}
