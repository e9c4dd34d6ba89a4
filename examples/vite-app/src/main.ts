import { isAuthError } from '@neondatabase/auth'
import { auth, currentToken } from './auth.ts'

const findElement = <T extends HTMLElement>(selector: string): T => {
  const element = document.querySelector<T>(selector)
  if (!element) throw new Error(`The page has no ${selector}.`)
  return element
}

const signedOut = findElement<HTMLFormElement>('#signed-out')
const signedIn = findElement('#signed-in')
const message = findElement<HTMLOutputElement>('#message')

const showMessage = (text: string): void => {
  message.value = text
}

/** Shows the signed-in user, or the form if nobody is signed in. */
const refresh = async (): Promise<void> => {
  const { data } = await auth.getSession()
  signedOut.hidden = Boolean(data)
  signedIn.hidden = !data
  findElement('#user').textContent = data?.user.email ?? ''
}

const signUpOrIn = async (action: string, email: string, password: string): Promise<void> => {
  if (action === 'sign-up') await auth.signUp.email({ email, password, name: email })
  else await auth.signIn.email({ email, password })
  showMessage('')
  await refresh()
}

const signOut = async (): Promise<void> => {
  await auth.signOut()
  showMessage('Signed out')
  await refresh()
}

const callBackend = async (): Promise<void> => {
  const token = await currentToken()
  const response = await fetch('/api/me', { headers: { authorization: `Bearer ${token}` } })
  const { email, error } = (await response.json()) as { email?: string; error?: string }
  showMessage(response.ok ? `The backend knows you as ${email}` : `The backend refused: ${error}`)
}

/** Runs `work`. If it fails, shows the error. Neon's client throws if the auth service refuses a request. */
const attempt = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    showMessage(isAuthError(error) ? `Refused: ${error.status} ${error.message}` : String(error))
  }
}

signedOut.addEventListener('submit', (event) => {
  event.preventDefault()
  const fields = new FormData(signedOut, event.submitter)
  const value = (name: string): string => String(fields.get(name))
  void attempt(() => signUpOrIn(value('action'), value('email'), value('password')))
})
findElement('#call').addEventListener('click', () => void attempt(callBackend))
findElement('#sign-out').addEventListener('click', () => void attempt(signOut))
// Show the form even if the auth service cannot be reached.
void attempt(refresh).finally(() => {
  if (signedIn.hidden) signedOut.hidden = false
})
