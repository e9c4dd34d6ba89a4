/// <reference lib="dom" />
import { createAuthClient } from 'better-auth/client'

// The script of a preview's page as its team would write it: Better Auth's own client with the URL
// from the deploy. It shows in the page what happened.

const find = <T extends Element>(selector: string): T => {
  const found = document.querySelector<T>(selector)
  if (!found) throw new Error(`the page has no ${selector}`)
  return found
}

const form = find<HTMLFormElement>('form')
const answer = find<HTMLOutputElement>('#answer')
const session = find<HTMLOutputElement>('#session')
const auth = createAuthClient({ baseURL: find<HTMLMetaElement>('meta[name=auth-url]').content })

interface Refusal {
  status: number
  code?: string | undefined
  message?: string | undefined
}

/** The auth service's error: `403 INVALID_ORIGIN`. */
const refusal = (error: Refusal): string =>
  `${error.status} ${error.code ?? error.message ?? ''}`.trim()

const signUp = async (): Promise<string> => {
  const entered = new FormData(form)
  const email = String(entered.get('email'))
  const password = String(entered.get('password'))
  const { data, error } = await auth.signUp.email({ email, password, name: email })
  return error ? refusal(error) : `welcome ${data.user.email}`
}

const currentSession = async (): Promise<string> => {
  const { data, error } = await auth.getSession()
  return error ? refusal(error) : (data?.user.email ?? 'nobody')
}

/** Shows the result, even if the request got no response (CORS, no network). */
const show = async (output: HTMLOutputElement, ask: () => Promise<string>): Promise<void> => {
  output.value = await ask().catch(String)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void show(answer, signUp)
})
void show(session, currentSession)
