import {
  answerEach,
  answerFor,
  byStatus,
  type Findings,
  Inconclusive,
  isOn,
  readable,
  succeeded,
} from './findings.ts'
import { at, isSuccess, type Reply, type Service, textAt } from './service.ts'
import {
  domainsIn,
  enable,
  enabling,
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
  const { service } = workspace
  const parent = await workspace.createClean()
  const urls = await enable(workspace, parent)
  const prepared = await prepareParent(workspace, parent, urls.baseUrl)
  // The service may create its keys at the first request for them, so request them before there is a child.
  const parentsKeys = await service.auth('GET', urls.jwksUrl)
  const child = await workspace.create({ parent: parent.id })
  const childVisible = await probeVisible(child)
  const own = await waitForUrls(service, child)
  /** Returns the answer for the child. `set` is the response to the request that configured the parent. */
  const compare = async <Name extends string>(
    set: Reply,
    inherited: Name,
    probe: (branch: WorkspaceBranch) => Promise<Name>,
  ): Promise<Name> => {
    if ((await probe(parent)) !== inherited) throw new Inconclusive(set, 'no effect on the parent')
    return probe(child)
  }
  return answerEach({
    childVisible: () => childVisible,
    childDomains: () => compare(prepared.domain, 'inherited', (each) => probeApp(service, each)),
    childWebhook: () => compare(prepared.webhook, 'inherited', probeWebhook),
    childSmtp: () => compare(prepared.email, 'inherited', probeEmail),
    childUsers: () => compare(prepared.user, 'copied', (each) => probeUser(workspace, each)),
    childKeys: async () => {
      const reply = await service.auth('GET', own.jwksUrl)
      const [parents, childs] = [keyIds(parentsKeys), keyIds(reply)]
      if (parents.symmetricDifference(childs).size === 0) return 'copied'
      if (!parents.isDisjointFrom(childs))
        throw new Inconclusive(reply, "some of the parent's keys")
      return 'own'
    },
  })
}

/** Gives the parent something to inherit. Returns the responses, whatever they are. */
async function prepareParent(workspace: Workspace, parent: WorkspaceBranch, baseUrl: string) {
  const domain = await trust(parent, app)
  await settledDomains(workspace.service, parent)
  const user = await onceTrusted(workspace, () => signUp(workspace, baseUrl))
  const webhook = await parent.auth('PUT', '/webhooks', {
    enabled: true,
    webhook_url: 'https://hooks.example/in',
    enabled_events: ['organization.invitation.created'],
  })
  const email = await parent.auth('PATCH', '/email_provider', {
    type: 'standard',
    host: 'smtp.live.invalid',
    port: 587,
    username: 'live',
    password: 'live-secret',
    sender_email: 'live@live.example',
    sender_name: 'Live',
  })
  return { domain, user, webhook, email }
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
  if (!isOn(got)) return byStatus(await child.auth('POST', '', enabling), { 409: 'late' })
  return textAt(readable(got), 'base_url') === '' ? 'late-urls' : 'at-once'
}

async function probeApp(service: Service, branch: WorkspaceBranch) {
  const list = await settledDomains(service, branch)
  if (listsApp(list)) return 'inherited'
  return answerFor(list, domainsIn(list).length, { 0: 'empty' })
}

function listsApp(list: Reply): boolean {
  return domainsIn(list).some((domain) => domain.startsWith(app))
}

async function probeWebhook(branch: WorkspaceBranch) {
  const webhook = readable(await branch.auth('GET', '/webhooks'))
  return answerFor(webhook, at(webhook, 'enabled'), { true: 'inherited', false: 'off' })
}

async function probeEmail(branch: WorkspaceBranch) {
  const email = readable(await branch.auth('GET', '/email_provider'))
  return answerFor(email, at(email, 'type'), { standard: 'inherited', shared: 'shared' })
}

/** Signs in. If the branch does not trust the app, makes it do so first. */
async function probeUser(workspace: Workspace, branch: WorkspaceBranch) {
  const { service } = workspace
  const { baseUrl } = await waitForUrls(service, branch)
  if (!listsApp(await settledDomains(service, branch))) succeeded(await trust(branch, app))
  const { email, password } = member
  const reply = await onceTrusted(workspace, () =>
    service.auth('POST', `${baseUrl}/sign-in/email`, {
      origin: app,
      headers: browser,
      body: { email, password },
    }),
  )
  if (reply.status !== 401) return byStatus(reply, { 200: 'copied' })
  return answerFor(reply, textAt(reply, 'code'), { INVALID_EMAIL_OR_PASSWORD: 'none' })
}

/** Returns the IDs of the signing keys. Throws {@link Inconclusive} if there is no key or one has no ID. */
function keyIds(reply: Reply): Set<string> {
  const keys = at(succeeded(reply), 'keys')
  if (!Array.isArray(keys) || keys.length === 0) throw new Inconclusive(reply, 'no key')
  const ids = keys.map((_, index) => textAt(reply, 'keys', index, 'kid'))
  if (ids.includes('')) throw new Inconclusive(reply, 'a key without an ID')
  return new Set(ids)
}

/** Finds out what a schema-only child inherits from its parent's auth. */
export async function probeSchemaOnly(workspace: Workspace): Promise<Findings> {
  const parent = await workspace.createClean()
  await enable(workspace, parent)
  const child = await workspace.create({ parent: parent.id, schemaOnly: true })
  if (isOn(await child.auth('GET'))) return { schemaOnlyChild: 'on' }
  const made = await child.auth('POST', '', enabling)
  return { schemaOnlyChild: byStatus(made, { 409: 'leftover', 200: 'off', 201: 'off' }) }
}

/** Finds out what the key may read, and how Neon answers a request to enable auth on a branch without a compute. */
export async function probeAccess(workspace: Workspace): Promise<Findings> {
  const bare = await workspace.createClean({ withoutCompute: true })
  return answerEach({
    keyScope: () => probeKeyScope(workspace, bare),
    noCompute: async () => {
      const made = await bare.auth('POST', '', enabling)
      if (!isSuccess(made)) return byStatus(made, { 400: 'refused' })
      return answerFor(made, textAt(readable(made), 'base_url'), { '': 'no-urls' })
    },
  })
}

async function probeKeyScope(
  { service }: Workspace,
  { id }: WorkspaceBranch,
): Promise<Findings['keyScope']> {
  const project = await service.api('GET', '')
  if (!isSuccess(project)) return byStatus(project, { 403: 'no-project' })
  succeeded(project)
  const branch = await service.api('GET', `/branches/${id}`)
  const parent = textAt(branch, 'branch', 'parent_id')
  if (parent === '') throw new Inconclusive(branch)
  const parents = await service.api('GET', `/branches/${parent}/auth`)
  return byStatus(parents, { 403: 'no-parent', 200: 'project', 404: 'project' })
}

/** Finds out whether the pages of a list are consistent, and how often writes are refused as locked. */
export async function probeLists(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  const made: string[] = []
  for (let count = 0; count < 4; count += 1) {
    made.push((await workspace.create({ withoutCompute: true })).id)
  }
  const { writes, locked } = service.counts
  return answerEach({
    pagination: () => probePagination(service, made),
    busy: () => (locked * 3 >= writes ? 'every-second-write' : locked === 0 ? 'never' : undefined),
  })
}

/** Compares the list in pages with the list in one piece, which must contain the branches `made`. */
async function probePagination(
  service: Service,
  made: readonly string[],
): Promise<Findings['pagination']> {
  const paged: string[] = []
  let cursor = ''
  for (let page = 1; ; page += 1) {
    const path = `/branches?sort_by=name&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const reply = await service.api('GET', path)
    const ids = branchIdsIn(reply)
    paged.push(...ids)
    cursor = textAt(reply, 'pagination', 'next')
    if (cursor === '' || ids.length === 0) break
    if (page === 50) throw new Inconclusive(reply, 'more than 50 pages')
  }
  const whole = await service.api('GET', '/branches?limit=10000')
  const all = branchIdsIn(whole)
  const distinct = new Set(paged).size
  if (distinct > all.length || !made.every((id) => all.includes(id)))
    throw new Inconclusive(whole, 'incomplete')
  return distinct < all.length ? 'drops' : distinct < paged.length ? 'repeats' : 'exact'
}

function branchIdsIn(reply: Reply): string[] {
  const branches = at(succeeded(reply), 'branches')
  if (!Array.isArray(branches)) throw new Inconclusive(reply)
  return branches.map((each: { id: string }) => each.id)
}
