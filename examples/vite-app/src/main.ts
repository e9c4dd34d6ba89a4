import { isAuthError } from '@neondatabase/auth'
import { auth, currentToken } from './auth.ts'

const find = <T extends HTMLElement>(selector: string): T => {
  const found = document.querySelector<T>(selector)
  if (!found) throw new Error(`The page has no ${selector}.`)
  return found
}

const signedOut = find<HTMLFormElement>('#signed-out')
const signedIn = find('#signed-in')
const message = find<HTMLOutputElement>('#message')

const show = (text: string): void => {
  message.value = text
}

/** Shows the part of the page that fits, and who is signed in. */
const refresh = async (): Promise<void> => {
  const { data } = await auth.getSession()
  signedOut.hidden = Boolean(data)
  signedIn.hidden = !data
  find('#user').textContent = data?.user.email ?? ''
}

const enter = async (action: string, email: string, password: string): Promise<void> => {
  if (action === 'sign-up') await auth.signUp.email({ email, password, name: email })
  else await auth.signIn.email({ email, password })
  show('')
  await refresh()
}

const leave = async (): Promise<void> => {
  await auth.signOut()
  show('Signed out')
  await refresh()
}

const callBackend = async (): Promise<void> => {
  const token = await currentToken()
  const answer = await fetch('/api/me', { headers: { authorization: `Bearer ${token}` } })
  const { email, error } = (await answer.json()) as { email?: string; error?: string }
  show(answer.ok ? `The backend knows you as ${email}` : `The backend refused: ${error}`)
}

/** Does the work and shows why it failed. Neon's client throws whatever the auth service refuses. */
const attempt = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    show(isAuthError(error) ? `Refused: ${error.status} ${error.message}` : String(error))
  }
}

signedOut.addEventListener('submit', (event) => {
  event.preventDefault()
  const entered = new FormData(signedOut, event.submitter)
  const value = (name: string): string => String(entered.get(name))
  void attempt(() => enter(value('action'), value('email'), value('password')))
})
find('#call').addEventListener('click', () => void attempt(callBackend))
find('#sign-out').addEventListener('click', () => void attempt(leave))
// A page that cannot reach the auth service still shows its form.
void attempt(refresh).finally(() => {
  if (signedIn.hidden) signedOut.hidden = false
})
