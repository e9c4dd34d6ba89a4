import { at, isSuccess, type Reply, type Service, textAt } from './service.ts'
import {
  type AuthUrls,
  domainsIn,
  enable,
  enabling,
  type Findings,
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
  const created = await branch.auth('POST', '', enabling)
  const urls = await waitForUrls(workspace.service, branch)
  const again = await branch.auth('POST', '', enabling)
  const plugins = await branch.auth('GET', '/plugins')
  const providers = at(plugins, 'oauth_providers')
  const email = at(plugins, 'email_provider')
  return {
    enableStatus: created.status === 200 ? '200' : created.status === 201 ? '201' : undefined,
    authUrls: textAt(created, 'base_url') === '' ? 'late' : 'at-once',
    jwksPlace: urls.jwksUrl.startsWith(urls.baseUrl) ? 'below-base' : 'root',
    enableAgain: enableAgain(again),
    freshProviders: Array.isArray(providers) && providers.length > 0 ? 'google' : 'none',
    freshEmailProvider: email === undefined || email === null ? 'none' : 'shared',
  }
}

/** Interprets the response to enabling auth a second time. */
export function enableAgain(reply: Reply): Findings['enableAgain'] {
  if (reply.status !== 409) return undefined
  if (messageOf(reply).includes('schema')) return 'says-schema'
  return messageOf(reply).includes('enabled') ? 'says-enabled' : 'bare'
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
  const settled = first.status === 0 || first.status >= 500 ? await later(service, baseUrl) : first
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
  return {
    firstAnswer: firstAnswer(first),
    okPath: settled.status === 200 ? 'ok' : settled.status === 404 ? 'not-found' : undefined,
    signOutCheck: refused.status === 403 ? 'checked' : isSuccess(refused) ? 'unchecked' : undefined,
    untrustedCode: untrustedCode(fromBrowser),
    engine: plain.status === 403 ? '1.7' : plain.status === 401 ? '1.4.18' : undefined,
  }
}

async function later(service: Service, baseUrl: string): Promise<Reply> {
  await service.pause(1)
  return service.auth('GET', `${baseUrl}/ok`)
}

function firstAnswer({ status, ms }: Reply): Findings['firstAnswer'] {
  if (status === 0) return 'reset'
  if (status >= 500) return 'unavailable'
  return ms >= 4000 ? 'late' : 'normal'
}

function untrustedCode(reply: Reply): Findings['untrustedCode'] {
  if (reply.status !== 403) return undefined
  const code = textAt(reply, 'code')
  if (code === 'INVALID_ORIGIN') return 'invalid-origin'
  return code === 'INVALID_DOMAIN' ? 'invalid-domain' : undefined
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
  await trust(branch, origin)
  const delay = refused.status === 403 ? trustDelay(workspace, urls, origin) : undefined
  const atOnce = domainsIn(await branch.auth('GET', '/domains'))
  await settledDomains(service, branch)
  const again = await trust(branch, origin)
  const unicode = await trust(branch, 'https://xn--bcher-kva.example')
  const wildcard = await trust(branch, 'https://*.preview.example')
  const list = await settledDomains(service, branch)
  return {
    domainList: atOnce.length > 0 ? 'at-once' : 'stale',
    duplicateDomain: duplicateDomain(again),
    storedDomain: storedDomain(list, wildcard, unicode),
    trustDelay: await delay,
  }
}

function duplicateDomain(reply: Reply): Findings['duplicateDomain'] {
  if (reply.status === 201) return 'created'
  if (reply.status === 400) return 'bad-request'
  if (reply.status !== 409) return undefined
  return textAt(reply, 'code') === '' ? 'conflict-bare' : 'conflict-code'
}

function storedDomain(list: readonly string[], ...replies: Reply[]): Findings['storedDomain'] {
  const [wildcard, unicode] = replies
  if (list.includes('https://live.example/')) return 'slash'
  if (list.includes('https://bücher.example')) return 'unicode'
  if (wildcard?.status === 400) return 'no-wildcards'
  const verbatim = unicode?.status === 201 && list.includes('https://live.example')
  return verbatim ? 'verbatim' : undefined
}

/** Measures how long it takes until an origin is accepted. Undecided after 40 s. */
async function trustDelay(
  workspace: Workspace,
  { baseUrl }: AuthUrls,
  origin: string,
): Promise<Findings['trustDelay']> {
  const { service } = workspace
  const started = service.clock.now()
  const seconds = () => (service.clock.now() - started) / 1000
  while (seconds() < 40) {
    const asked = seconds()
    const reply = await signOut(service, baseUrl, origin)
    if (isSuccess(reply)) {
      return asked < 1 ? 'at-once' : asked < 10 ? '2-s' : '20-s'
    }
    await service.pause(0.5)
  }
  return undefined
}

/** Finds out what disabling twice does, and what it leaves behind. */
export async function probeDisabling(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  await enable(workspace, branch)
  await branch.auth('DELETE', '', { delete_data: false })
  const again = await branch.auth('DELETE', '', { delete_data: true })
  const enabledAgain = await branch.auth('POST', '', enabling)
  const isEnabledAgain = isSuccess(enabledAgain)
  const leftoverSchema = isEnabledAgain && again.status !== 200 ? 'restored' : 'conflict'
  if (again.status === 404) return { disableWhileOff: 'not-found', leftoverSchema }
  if (again.status === 409) return { disableWhileOff: 'conflict', leftoverSchema }
  if (again.status === 410) return { disableWhileOff: 'gone', leftoverSchema }
  if (again.status !== 200) return {}
  if (!isEnabledAgain) return { disableWhileOff: 'ok', leftoverSchema: 'conflict' }
  return probeDeletedAgain(branch)
}

/**
 * Finds out why enabling worked after a second disabling with status 200: that request deleted the schema, or
 * a leftover schema does not block enabling.
 */
async function probeDeletedAgain(branch: WorkspaceBranch): Promise<Findings> {
  await branch.auth('DELETE', '', { delete_data: false })
  const enabledAgain = await branch.auth('POST', '', enabling)
  return isSuccess(enabledAgain)
    ? { leftoverSchema: 'restored' }
    : { disableWhileOff: 'ok-deletes', leftoverSchema: 'conflict' }
}

/** Finds out which header says when to retry, by exceeding the rate limit. */
export async function probeRateLimit(workspace: Workspace): Promise<Findings> {
  const { service } = workspace
  const branch = await workspace.createClean()
  const { baseUrl } = await enable(workspace, branch)
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const { status, headers } = await service.auth('POST', `${baseUrl}/sign-in/email`, {
      headers: { 'sec-fetch-mode': 'cors' },
      body: { email: 'nobody@live.example', password: 'not a password' },
    })
    if (status !== 429) continue
    if (headers.has('retry-after')) return { rateLimitHeader: 'retry-after' }
    return { rateLimitHeader: headers.has('x-retry-after') ? 'x-retry-after' : undefined }
  }
  return { rateLimitHeader: undefined }
}
