/** Patterns for the hosts of single builds, and how each platform forms the stable alias. */
const PER_BUILD_HOSTS: readonly [RegExp, string][] = [
  [
    // Nine letters may be a word, as in `acme-dashboard-team`. Only about one hash in twenty has no digit.
    /-(?=[a-z]*\d)[a-z0-9]{9}-[a-z0-9-]+\.vercel\.app$/,
    'Vercel: <project>-git-<branch>-<team>.vercel.app',
  ],
  [
    /^https:\/\/[0-9a-f]{24}--[^.]+\.netlify\.app$/,
    'Netlify: deploy-preview-<number>--<site>.netlify.app',
  ],
  [/^https:\/\/[0-9a-f]{8}\.[^.]+\.pages\.dev$/, 'Cloudflare: <branch>.<project>.pages.dev'],
]

/**
 * Returns the form of the stable alias to use instead if `domain` is the host of a single build. Each build
 * gets a new host, and the old ones would pile up in the list of trusted domains.
 */
export const stableAlias = (domain: string): string | undefined =>
  PER_BUILD_HOSTS.find(([pattern]) => pattern.test(domain) && !domain.includes('-git-'))?.[1]
