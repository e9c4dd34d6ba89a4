#!/usr/bin/env node
// `playwright test`: signs the test user in on the preview, as a browser there would, or starts with a
// storage state.
import { readFileSync } from 'node:fs'

const {
  BASE_URL = '',
  NEON_AUTH_BASE_URL = '',
  E2E_EMAIL,
  E2E_PASSWORD,
  STORAGE_STATE,
} = process.env

const startSignedIn = async (path: string): Promise<void> => {
  const { cookies } = JSON.parse(readFileSync(path, 'utf8'))
  const host = new URL(NEON_AUTH_BASE_URL).hostname
  const cookie = cookies
    .filter(({ domain }: { domain: string }) => domain === host)
    .map(({ name, value }: { name: string; value: string }) => `${name}=${value}`)
    .join('; ')
  const response = await fetch(`${NEON_AUTH_BASE_URL}/get-session`, { headers: { cookie } })
  const session = (await response.json()) as { user: { email: string } } | null
  if (session?.user.email !== E2E_EMAIL) throw new Error('the storage state signs nobody in')
  console.log(`started signed in as ${E2E_EMAIL}`)
}

const signIn = async (): Promise<void> => {
  const response = await fetch(`${NEON_AUTH_BASE_URL}/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: BASE_URL, 'sec-fetch-mode': 'cors' },
    body: JSON.stringify({ email: E2E_EMAIL, password: E2E_PASSWORD }),
  })
  if (!response.ok) throw new Error(`sign-in on ${BASE_URL}: ${response.status}`)
  console.log(`signed in on ${BASE_URL}`)
}

if (process.argv[2] === 'test') await (STORAGE_STATE ? startSignedIn(STORAGE_STATE) : signIn())
