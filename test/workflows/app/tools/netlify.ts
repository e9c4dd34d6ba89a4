#!/usr/bin/env node
// `netlify deploy --alias=… --json`, to the local deploy target.
import { option, requireVariable, upload } from './upload.ts'

requireVariable('NETLIFY_AUTH_TOKEN')
requireVariable('NETLIFY_SITE_ID')
console.log(JSON.stringify({ deploy_url: await upload(option('alias')) }))
