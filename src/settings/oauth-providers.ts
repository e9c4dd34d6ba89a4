import type { NeonAuthOauthProviderId } from '@neon/sdk/raw'

/** An OAuth provider of Neon Auth. */
export interface OauthProvider {
  readonly name: string
  /** The site for editing the provider's OAuth apps. */
  readonly console: { readonly name: string; readonly url: string }
  /**
   * Whether Neon has a shared OAuth app for it. Without credentials, Neon refuses any other provider
   * (`INVALID_SHARED_OAUTH_PROVIDER`; https://neon.com/docs/auth/guides/setup-oauth).
   */
  readonly hasSharedApp: boolean
}

/** Every provider of Neon's API. A missing provider is a type error here. A new one needs no other code. */
export const OAUTH_PROVIDERS: Readonly<Record<NeonAuthOauthProviderId, OauthProvider>> = {
  google: {
    name: 'Google',
    console: {
      name: 'Google Cloud console',
      url: 'https://console.cloud.google.com/apis/credentials',
    },
    hasSharedApp: true,
  },
  github: {
    name: 'GitHub',
    console: {
      name: 'GitHub developer settings',
      url: 'https://github.com/settings/developers',
    },
    hasSharedApp: false,
  },
  microsoft: {
    name: 'Microsoft',
    console: {
      name: 'Microsoft Entra admin center',
      url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
    },
    hasSharedApp: false,
  },
  vercel: {
    name: 'Vercel',
    console: { name: 'Vercel dashboard', url: 'https://vercel.com/dashboard' },
    hasSharedApp: false,
  },
}

/** The IDs of all providers, in the order of the settings file. */
export const OAUTH_PROVIDER_IDS = Object.keys(OAUTH_PROVIDERS) as NeonAuthOauthProviderId[]

/** Returns a provider, or `undefined` if it is newer than this action. */
export const oauthProvider = (id: string): OauthProvider | undefined =>
  Object.hasOwn(OAUTH_PROVIDERS, id) ? OAUTH_PROVIDERS[id as NeonAuthOauthProviderId] : undefined
