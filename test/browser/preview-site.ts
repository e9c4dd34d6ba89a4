import type { IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { type HttpsServer, startHttpsServer } from './https-server.ts'

/** The same small page on several hosts. */
export interface PreviewSite extends HttpsServer {
  /** Makes pages that are loaded from now on use this auth service. */
  deploy(baseUrl: string): void
}

const bundlePage = async (): Promise<string> => {
  const bundle = await rolldown({
    input: resolve(import.meta.dirname, 'preview-page.ts'),
    platform: 'browser',
  })
  const { output } = await bundle.generate({ format: 'es' })
  await bundle.close()
  return output[0].code
}

const page = (baseUrl: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="auth-url" content="${baseUrl}">
<link rel="icon" href="data:,">
<title>A preview</title>
<form>
  <label>Email <input name="email" type="email" required></label>
  <label>Password <input name="password" type="password" required></label>
  <button>Sign up</button>
</form>
<p>Answer: <output id="answer"></output></p>
<p>Signed in: <output id="session"></output></p>
<script type="module" src="/page.js"></script>
</html>
`

/** The path below which the site proxies the auth service, as an app with a server does. */
export const PROXY_PATH = '/api/auth'

/** Returns the auth service's response to a GET with the page's cookies, as an app that proxies the service does. */
const proxiedBody = async (baseUrl: string, { url = '', headers }: IncomingMessage) => {
  const response = await fetch(`${baseUrl}${url.slice(PROXY_PATH.length)}`, {
    headers: { cookie: headers.cookie ?? '' },
  })
  return response.text()
}

/** Bundles the page's script for browsers, and serves it. */
export const startPreviewSite = async (hosts: readonly string[]): Promise<PreviewSite> => {
  const script = await bundlePage()
  let deployed = ''
  const server = await startHttpsServer(hosts, async (request, response) => {
    const { url } = request
    if (url?.startsWith(PROXY_PATH)) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(await proxiedBody(deployed, request))
      return
    }
    const isScript = url === '/page.js'
    const type = isScript ? 'text/javascript' : 'text/html; charset=utf-8'
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(isScript ? script : page(deployed))
  })
  return {
    ...server,
    deploy: (baseUrl) => {
      deployed = baseUrl
    },
  }
}
