import type { Page } from 'playwright-core'
import { type ExampleSite, startExampleSite } from '../test/browser/example-site.ts'
import type { Step, StepResult } from '../test/runner.ts'
import { type BrowserSetup, withBrowser } from './browser-setup.ts'
import { check, heading, runAndPrint, say } from './terminal.ts'

// Opens the example app (examples/vite-app) on a preview in Chromium. The app uses Neon's own client, and is
// built with only the variables that a run of the action exports.

const HOST = 'pr-7.shop.test'
const BRANCH = 'preview/pr-7-new-checkout'
const ADA = 'ada@example.com'

interface Setup extends BrowserSetup<ExampleSite> {
  readonly preview: string
}

const step = async (
  setup: Setup,
  action: string,
  inputs: Step['inputs'] = {},
): Promise<StepResult> => {
  const finished = await runAndPrint(setup, action, inputs)
  say()
  check(
    finished.exitCode === 0,
    `the step exits with ${finished.exitCode}, action_taken = ${finished.outputs.action_taken}`,
  )
  return finished
}

/** Waits for a message that matches. Returns the message of the page, even if none ever matches. */
const readMessage = async (page: Page, text: RegExp): Promise<string> => {
  const output = page.locator('#message').filter({ hasText: text })
  await output.waitFor().catch(() => undefined)
  return (await page.locator('#message').textContent()) ?? ''
}

const click = (page: Page, button: string): Promise<void> =>
  page.getByRole('button', { name: button }).click()

/** Fills in the form of the page as Ada, and submits it. */
const submit = async (page: Page, button: 'Sign up' | 'Sign in'): Promise<void> => {
  await page.getByLabel('Email').fill(ADA)
  await page.getByLabel('Password').fill('correct horse battery')
  await click(page, button)
}

const checkMessage = async (page: Page, text: RegExp, action: string): Promise<void> => {
  const message = await readMessage(page, text)
  check(text.test(message), `${action}: ${message}`)
}

const checkSignedIn = async (page: Page, action: string): Promise<void> => {
  const user = page.locator('#user:visible', { hasText: ADA })
  const isShown = await user.waitFor().then(
    () => true,
    () => false,
  )
  check(isShown, action)
}

const withPage = async (setup: Setup, use: (page: Page) => Promise<void>): Promise<void> => {
  const page = await setup.browser.openPage()
  try {
    await page.goto(setup.preview)
    await use(page)
  } finally {
    await page.close()
  }
}

const built = async (setup: Setup): Promise<void> => {
  heading(1, 'The pull request opens: the example is built with the exported variables')
  await setup.neon.createBranch({ name: BRANCH })
  const { outputs, exported } = await step(setup, 'opened', { export_env: 'true' })
  const { jwks_url: jwksUrl = '', issuer = '' } = outputs
  await setup.site.deploy({ env: exported, jwksUrl, issuer })
  await withPage(setup, async (page) => {
    await submit(page, 'Sign up')
    await checkMessage(page, /403/, `Ada signs up on ${setup.preview}, which is not trusted yet`)
  })
}

const trusted = async (setup: Setup): Promise<void> => {
  heading(2, 'The action runs again, with the URL of the deployment')
  await step(setup, 'opened', { trusted_domains: setup.preview })
  await withPage(setup, async (page) => {
    await submit(page, 'Sign up')
    await checkSignedIn(page, 'Ada signs up and is signed in')
    await click(page, 'Sign out')
    await checkMessage(page, /Signed out/, 'she signs out')
    await submit(page, 'Sign in')
    await checkSignedIn(page, 'she signs in again')
    await click(page, 'Call the backend')
    await checkMessage(page, /The backend knows you as ada@example\.com/, 'she calls the backend')
  })
  await withPage(setup, (page) =>
    checkSignedIn(page, 'she opens the page again and is still signed in'),
  )
}

const checkInvalidToken = async (setup: Setup): Promise<void> => {
  await withPage(setup, async (page) => {
    const status = await page.evaluate(async () => {
      const headers = { authorization: 'Bearer nothing.of.value' }
      return (await fetch('/api/me', { headers })).status
    })
    check(status === 401, `the backend answers an invalid token with ${status}`)
  })
}

const closed = async (setup: Setup): Promise<void> => {
  heading(3, 'The pull request is closed: auth is disabled')
  await step(setup, 'closed')
  await withPage(setup, async (page) => {
    await checkMessage(page, /404/, 'Ada opens the page')
    await submit(page, 'Sign in')
    await checkMessage(page, /404/, 'she signs in')
  })
  check(setup.neon.contractBreaches.length === 0, "Local Neon followed Neon's API description")
}

say()
await withBrowser(
  'a preview for examples/vite-app',
  [HOST],
  () => startExampleSite(HOST),
  async (services) => {
    const setup = { ...services, preview: services.site.origin(HOST) }
    for (const part of [built, trusted, checkInvalidToken, closed]) await part(setup)
  },
)
