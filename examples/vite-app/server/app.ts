import { readFile } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { verifierFor } from './verify.ts'

/** The configuration of the backend. */
export interface AppOptions {
  /** The output `jwks_url` of the action. */
  readonly jwksUrl: string
  /** The output `issuer` of the action. */
  readonly issuer: string
  /** The folder that `vite build` wrote. */
  readonly folder: string
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const sendFile = async (response: ServerResponse, folder: string, path: string): Promise<void> => {
  const file = normalize(path === '/' ? '/index.html' : path)
  const content = await readFile(join(folder, file)).catch(() => undefined)
  if (!content) return sendJson(response, 404, { error: 'not found' })
  response.writeHead(200, {
    'content-type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
  })
  response.end(content)
}

/** Returns the app: `/api/me` returns the signed-in user, and all other paths are files of the page. */
export const createApp = ({ jwksUrl, issuer, folder }: AppOptions): RequestListener => {
  const verify = verifierFor(jwksUrl, issuer)
  return async ({ url = '/', headers }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    if (pathname !== '/api/me') return sendFile(response, folder, pathname)
    try {
      const { id, email } = await verify(headers.authorization)
      sendJson(response, 200, { id, email })
    } catch (error) {
      sendJson(response, 401, { error: error instanceof Error ? error.message : 'not signed in' })
    }
  }
}
