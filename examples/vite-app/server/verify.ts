import { createRemoteJWKSet, jwtVerify } from 'jose'

/** Who sent a request. */
export interface User {
  readonly id: string
  readonly email: string
}

/**
 * Returns a function that verifies the header `Authorization: Bearer <JWT>` and rejects everything
 * that Neon Auth did not sign for this branch. The issuer matters: a new branch has copies of its
 * parent's signing keys, so the signature alone would also accept tokens of other branches.
 */
export const verifierFor = (
  jwksUrl: string,
  issuer: string,
): ((authorization: string | undefined) => Promise<User>) => {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  return async (authorization = '') => {
    const token = authorization.replace(/^Bearer /, '')
    const { payload } = await jwtVerify(token, keys, { issuer })
    return { id: payload.sub ?? '', email: String(payload['email']) }
  }
}
