#!/usr/bin/env node
// `vercel pull`, `build`, `deploy --prebuilt`, and `alias`, to the local deploy target. As in the real
// CLI, variables of the process override pulled ones, and `--env NAME` reads the variable of the process.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { requireVariable } from './upload.ts'

const PULLED = '.vercel/.env.preview.local'
const OUTPUT = '.vercel/output/auth-url.txt'

const post = async (deployment: object): Promise<string> => {
  const body = JSON.stringify(deployment)
  const response = await fetch(`${process.env['DEPLOY_TARGET']}/deployments`, {
    method: 'POST',
    body,
  })
  return ((await response.json()) as { url: string }).url
}

const pull = (): void => {
  mkdirSync('.vercel', { recursive: true })
  writeFileSync(PULLED, 'NEXT_PUBLIC_NEON_AUTH_URL="https://production.example.com/auth"\n')
}

const build = (): void => {
  const [, pulled = ''] = /NEON_AUTH_URL="(.*)"/.exec(readFileSync(PULLED, 'utf8')) ?? []
  mkdirSync('.vercel/output', { recursive: true })
  writeFileSync(OUTPUT, process.env['NEXT_PUBLIC_NEON_AUTH_URL'] ?? pulled)
}

const deploy = async (flags: readonly string[]): Promise<void> => {
  const names = flags.filter((_, index) => flags[index - 1] === '--env')
  for (const name of names) requireVariable(name)
  const env = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  const files = { 'auth-url.txt': readFileSync(OUTPUT, 'utf8') }
  process.stdout.write(await post({ name: 'my-shop-abc123def-team', env, files }))
}

const [command = '', ...rest] = process.argv.slice(2)
for (const name of ['VERCEL_TOKEN', 'VERCEL_ORG_ID', 'VERCEL_PROJECT_ID']) requireVariable(name)
if (command === 'pull') pull()
if (command === 'build') build()
if (command === 'deploy') await deploy(rest)
if (command === 'alias') await post({ name: rest[1], files: { 'alias-of': rest[0] } })
