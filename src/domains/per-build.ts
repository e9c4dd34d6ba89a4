const PER_BUILD: readonly [RegExp, string][] = [
  [/-[a-z0-9]{9}-[a-z0-9-]+\.vercel\.app$/, 'Vercel: <project>-git-<branch>-<team>.vercel.app'],
  [
    /^https:\/\/[0-9a-f]{24}--[^.]+\.netlify\.app$/,
    'Netlify: deploy-preview-<number>--<site>.netlify.app',
  ],
  [/^https:\/\/[0-9a-f]{8}\.[^.]+\.pages\.dev$/, 'Cloudflare: <branch>.<project>.pages.dev'],
]

/**
 * Returns the stable alias to use instead if `domain` is the host of a single build. Every build has another
 * host, so the list of trusted domains would fill with dead ones.
 */
export const stableAlias = (domain: string): string | undefined =>
  PER_BUILD.find(([host]) => host.test(domain) && !domain.includes('-git-'))?.[1]
