import { TOKEN } from './local-github/server.ts'
import type { LocalGitHub } from './local-github.ts'
import type { LocalNeon } from './local-neon/local-neon.ts'
import type { Step } from './runner.ts'

/** The preview of the pull request in GitHub's example payloads, and its Neon branch. */
export const PREVIEW = 'https://pr-2.shop.example'
export const BRANCH = 'preview/pr-2'
/** The password that the tests give to users. */
export const PASSWORD = 'correct horse battery'

/** The mail server of production, which previews inherit. */
export const PRODUCTION_MAIL = {
  type: 'standard',
  host: 'smtp.shop.example',
  port: 587,
  username: 'shop',
  password: 'not-to-be-seen',
  sender_email: 'shop@shop.example',
  sender_name: 'Shop',
} as const

/** Returns a step for a `pull_request` event of pull request #2. For other events, replace `event` in the result. */
export const stepOf = (
  { neon, github }: { readonly neon: LocalNeon; readonly github: LocalGitHub },
  action: string,
  inputs: Step['inputs'] = {},
  env: Record<string, string> = {},
): Step => ({
  event: ['pull_request', action, { number: 2 }],
  inputs: {
    api_key: neon.apiKey,
    project_id: neon.projectId,
    api_host: neon.apiHost,
    github_token: TOKEN,
    ...inputs,
  },
  env: { GITHUB_API_URL: github.apiUrl, ...env },
})

const post = async (
  url: string,
  origin: string,
  body: Readonly<Record<string, string>>,
): Promise<number> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify(body),
  })
  await response.text()
  return response.status
}

/** Signs a user up with {@link PASSWORD}, as a browser on `origin` does. Returns the status. */
export const signUp = (
  baseUrl: string | undefined,
  origin: string,
  email: string,
): Promise<number> =>
  post(`${baseUrl}/sign-up/email`, origin, { email, password: PASSWORD, name: email })

/** Signs a user in with {@link PASSWORD}, as a browser on `origin` does. Returns the status. */
export const signIn = (
  baseUrl: string | undefined,
  origin: string,
  email: string,
): Promise<number> => post(`${baseUrl}/sign-in/email`, origin, { email, password: PASSWORD })
