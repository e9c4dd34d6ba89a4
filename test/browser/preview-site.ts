import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { generate } from 'selfsigned'

/** The same small page on several hosts, over https on one port of loopback. */
export interface PreviewSite {
  /** The origin of one of its hosts. */
  origin(host: string): string
  /** Has the pages use this auth service from now on. */
  deploy(baseUrl: string): void
  close(): Promise<void>
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

/** Answers as an app that proxies the auth service on its own origin: with the cookies of that origin. */
const proxied = async (baseUrl: string, { url = '', headers }: IncomingMessage) => {
  const answer = await fetch(`${baseUrl}${url.slice(PROXY_PATH.length)}`, {
    headers: { cookie: headers.cookie ?? '' },
  })
  return answer.text()
}

/** Bundles the page's script for browsers, and serves it with a certificate of its own making. */
export const startPreviewSite = async (hosts: readonly string[]): Promise<PreviewSite> => {
  const altNames = hosts.map((value) => ({ type: 2 as const, value }))
  const [script, pems] = await Promise.all([
    bundlePage(),
    generate([{ name: 'commonName', value: hosts[0] ?? '' }], {
      extensions: [{ name: 'subjectAltName', altNames }],
    }),
  ])
  let deployed = ''
  const server = createServer({ key: pems.private, cert: pems.cert }, async (request, response) => {
    const { url } = request
    if (url?.startsWith(PROXY_PATH)) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(await proxied(deployed, request))
      return
    }
    const isScript = url === '/page.js'
    const type = isScript ? 'text/javascript' : 'text/html; charset=utf-8'
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
    response.end(isScript ? script : page(deployed))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    origin: (host) => `https://${host}:${port}`,
    deploy: (baseUrl) => {
      deployed = baseUrl
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
