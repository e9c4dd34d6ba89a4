import { createRemoteJWKSet, jwtVerify } from 'jose'

/** The user who sent a request. */
export interface User {
  readonly id: string
  readonly email: string
}

/**
 * Returns a function that verifies the header `Authorization: Bearer <JWT>` and returns its user. The
 * function throws unless Neon Auth signed the JWT for this branch. Always check the issuer: a new branch
 * has copies of its parent's signing keys, so the signature of another branch's token is also valid.
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
