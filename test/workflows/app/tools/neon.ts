#!/usr/bin/env node
// `neon deploy --branch …`: deploys the function `shop` to a branch of Local Neon.
import { option, requireVariable } from './upload.ts'

requireVariable('NEON_API_KEY')
if (process.argv[2] !== 'deploy' || !option('project-id')) throw new Error('only `deploy` is known')
const { origin } = new URL(process.env['LOCAL_NEON_API'] ?? '')
const response = await fetch(`${origin}/_local/functions`, {
  method: 'PUT',
  body: JSON.stringify({ branch: option('branch'), slugs: ['shop'] }),
})
if (!response.ok) throw new Error(`the deploy answered ${response.status}`)
