import { createAuthClient } from '@neondatabase/auth'

/** Neon's client. Vite writes the URL into the page at build time. */
export const auth = createAuthClient(import.meta.env['VITE_NEON_AUTH_URL'])

/** Returns the JWT of the signed-in user, for the backend. Neon's client keeps it in the session. */
export const currentToken = async (): Promise<string | undefined> => {
  const { data } = await auth.getSession()
  return data?.session.token
}
