import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { findConsole } from '../domains/platform-hosts.ts'
import { LostResponseError } from '../network/errors.ts'
import type { HttpResponse, Send } from '../network/messages.ts'
import { cookiesOf, type SetCookie } from '../network/set-cookie.ts'
import { registerCookie } from './register-cookie.ts'

/** The dependencies for getting Vercel's cookies. */
export interface BypassContext {
  readonly send: Send
  readonly log: Log
}

/** Returns whether a cookie is from Vercel, but not from its login page. */
const isBypass = ({ name }: SetCookie): boolean =>
  /^(__Host-|__Secure-)?_?vercel/i.test(name) && !name.includes('sso_nonce')

/** Returns whether a response looks like Vercel's login. The app's own front page may redirect too. */
const isLogin = ({ status, headers, setCookie = [] }: HttpResponse): boolean => {
  const target = URL.parse(headers['location'] ?? '')
  const isRedirect = status >= 300 && status < 400
  return (
    status === 401 ||
    status === 403 ||
    (isRedirect && target !== null && findConsole(target.hostname) !== undefined) ||
    setCookie.some((cookie) => cookie.includes('sso_nonce'))
  )
}

const openPreview = async (
  origin: string,
  headers: Record<string, string>,
  { send }: BypassContext,
): Promise<HttpResponse> => {
  try {
    return await send({ method: 'GET', url: `${origin}/`, path: origin, headers })
  } catch (error) {
    if (!(error instanceof LostResponseError)) throw error
    throw new Problem({
      what: `Could not open the preview ${origin}.`,
      response: oneLine(error.summary),
      why: error.fault?.why ?? 'the preview is down, or the runner cannot reach it',
      fix:
        error.fault?.fix ??
        'open the preview in a browser, and check the proxy of the runner (HTTPS_PROXY, NO_PROXY)',
      cause: error,
    })
  }
}

const noCookieProblem = (origin: string, { status }: HttpResponse): Problem =>
  new Problem({
    what: `Vercel does not let this run open the preview ${origin}.`,
    response: `The response to GET ${origin} with the secret was ${status}, without a bypass cookie.`,
    why: '`vercel_bypass` is not the secret of this Vercel project, or it was regenerated',
    fix: 'copy the secret from Vercel → Project → Settings → Deployment Protection → Protection Bypass for Automation, and save it as the secret that `vercel_bypass` uses',
  })

/**
 * Gets the cookies that open a preview behind Vercel's deployment protection, and registers them as secrets.
 * Sends the secret only to an https origin with the header `server: Vercel`. Warns and returns an empty array
 * for other origins, and for a preview that is open to everyone. Throws {@link Problem} if Vercel refuses the
 * secret, or if the preview cannot be reached.
 * https://vercel.com/docs/deployment-protection/methods-to-bypass-deployment-protection/protection-bypass-automation
 */
export const getBypassCookies = async (
  origin: string,
  secret: string,
  context: BypassContext,
): Promise<SetCookie[]> => {
  const withoutSecret = origin.startsWith('https:')
    ? await openPreview(origin, {}, context)
    : undefined
  if (!withoutSecret || !/^vercel$/i.test(withoutSecret.headers['server'] ?? '')) {
    context.log.warning(
      `\`vercel_bypass\` was not sent to ${origin}, because it is not an https origin that responds with \`server: Vercel\`.`,
    )
    return []
  }
  // The response sets the cookie and redirects to the same page.
  const withSecret = await openPreview(
    origin,
    { 'x-vercel-protection-bypass': secret, 'x-vercel-set-bypass-cookie': 'true' },
    context,
  )
  const cookies =
    withSecret.status < 400 ? cookiesOf(withSecret.setCookie ?? []).filter(isBypass) : []
  for (const cookie of cookies) registerCookie(cookie)
  if (cookies.length > 0) return cookies
  if (isLogin(withoutSecret) || isLogin(withSecret)) throw noCookieProblem(origin, withSecret)
  context.log.warning(`The preview ${origin} is open without \`vercel_bypass\`.`)
  return []
}
