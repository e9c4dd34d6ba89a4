import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BrowserContext, type Page, chromium as playwright } from 'playwright-core'

/** A Chromium that reaches only the hosts that its host rules map. */
export interface Browser {
  readonly version: string
  openPage(): Promise<Page>
  /** Runs `use` in a separate browser that starts with the storage state in the file `path`, as Playwright's tests do. */
  withStorageState<T>(path: string, use: (context: BrowserContext) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Returns the machine's Chromium: CHROME_PATH if set, otherwise Debian's, otherwise the first on the PATH. */
export const findChromium = (): string | undefined => {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  // An invalid CHROME_PATH is used too, because skipping it would hide the mistake.
  return (
    process.env['CHROME_PATH'] ||
    ['/usr/bin', ...onPath].map((folder) => join(folder, 'chromium')).find(isExecutable)
  )
}

const argumentsFor = (hostRules: readonly string[]): string[] => [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--ignore-certificate-errors',
  // The first matching rule counts. Other hosts do not exist, so no name is ever looked up.
  `--host-resolver-rules=${[...hostRules, 'MAP * ~NOTFOUND'].join(', ')}`,
]

/** Starts Chromium without a window and with a temporary profile. */
export const startChromium = async (
  executablePath: string,
  hostRules: readonly string[],
): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
  const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  const options = {
    executablePath,
    headless: true,
    timeout: 20_000,
    args: argumentsFor(hostRules),
  }
  try {
    const context = await playwright.launchPersistentContext(profile, options)
    context.setDefaultTimeout(10_000)
    return {
      version: context.browser()?.version() ?? '',
      openPage: () => context.newPage(),
      withStorageState: async (storageState, use) => {
        const another = await playwright.launch(options)
        try {
          const started = await another.newContext({ storageState })
          started.setDefaultTimeout(10_000)
          return await use(started)
        } finally {
          await another.close()
        }
      },
      close: async () => {
        await context.close()
        removeProfile()
      },
    }
  } catch (error) {
    removeProfile()
    throw error
  }
}
