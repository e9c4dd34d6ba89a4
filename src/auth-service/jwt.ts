import { createPublicKey, type JsonWebKey, type VerifyKeyObjectInput, verify } from 'node:crypto'
import { oneLine } from '../core/text.ts'

/** What a JWT must match. */
export interface JwtExpectation {
  /** The keys of the JWKS. */
  readonly keys: readonly unknown[]
  readonly issuer: string
  /** Unix time in ms. */
  readonly now: number
}

/** How far the clocks may be apart, in seconds. */
const CLOCK_SKEW = 60

type SignatureOptions = Pick<VerifyKeyObjectInput, 'padding' | 'saltLength' | 'dsaEncoding'>

/** RSA-PSS (https://nodejs.org/api/crypto.html#crypto-constants). */
const PSS: SignatureOptions = { padding: 6, saltLength: -1 }
const P1363: SignatureOptions = { dsaEncoding: 'ieee-p1363' }

/** The algorithms that Better Auth signs with: https://www.better-auth.com/docs/plugins/jwt. */
const ALGORITHMS: Readonly<
  Record<string, readonly [digest: string | null, options: SignatureOptions]>
> = {
  EdDSA: [null, {}],
  ES256: ['sha256', P1363],
  ES512: ['sha512', P1363],
  RS256: ['sha256', {}],
  PS256: ['sha256', PSS],
}

const decodePart = (part: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const signatureFault = (token: string, keys: readonly unknown[]): string | undefined => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { alg, kid } = decodePart(header)
  const [digest, options] = ALGORITHMS[String(alg)] ?? []
  if (digest === undefined || options === undefined)
    return `its algorithm is ${oneLine(String(alg), 40)}, which this action cannot check`
  const key = keys.find((one) => (one as { kid?: unknown } | null)?.kid === kid)
  if (kid === undefined || key === undefined)
    return `the JWKS has no key with its ID (${oneLine(String(kid), 80)})`
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const isSigned = verify(
      digest,
      Buffer.from(`${header}.${payload}`),
      { key: publicKey, ...options },
      Buffer.from(signature, 'base64url'),
    )
    return isSigned ? undefined : 'its signature does not match the key in the JWKS'
  } catch {
    return 'the key in the JWKS with its ID cannot be used'
  }
}

/**
 * Returns why a JWT is invalid, or `undefined` if it is valid: signed by a key in the JWKS, issued by `issuer`,
 * and not expired. Never throws, and never quotes the token.
 */
export const jwtFault = (
  token: string,
  { keys, issuer, now }: JwtExpectation,
): string | undefined => {
  if (token.split('.').length !== 3) return 'it is not a JWT'
  const fault = signatureFault(token, keys)
  if (fault !== undefined) return fault
  const { iss, exp } = decodePart(token.split('.')[1] ?? '')
  if (iss !== issuer) return `its issuer is ${oneLine(String(iss), 200)}, not ${issuer}`
  return typeof exp === 'number' && exp + CLOCK_SKEW > now / 1000 ? undefined : 'it has expired'
}
