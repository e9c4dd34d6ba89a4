// Deploys to Pages as https://github.com/cloudflare/wrangler-action does: `--branch` becomes the
// alias, and each build has its own URL.
import { appendFileSync, readFileSync } from 'node:fs'

const command = process.env['INPUT_COMMAND'] ?? ''
const argument = (pattern: RegExp): string => {
  const value = pattern.exec(command)?.[1]
  if (!value) throw new Error(`no ${pattern.source} in: ${command}`)
  return value
}

if (!process.env['INPUT_APITOKEN']) throw new Error('apiToken is empty')
const folder = argument(/^pages deploy (\S+)/)
const branch = argument(/--branch=(\S+)/)
const project = argument(/--project-name=(\S+)/)
const response = await fetch(`${process.env['DEPLOY_TARGET']}/deployments`, {
  method: 'POST',
  body: JSON.stringify({
    name: branch,
    files: { 'auth-url.txt': readFileSync(`${folder}/auth-url.txt`, 'utf8') },
    project,
  }),
})
const { url } = (await response.json()) as { url: string }
appendFileSync(
  process.env['GITHUB_OUTPUT'] ?? '',
  `deployment-url=https://0123abcd.${project}.pages.dev\npages-deployment-alias-url=${url}\n`,
)
