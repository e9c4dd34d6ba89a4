// Builds a site that contains only the URL of its auth service.
import { mkdirSync, writeFileSync } from 'node:fs'

mkdirSync('dist', { recursive: true })
writeFileSync('dist/auth-url.txt', process.env['VITE_NEON_AUTH_URL'] ?? '')
