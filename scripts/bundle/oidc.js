/** Replaces the client for OIDC tokens in the bundle: this action asks for none. */
export const OidcClient = {
  getIDToken() {
    throw new Error('OIDC tokens are not part of this bundle (scripts/bundle/replace.ts)')
  },
}
