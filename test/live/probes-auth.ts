import {
  answerEach,
  answerFor,
  byStatus,
  type Findings,
  Inconclusive,
  readable,
  succeeded,
} from './findings.ts'
import { at, type Reply, type Service, textAt } from './service.ts'
import {
  type AuthUrls,
  domainsIn,
  enable,
  enabling,
  messageOf,
  settledDomains,
  trust,
  type Workspace,
  type WorkspaceBranch,
  waitForUrls,
} from './workspace.ts'

const stranger = 'https://stranger.example'
const meaninglessCookie = { cookie: 'live-examination=none' }

/** Finds out what enabling does, and how auth is configured by default. */
export async function probeEnabling(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  const created = readable(await branch.auth('POST', '', enabling))
  const urls = await waitForUrls(workspace.service, branch)
  const again = await branch.auth('POST', '', enabling)
  const plugins = await branch.auth('GET', '/plugins')
  return answerEach({
    enableStatus: () => byStatus(created, { 200: '200', 201: '201' }),
    authUrls: () => (textAt(created, 'base_url') === '' ? 'late' : 'at-once'),
    jwksPlace: () => (urls.jwksUrl.startsWith(urls.baseUrl) ? 'below-base' : 'root'),
    enableAgain: () => enableAgain(again),
    freshProviders: () => {
      const providers = at(readable(plugins), 'oauth_providers')
      if (!Array.isArray(providers)) throw new Inconclusive(plugins)
      return providers.length > 0 ? 'google' : 'none'
    },
    freshEmailProvider: () =>
      (at(readable(plugins), 'email_provider') ?? null) === null ? 'none' : 'shared',
  })
}

/** Interprets the response to enabling auth a second time. */
export function enableAgain(reply: Reply): Findings['enableAgain'] {
  if (reply.status !== 409) throw new Inconclusive(reply)
  const message = messageOf(reply)
  if (message.includes('schema')) return 'says-schema'
  return message.includes('enabled')
    ? 'says-enabled'
    : answerFor(reply, message, { Conflict: 'bare' })
}

/** Finds out how a new auth service responds. */
export async function probeAuthService(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  const { baseUrl } = await enable(workspace, branch)
  return askAuthService(workspace.service, baseUrl)
}

/** Sends the first requests to a new auth service. Signs nobody in or up. */
export async function askAuthService(service: Service, baseUrl: string): Promise<Findings> {
  const first = await service.auth('GET', `${baseUrl}/ok`)
  const settled = await settledOk(service, baseUrl, first)
  const refused = await signOut(service, baseUrl, stranger)
  const plain = await service.auth('POST', `${baseUrl}/sign-in/email`, {
    origin: stranger,
    body: { email: 'nobody@live.example', password: 'not a password' },
    isPlain: true,
  })
  const fromBrowser = await service.auth('POST', `${baseUrl}/sign-in/email`, {
    origin: stranger,
    body: { email: 'nobody@live.example', password: 'not a password' },
    headers: { 'sec-fetch-mode': 'cors', ...meaninglessCookie },
  })
  // Otherwise a 404 could mean that no auth service is at this URL.
  const isService = refusesOrigin(refused) || at(refused, 'success') === true
  return answerEach({
    firstAnswer: () => firstAnswer(first, isService),
    okPath: () => {
      if (settled.status === 404 && isService) return 'not-found'
      return answerFor(settled, at(succeeded(settled), 'ok'), { true: 'ok' })
    },
    signOutCheck: () =>
      refusesOrigin(refused) ? 'checked' : byStatus(refused, { 200: 'unchecked' }),
    untrustedCode: () => untrustedCode(fromBrowser),
    engine: () => {
      if (refusesOrigin(plain)) return '1.7'
      if (plain.status !== 401) throw new Inconclusive(plain)
      return answerFor(plain, textAt(plain, 'code'), { INVALID_EMAIL_OR_PASSWORD: '1.4.18' })
    },
  })
}

/** Repeats the first request while it gets no response or 5xx, for up to 30 s. Returns the last response. */
async function settledOk(service: Service, baseUrl: string, first: Reply): Promise<Reply> {
  const started = service.clock.now()
  let reply = first
  while (reply.status === 0 || reply.status >= 500) {
    if (service.clock.now() - started >= 30_000) break
    await service.pause(1)
    reply = await service.auth('GET', `${baseUrl}/ok`)
  }
  return reply
}

function firstAnswer(first: Reply, isService: boolean): Findings['firstAnswer'] {
  const { status, body, ms } = first
  if (status === 0 && /ECONNRESET|other side closed/.test(String(body))) return 'reset'
  if (status === 503) return 'unavailable'
  if (status !== 404 || !isService) succeeded(first)
  return ms >= 4000 ? 'late' : 'normal'
}

function untrustedCode(reply: Reply): Findings['untrustedCode'] {
  if (reply.status !== 403) throw new Inconclusive(reply)
  const codes = { INVALID_ORIGIN: 'invalid-origin', INVALID_DOMAIN: 'invalid-domain' } as const
  return answerFor(reply, textAt(reply, 'code'), codes)
}

/** Returns whether the auth service refused the request's origin. A proxy may answer 403 as well. */
function refusesOrigin(reply: Reply): boolean {
  const isRefusal =
    ['INVALID_ORIGIN', 'INVALID_DOMAIN'].includes(textAt(reply, 'code')) ||
    /^invalid (origin|domain)\b/i.test(messageOf(reply))
  return reply.status === 403 && isRefusal
}

/** Signs out without a session. The response shows whether the origin is accepted. */
export function signOut(service: Service, baseUrl: string, origin: string): Promise<Reply> {
  const headers = { ...meaninglessCookie, 'sec-fetch-mode': 'cors' }
  return service.auth('POST', `${baseUrl}/sign-out`, { origin, headers, body: {} })
}

/** Finds out how domains are stored and listed, and how long they take to be trusted. */
export async function probeDomains(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  const branch = await workspace.createClean()
  const urls = await enable(workspace, branch)
  // Warms up the service, so that only the delay of the trust is measured.
  const refused = await signOut(service, urls.baseUrl, stranger)
  const origin = 'https://live.example'
  succeeded(await trust(branch, origin))
  const [atOnce, accepted] = await Promise.all([
    branch.auth('GET', '/domains'),
    firstAccepted(service, urls, origin),
  ])
  const settled = await settledDomains(service, branch)
  const isIn = (list: Reply) => domainsIn(list).some((domain) => domain.startsWith(origin))
  if (!isIn(settled)) throw new Inconclusive(settled, `without ${origin}`)
  const again = await trust(branch, origin)
  const unicode = await trust(branch, 'https://xn--bcher-kva.example')
  const wildcard = await trust(branch, 'https://*.preview.example')
  const list = await settledDomains(service, branch)
  return answerEach({
    domainList: () => (isIn(atOnce) ? 'at-once' : 'stale'),
    duplicateDomain: () => duplicateDomain(again),
    storedDomain: () => storedDomain(list, wildcard, unicode),
    trustDelay: () => {
      if (!refusesOrigin(refused)) throw new Inconclusive(refused, 'an untrusted origin')
      const { seconds, reply } = accepted
      succeeded(reply)
      return seconds < 1 ? 'at-once' : seconds < 10 ? '2-s' : '20-s'
    },
  })
}

function duplicateDomain(reply: Reply): Findings['duplicateDomain'] {
  if (reply.status === 400 && messageOf(reply).includes('exist')) return 'bad-request'
  const answer = byStatus(reply, { 201: 'created', 409: 'conflict-bare' })
  return answer === 'conflict-bare' && textAt(reply, 'code') !== '' ? 'conflict-code' : answer
}

function storedDomain(list: Reply, wildcard: Reply, unicode: Reply): Findings['storedDomain'] {
  const domains = domainsIn(list)
  if (domains.includes('https://live.example/')) return 'slash'
  if (domains.includes('https://bücher.example')) return 'unicode'
  succeeded(unicode)
  if (!domains.includes('https://live.example')) throw new Inconclusive(list)
  if (wildcard.status === 400) return 'no-wildcards'
  succeeded(wildcard)
  return 'verbatim'
}

/**
 * Signs out while the origin is refused, for up to 40 s. Returns how many seconds passed before the last request,
 * and its response.
 */
async function firstAccepted(service: Service, { baseUrl }: AuthUrls, origin: string) {
  const started = service.clock.now()
  for (;;) {
    const seconds = (service.clock.now() - started) / 1000
    const reply = await signOut(service, baseUrl, origin)
    if (!refusesOrigin(reply) || seconds > 40) return { seconds, reply }
    await service.pause(0.5)
  }
}

/** Finds out what disabling twice does, and what it leaves behind. */
export async function probeDisabling(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  await enable(workspace, branch)
  succeeded(await branch.auth('DELETE', '', { delete_data: false }))
  const again = await branch.auth('DELETE', '', { delete_data: true })
  const answers = { 404: 'not-found', 409: 'conflict', 410: 'gone', 200: 'ok' } as const
  const disableWhileOff = byStatus(again, answers)
  const enabledAgain = await branch.auth('POST', '', enabling)
  if (disableWhileOff !== 'ok') {
    return answerEach({
      disableWhileOff: () => disableWhileOff,
      leftoverSchema: () => leftoverSchema(enabledAgain),
    })
  }
  if (leftoverSchema(enabledAgain) === 'restored') return probeDeletedAgain(branch)
  return { disableWhileOff, leftoverSchema: 'conflict' }
}

/** Interprets the response to enabling auth over a leftover schema. */
function leftoverSchema(reply: Reply): 'conflict' | 'restored' {
  return byStatus(reply, { 409: 'conflict', 200: 'restored', 201: 'restored' })
}

/**
 * Finds out why enabling worked after a second disabling with status 200: that request deleted the schema, or
 * a leftover schema does not block enabling.
 */
async function probeDeletedAgain(branch: WorkspaceBranch): Promise<Findings> {
  succeeded(await branch.auth('DELETE', '', { delete_data: false }))
  const leftover = leftoverSchema(await branch.auth('POST', '', enabling))
  return leftover === 'restored'
    ? { leftoverSchema: leftover }
    : { disableWhileOff: 'ok-deletes', leftoverSchema: leftover }
}

/** Finds out which header says when to retry, by exceeding the rate limit. */
export async function probeRateLimit(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  const branch = await workspace.createClean()
  const { baseUrl } = await enable(workspace, branch)
  for (let attempt = 1; ; attempt += 1) {
    const reply = await service.auth('POST', `${baseUrl}/sign-in/email`, {
      headers: { 'sec-fetch-mode': 'cors' },
      body: { email: 'nobody@live.example', password: 'not a password' },
    })
    if (reply.status !== 429 && attempt < 8) continue
    const headers = ['retry-after', 'x-retry-after'] as const
    const rateLimitHeader = headers.find((name) => reply.headers.has(name))
    if (reply.status !== 429 || !rateLimitHeader) throw new Inconclusive(reply)
    return { rateLimitHeader }
  }
}
