import { type Browser, findChromium, startChromium } from '../test/browser/chromium.ts'
import { type LocalGitHub, startLocalGitHub } from '../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import { secondsSince } from './script.ts'
import { faint, say } from './terminal.ts'

/** The services and the browser of a proof. Production has auth, but trusts no preview and no localhost. */
export interface BrowserSetup<Site> {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly site: Site
  readonly browser: Browser
}

interface Closable {
  close(): Promise<void>
}

/**
 * Starts everything that a proof in Chromium needs, runs `prove`, and closes everything, even after a
 * failure. The browser resolves `hosts` to this machine. If there is no Chromium, only prints a line.
 */
export const withBrowser = async <Site extends Closable>(
  siteName: string,
  hosts: readonly string[],
  startSite: () => Promise<Site>,
  prove: (setup: BrowserSetup<Site>) => Promise<void>,
): Promise<void> => {
  const chromium = findChromium()
  if (chromium === undefined) return say('skipped: no Chromium on this machine')
  const started = performance.now()
  const open: Closable[] = []
  const closeLater = async <T extends Closable>(starting: Promise<T>): Promise<T> => {
    const service = await starting
    open.push(service)
    return service
  }
  try {
    say(`Starting Local Neon, ${siteName}, and Chromium`)
    // A scripted browser would exceed the auth service's rate limit.
    const neon = await closeLater(startLocalNeon({ rateLimit: false }))
    const github = await closeLater(startLocalGitHub())
    const site = await closeLater(startSite())
    const rules = [...hosts, '127.0.0.1'].map((host) => `MAP ${host} 127.0.0.1`)
    const browser = await closeLater(startChromium(chromium, rules))
    await neon.enableAuth('main', { domains: ['https://shop.test'], allowLocalhost: false })
    await prove({ neon, github, site, browser })
    say(`\n${faint(`Done in ${secondsSince(started)} seconds.`)}`)
  } finally {
    await Promise.all(open.map((service) => service.close()))
  }
}
