const PER_BUILD: readonly [RegExp, string][] = [
  [/-[a-z0-9]{9}-[a-z0-9-]+\.vercel\.app$/, 'Vercel: <project>-git-<branch>-<team>.vercel.app'],
  [
    /^https:\/\/[0-9a-f]{24}--[^.]+\.netlify\.app$/,
    'Netlify: deploy-preview-<number>--<site>.netlify.app',
  ],
  [/^https:\/\/[0-9a-f]{8}\.[^.]+\.pages\.dev$/, 'Cloudflare: <branch>.<project>.pages.dev'],
]

/**
 * The stable alias to use instead, where `domain` is a host that only one build of a pull request
 * has: the next push makes another, and the list of trusted domains fills with dead ones.
 */
export const stableAlias = (domain: string): string | undefined =>
  PER_BUILD.find(([host]) => host.test(domain) && !domain.includes('-git-'))?.[1]
