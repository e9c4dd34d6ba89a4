/** Replaces the client for OIDC tokens in the bundle. This action requests none. */
export const OidcClient = {
  getIDToken() {
    throw new Error('OIDC tokens are not part of this bundle (scripts/bundle/replace.ts)')
  },
}
