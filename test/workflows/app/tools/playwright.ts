#!/usr/bin/env node
// `playwright test`: signs the test user in on the preview, as a browser there would.
const { BASE_URL = '', NEON_AUTH_BASE_URL = '', E2E_EMAIL, E2E_PASSWORD } = process.env

const signIn = async (): Promise<void> => {
  const response = await fetch(`${NEON_AUTH_BASE_URL}/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: BASE_URL, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify({ email: E2E_EMAIL, password: E2E_PASSWORD }),
  })
  if (!response.ok) throw new Error(`sign-in on ${BASE_URL}: ${response.status}`)
  console.log(`signed in on ${BASE_URL}`)
}

if (process.argv[2] === 'test') await signIn()
