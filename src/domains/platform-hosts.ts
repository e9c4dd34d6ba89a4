/**
 * Consoles, dashboards, and code hosts, subdomains included. They never serve a preview, but some platforms
 * report their console as the URL of a deployment. Previews are on other domains, such as `vercel.app`.
 */
const CONSOLES = [
  'aws.amazon.com',
  'bitbucket.org',
  'circleci.com',
  'cloud.digitalocean.com',
  'cloudflare.com',
  'console.cloud.google.com',
  'console.deno.com',
  'console.firebase.google.com',
  'dash.deno.com',
  'fly.io',
  'github.com',
  'githubusercontent.com',
  'gitlab.com',
  'heroku.com',
  'koyeb.com',
  'neon.com',
  'netlify.com',
  'northflank.com',
  'portal.azure.com',
  'railway.com',
  'render.com',
  'supabase.com',
  'vercel.com',
  'console.neon.tech',
  'zeabur.com',
]
/** Consoles on domains whose other subdomains are apps. */
const EXACT_CONSOLES = ['railway.app', 'www.railway.app', 'backboard.railway.app']

/**
 * Returns the console or code host that `hostname` belongs to, if any. `githubHost` is the host of
 * `GITHUB_SERVER_URL`, which is not `github.com` on GitHub Enterprise Server.
 */
export const findConsole = (hostname: string, githubHost?: string): string | undefined =>
  CONSOLES.find((host) => hostname === host || hostname.endsWith(`.${host}`)) ??
  EXACT_CONSOLES.find((host) => hostname === host) ??
  (hostname === githubHost ? githubHost : undefined)
