import { oneLine } from '../core/text.ts'
import { isUnderAuthUrl } from './auth-urls.ts'
import { broken, type Finding, ok, risk, unknown } from './finding.ts'
import type { Observations, PreviewObservation, PreviewPage } from './observations.ts'

const rebuildFix = (baseUrl: string): string =>
  `build the preview with the auth URL ${baseUrl} (the output \`base_url\`). Variables that start with \`VITE_\` or \`NEXT_PUBLIC_\` are part of the build, so run this action before the build`

const otherBranchFinding = (
  origin: string,
  url: string,
  { parent }: Observations,
  baseUrl: string,
): Finding => {
  const safeUrl = oneLine(url, 200)
  const parentBase = parent?.urls?.baseUrl
  if (parentBase !== undefined && isUnderAuthUrl(url, parentBase))
    return broken(
      'auth_url_of_another_branch',
      `${origin} was built with the auth URL of its parent branch, ${safeUrl}`,
      "the build used the parent branch's variables, usually production's, so people sign in there, where the preview is probably not trusted",
      rebuildFix(baseUrl),
    )
  if (new URL(url).host === new URL(baseUrl).host)
    return broken(
      'auth_url_differs',
      `${origin} was built with ${safeUrl}, which is not the auth URL of this branch`,
      'the host is right and the path is wrong: a part was cut off, or it names another database',
      rebuildFix(baseUrl),
    )
  return broken(
    'auth_url_of_another_branch',
    `${origin} was built with another auth URL, ${safeUrl}`,
    'the build used the variables of production or of an earlier branch',
    rebuildFix(baseUrl),
  )
}

const urlFindings = (
  origin: string,
  urls: readonly string[],
  observations: Observations,
  baseUrl: string,
): Finding[] => {
  const others = urls.filter((url) => !isUnderAuthUrl(url, baseUrl))
  if (others.length === urls.length)
    return others.slice(0, 1).map((url) => otherBranchFinding(origin, url, observations, baseUrl))
  const otherFindings = others.map((url) =>
    risk(
      'auth_url_differs',
      `${origin} also contains another auth URL, ${oneLine(url, 200)}`,
      "part of the app has a hard-coded URL, such as production's",
      'read the auth URL from one variable everywhere',
    ),
  )
  return [
    ok('auth_url_of_this_branch', `${origin} uses the auth URL of this branch`),
    ...otherFindings,
  ]
}

const describeScripts = ({ scripts: { read, all } }: PreviewPage): string =>
  all === 0 ? 'the page has no scripts of its own' : `${read} of its ${all} scripts were read`

const missingUrlFindings = (
  { origin, proxy }: PreviewObservation,
  page: PreviewPage,
  baseUrl: string,
): Finding[] => {
  const { unset } = page.found
  if (proxy === 'works')
    return [
      unknown(
        'auth_url_hidden',
        `${origin} keeps the auth URL on its server, where the doctor cannot see it`,
        'the app proxies auth requests to the URL in NEON_AUTH_BASE_URL',
        `check that the host sets NEON_AUTH_BASE_URL to ${baseUrl} for this preview`,
      ),
    ]
  if (unset !== undefined)
    return [
      broken(
        'auth_url_unset',
        `${origin} was built without ${unset}`,
        'the variable was unset or empty during the build',
        rebuildFix(baseUrl),
      ),
    ]
  return [
    unknown(
      'auth_url_not_found',
      `No auth URL was found on ${origin}`,
      `the sign-in code may be on another page or may be loaded later (${describeScripts(page)})`,
      `check in the browser's network tab that sign-in goes to ${baseUrl}`,
    ),
  ]
}

const pageFindings = (
  preview: PreviewObservation,
  page: PreviewPage,
  observations: Observations,
  baseUrl: string,
): Finding[] => {
  const { origin } = preview
  const { urls, broken: placeholders } = page.found
  // If the page also has the right auth URL, the missing value belongs to another variable.
  const toFinding = urls.some((url) => isUnderAuthUrl(url, baseUrl)) ? risk : broken
  const missing = placeholders.map((url) =>
    toFinding(
      'auth_url_broken',
      `${origin} contains the URL ${oneLine(url, 100)}`,
      'a variable, such as the auth URL, was unset when the preview was built: the step that should set it did not run or has no such output',
      rebuildFix(baseUrl),
    ),
  )
  if (urls.length > 0) return [...missing, ...urlFindings(origin, urls, observations, baseUrl)]
  return missing.length > 0 ? missing : missingUrlFindings(preview, page, baseUrl)
}

const obstacleFindings = ({ origin, page }: PreviewObservation): Finding[] => {
  if ('value' in page) return []
  if (page.obstacle === 'login')
    return [
      unknown(
        'preview_protected',
        `${origin} could not be read, because its host asks for a login`,
        page.failure,
        'turn deployment protection off temporarily, or check in the browser which auth URL sign-in uses',
      ),
    ]
  const fix =
    page.obstacle === 'redirect'
      ? 'pass the final URL in `trusted_domains`, so that the doctor reads it'
      : 'open the URL in a browser, and check that the runner reaches it'
  return [unknown('preview_unreadable', `${origin} could not be read`, page.failure, fix)]
}

const proxyFindings = ({ origin, proxy }: PreviewObservation): Finding[] => {
  if (proxy === 'none') return []
  if (proxy === 'works')
    return [ok('proxy_works', `${origin} proxies auth requests through its own origin`)]
  return [
    broken(
      'proxy_fails',
      `${origin} proxies auth requests, but they fail: ${oneLine(proxy.fails, 200)}`,
      'the app cannot reach the auth service: NEON_AUTH_BASE_URL or NEON_AUTH_COOKIE_SECRET of the preview is unset or wrong',
      "set both in the host's variables for previews, and deploy again",
    ),
  ]
}

const cookieFindings = (
  { origin, isCrossSite, proxy }: PreviewObservation,
  baseUrl: string,
): Finding[] => {
  if (!isCrossSite || proxy !== 'none') return []
  return [
    risk(
      'third_party_cookies',
      `Safari and private windows may lose the session on ${origin}`,
      `the auth service at ${new URL(baseUrl).host} is another site, so its cookie is a third-party cookie`,
      'proxy auth requests through the preview itself: https://neon.com/docs/auth/reference/nextjs-server for Next.js, or a rewrite (docs/troubleshooting.md#third-party-cookies)',
    ),
  ]
}

/** Returns the findings about the previews' pages, proxies, and cookies. Pure. */
export const previewFindings = (observations: Observations): Finding[] => {
  const { urls } = observations.auth
  return observations.previews.flatMap((preview) => [
    ...obstacleFindings(preview),
    ...proxyFindings(preview),
    ...(urls && 'value' in preview.page
      ? pageFindings(preview, preview.page.value, observations, urls.baseUrl)
      : []),
    ...(urls ? cookieFindings(preview, urls.baseUrl) : []),
  ])
}
