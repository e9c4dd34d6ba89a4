import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { createApp } from './app.ts'

const required = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set. README.md explains where to find the value.`)
  return value
}

const port = Number(process.env['PORT'] ?? 3000)
const app = createApp({
  jwksUrl: required('NEON_AUTH_JWKS_URL'),
  issuer: required('NEON_AUTH_ISSUER'),
  folder: resolve(import.meta.dirname, '../dist'),
})
createServer(app).listen(port, () => console.log(`Listening on http://localhost:${port}`))
