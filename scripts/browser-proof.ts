import { readFileSync, rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { PROXY_PATH, type PreviewSite, startPreviewSite } from '../test/browser/preview-site.ts'
import type { Step } from '../test/runner.ts'
import { type BrowserSetup, withBrowser } from './browser-setup.ts'
import { check, heading, runAndPrint, say } from './terminal.ts'

// Tests a preview from its users' point of view. Chromium opens a page on the preview's origin and signs up
// with Better Auth's own client, before and after runs of the built bundle. Only a browser sets the
// Origin header itself, sends CORS preflights, and decides which cookies to keep.

/** The hosts of the preview and of a stranger's site. */
const HOSTS = ['pr-7.shop.test', 'evil.test']
const BRANCH = 'preview/pr-7-new-checkout'

interface Setup extends BrowserSetup<PreviewSite> {
  readonly preview: string
  readonly stranger: string
}

/** Runs the action for the pull request's event, and deploys with its outputs. Returns the outputs. */
const step = async (setup: Setup, action: string, inputs: Step['inputs'] = {}) => {
  const { exitCode, outputs } = await runAndPrint(setup, action, inputs)
  say()
  check(exitCode === 0, `the step exits with ${exitCode}, action_taken = ${outputs.action_taken}`)
  if (outputs.base_url) setup.site.deploy(outputs.base_url)
  return outputs
}

const withPage = async <T>(
  { browser }: Setup,
  origin: string,
  use: (page: Page) => Promise<T>,
): Promise<T> => {
  const page = await browser.openPage()
  try {
    await page.goto(origin)
    return await use(page)
  } finally {
    await page.close()
  }
}

/** Returns the text of an element, once it has some. */
const readText = async (page: Page, id: string): Promise<string> =>
  (await page.locator(`#${id}:not(:empty)`).textContent()) ?? ''

/** Submits the sign-up form of a page. Returns the result that the page shows. */
const submitSignUp = async (page: Page, email: string): Promise<string> => {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign up' }).click()
  return readText(page, 'answer')
}

const signUp = (setup: Setup, origin: string, email: string): Promise<string> =>
  withPage(setup, origin, (page) => submitSignUp(page, email))

/** Opens a page on `origin`. Returns what it shows: its signed-in user, `nobody`, or an error. */
const signedInUser = (setup: Setup, origin: string): Promise<string> =>
  withPage(setup, origin, (page) => readText(page, 'session'))

const isRefusal = (result: string): boolean => result === '403 INVALID_ORIGIN'

const opened = async (setup: Setup): Promise<void> => {
  const { neon, preview } = setup
  heading(1, 'The pull request opens: its preview is deployed with base_url, but not trusted yet')
  await neon.createBranch({ name: BRANCH })
  await step(setup, 'opened')
  const { allowLocalhost, trustedDomains } = neon.branch(BRANCH)
  check(!allowLocalhost, `the branch trusts ${trustedDomains.join(', ')}, and no localhost`)
  neon.clearRequests()
  const result = await signUp(setup, preview, 'ada@example.com')
  check(isRefusal(result), `Ada signs up on ${preview}: ${result}`)
  const requests = neon.requests.filter(({ path }) => path.endsWith('/sign-up/email'))
  check(
    requests.length === 2 && requests.every(({ origin }) => origin === preview),
    `Chromium sent ${requests.map(({ method, origin, status }) => `${method} (${status}) as ${origin}`).join(', ')}`,
  )
}

const trusted = async (setup: Setup): Promise<void> => {
  const { preview, stranger } = setup
  heading(2, 'The action runs again, with the URL of the deployment')
  await step(setup, 'opened', { trusted_domains: preview })
  const before = await signedInUser(setup, preview)
  check(before === 'nobody', `Ada opens the page and is signed in as: ${before}`)
  const result = await signUp(setup, preview, 'ada@example.com')
  check(result === 'welcome ada@example.com', `Ada signs up on ${preview}: ${result}`)
  const session = await signedInUser(setup, preview)
  check(session === 'ada@example.com', `Ada opens the page again and is signed in as: ${session}`)
  const refused = await signUp(setup, stranger, 'eve@example.com')
  check(isRefusal(refused), `Eve signs up on ${stranger}: ${refused}`)
}

const untrusted = async (setup: Setup): Promise<void> => {
  heading(3, 'The pull request is closed with on_close: untrust, so auth stays on for others')
  await step(setup, 'closed', { trusted_domains: setup.preview, on_close: 'untrust' })
  const result = await signUp(setup, setup.preview, 'bob@example.com')
  check(isRefusal(result), `Bob signs up on ${setup.preview}: ${result}`)
}

const reopened = async (setup: Setup): Promise<void> => {
  heading(4, 'The pull request is reopened')
  await step(setup, 'reopened', { trusted_domains: setup.preview })
  const result = await signUp(setup, setup.preview, 'bob@example.com')
  check(result === 'welcome bob@example.com', `Bob signs up on ${setup.preview}: ${result}`)
}

/** Returns the signed-in user of an app on the page's origin that proxies the auth service. */
const signedInThroughProxy = async (page: Page): Promise<string> => {
  const session = await page.evaluate(
    (path) => fetch(path).then((response) => response.json()),
    `${PROXY_PATH}/get-session`,
  )
  return (session as { user: { email: string } } | null)?.user.email ?? 'nobody'
}

/** Returns one line for each cookie, without the values that differ between sessions. */
const withoutValues = (cookies: readonly object[]): string =>
  cookies
    .map((cookie) =>
      JSON.stringify({ ...cookie, value: '', expires: 0 }, Object.keys(cookie).sort()),
    )
    .join('\n')

const withSession = async (setup: Setup): Promise<void> => {
  const { browser, preview, stranger } = setup
  heading(5, 'Playwright starts with the session that e2e_session opened')
  const outputs = await step(setup, 'synchronize', {
    trusted_domains: preview,
    e2e_session: 'true',
  })
  const { storage_state: path = '', session_user: user = '' } = outputs
  await browser.withStorageState(path, async (context) => {
    const page = await context.newPage()
    for (const [origin, expected] of [
      [preview, user],
      [stranger, 'nobody'],
    ] as const) {
      await page.goto(origin)
      const direct = await readText(page, 'session')
      check(direct === expected, `a page on ${origin} that calls the auth service: ${direct}`)
      const proxied = await signedInThroughProxy(page)
      check(proxied === expected, `an app on ${origin} that proxies it: ${proxied}`)
    }
    const stored = withoutValues(JSON.parse(readFileSync(path, 'utf8')).cookies)
    await context.clearCookies()
    await page.goto(preview)
    await submitSignUp(page, 'carol@example.com')
    const fromChromium = withoutValues((await context.storageState()).cookies)
    check(
      fromChromium !== '' && stored.includes(fromChromium),
      'Chromium stores the cookie of the auth service in the same way',
    )
  })
  rmSync(path)
}

const closed = async (setup: Setup): Promise<void> => {
  const { neon, preview } = setup
  heading(6, 'The pull request is closed for good: auth is disabled')
  await step(setup, 'closed', { e2e_session: 'true' })
  const result = await signUp(setup, preview, 'late@example.com')
  check(result.startsWith('404'), `Somebody signs up on ${preview}: ${result}`)
  const session = await signedInUser(setup, preview)
  check(session.startsWith('404'), `Bob opens the page and is signed in as: ${session}`)
  const users = (await neon.users(BRANCH)).map(({ email }) => email).sort()
  check(
    users.join() === 'ada@example.com,bob@example.com,carol@example.com',
    `the refused sign-ups left nothing, the test user is gone, and the branch's users are: ${users.join(', ')}`,
  )
  check(neon.contractBreaches.length === 0, "Local Neon followed Neon's API description")
}

await withBrowser(
  'a preview with one page',
  HOSTS,
  () => startPreviewSite(HOSTS),
  async (services) => {
    const [preview = '', stranger = ''] = HOSTS.map(services.site.origin)
    const setup = { ...services, preview, stranger }
    const { browser, neon } = setup
    say(`Chromium ${browser.version} is on ${preview}, the auth service on ${neon.origin}.`)
    for (const part of [opened, trusted, untrusted, reopened, withSession, closed])
      await part(setup)
  },
)
