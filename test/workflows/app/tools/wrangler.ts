#!/usr/bin/env node
// `wrangler preview --name … --json`, to the local deploy target.
import { option, requireVariable, upload } from './upload.ts'

requireVariable('CLOUDFLARE_API_TOKEN')
requireVariable('CLOUDFLARE_ACCOUNT_ID')
console.log(JSON.stringify({ preview: { urls: [await upload(option('name'))] } }))
