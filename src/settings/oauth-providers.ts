import type { NeonAuthOauthProviderId } from '@neon/sdk/raw'

/**
 * The OAuth providers of Neon Auth, and whether Neon has a shared app for each. It refuses the others
 * without credentials (`INVALID_SHARED_OAUTH_PROVIDER`; https://neon.com/docs/auth/guides/setup-oauth).
 */
const HAS_SHARED_APP: Record<NeonAuthOauthProviderId, boolean> = {
  google: true,
  github: false,
  microsoft: false,
  vercel: false,
}

/** The IDs of all OAuth providers. */
export const OAUTH_PROVIDERS = Object.keys(HAS_SHARED_APP) as readonly NeonAuthOauthProviderId[]

/** Returns whether a provider works without credentials, with Neon's shared app. */
export const hasSharedApp = (id: NeonAuthOauthProviderId): boolean => HAS_SHARED_APP[id]
