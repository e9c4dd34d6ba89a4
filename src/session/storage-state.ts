import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, Problem } from '../core/problem.ts'
import type { SetCookie } from '../network/set-cookie.ts'

/**
 * A cookie in Playwright's format:
 * https://playwright.dev/docs/api/class-browsercontext#browser-context-storage-state.
 */
export interface StoredCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  /** Unix time in seconds. -1 for a cookie that ends with the browser session. */
  readonly expires: number
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: SetCookie['sameSite']
  /** The site of the page that a partitioned cookie belongs to. */
  readonly partitionKey?: string
  /** Chromium's part of the partition key: whether the page and the cookie's host belong to different sites. */
  readonly _crHasCrossSiteAncestor?: boolean
}

/** Playwright's storage state. */
export interface StorageState {
  readonly cookies: readonly StoredCookie[]
  readonly origins: readonly never[]
}

/** The parts of a storage state. */
export interface SessionParts {
  /** The URL of the auth service. */
  readonly baseUrl: string
  /** The exact origins of the preview. */
  readonly previews: readonly string[]
  /** The cookies that the auth service set. */
  readonly session: readonly SetCookie[]
  /** The cookies that open protected previews, by origin. */
  readonly bypass: ReadonlyMap<string, readonly SetCookie[]>
}

const toStored = (cookie: SetCookie, domain: string): StoredCookie => ({
  name: cookie.name,
  value: cookie.value,
  domain,
  path: cookie.path,
  expires: cookie.expires ?? -1,
  httpOnly: cookie.httpOnly,
  secure: cookie.secure,
  sameSite: cookie.sameSite,
})

/**
 * Returns the cookies of the auth host. A partitioned cookie belongs to the site of the page that uses it, so
 * it appears once for each site of the preview.
 */
const authHostCookies = async ({
  session,
  baseUrl,
  previews,
}: SessionParts): Promise<StoredCookie[]> => {
  // Imported late, because the Public Suffix List is large. Checking the domains has already loaded it.
  const { siteOf } = await import('../domains/domain-ownership.ts')
  const sites = [...new Set(previews.map(siteOf))]
  return session.flatMap((cookie) => {
    const unpartitioned = toStored(cookie, new URL(baseUrl).hostname)
    if (!cookie.partitioned) return [unpartitioned]
    return sites.map((site) => ({
      ...unpartitioned,
      partitionKey: site,
      _crHasCrossSiteAncestor: site !== siteOf(baseUrl),
    }))
  })
}

/**
 * Returns a cookie as the preview's own proxy sets it: a first-party cookie of the preview's host
 * (https://github.com/neondatabase/neon-pkgs/blob/main/packages/auth/src/server/proxy/response.ts).
 */
const previewCookie = (cookie: SetCookie, host: string): StoredCookie => ({
  ...toStored(cookie, host),
  path: '/',
  secure: true,
  sameSite: 'Lax',
})

/**
 * Returns the storage state. Works for an app whose pages call the auth host, and for an app that proxies the
 * auth service on its own origin.
 */
export const createStorageState = async (parts: SessionParts): Promise<StorageState> => {
  const { baseUrl, previews, session, bypass } = parts
  const authHost = new URL(baseUrl).hostname
  const hosts = [...new Set(previews.map((origin) => new URL(origin).hostname))]
  const previewHosts = hosts.filter((host) => host !== authHost)
  return {
    cookies: [
      ...(await authHostCookies(parts)),
      ...previewHosts.flatMap((host) => session.map((cookie) => previewCookie(cookie, host))),
      ...[...bypass].flatMap(([origin, cookies]) =>
        cookies.map((cookie) => toStored(cookie, new URL(origin).hostname)),
      ),
    ],
    origins: [],
  }
}

/**
 * Writes a storage state to a new file in the runner's temporary folder, and returns the path. Only the
 * runner's user can read the file. Throws {@link Problem} if it cannot be written.
 */
export const writeStorageState = (state: StorageState, env: NodeJS.ProcessEnv): string => {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  const path = join(folder, `neon-auth-session-${randomUUID()}.json`)
  try {
    // `wx` fails if the file exists, so the file never has another mode or owner.
    writeFileSync(path, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new Problem({
      what: `Could not write the storage state: ${messageOf(error)}`,
      why: "the runner's temporary folder (RUNNER_TEMP) is missing or not writable",
      fix: 'make sure that no step deletes that folder, and run the job again',
      cause: error,
    })
  }
  return path
}
