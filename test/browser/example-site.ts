import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createApp } from '../../examples/vite-app/server/app.ts'
import { type HttpsServer, startHttpsServer } from './https-server.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const EXAMPLE = join(ROOT, 'examples/vite-app')
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')

/** The inputs of a deploy of the example. */
export interface Deployment {
  /** The variables of the job, for the build. */
  readonly env: Readonly<Record<string, string>>
  readonly jwksUrl: string
  readonly issuer: string
}

/** The example app on a preview's host. */
export interface ExampleSite extends HttpsServer {
  /** Builds the example with these variables and serves it from now on. */
  deploy(deployment: Deployment): Promise<void>
}

const build = async (env: Deployment['env'], folder: string): Promise<void> => {
  const child = spawn(
    process.execPath,
    [VITE, 'build', EXAMPLE, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'inherit' },
  )
  const code = await new Promise((done) => child.on('close', done))
  if (code !== 0) throw new Error(`vite build ended with ${code}`)
}

/** Starts the host, which answers 503 until the first deploy. */
export const startExampleSite = async (host: string): Promise<ExampleSite> => {
  const folder = mkdtempSync(join(tmpdir(), 'example-'))
  let app: RequestListener = (_, response) => response.writeHead(503).end()
  const server = await startHttpsServer([host], (request, response) => app(request, response))
  return {
    ...server,
    deploy: async ({ env, jwksUrl, issuer }) => {
      await build(env, folder)
      app = createApp({ jwksUrl, issuer, folder })
    },
    close: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
