// A site that only knows where its users sign in.
import { mkdirSync, writeFileSync } from 'node:fs'

mkdirSync('dist', { recursive: true })
writeFileSync('dist/auth-url.txt', process.env['VITE_NEON_AUTH_URL'] ?? '')
