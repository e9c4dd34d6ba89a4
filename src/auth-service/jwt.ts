import {
  constants,
  createPublicKey,
  type JsonWebKey,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto'
import { type Fields, parseFields } from '../core/fields.ts'
import { oneLine } from '../core/text.ts'

/** What a JWT is checked against. */
export interface JwtExpectation {
  /** The keys of the JWKS. */
  readonly keys: readonly unknown[]
  readonly issuer: string
  /** Unix time in ms. */
  readonly now: number
}

/** How far apart the clocks of the service and the runner may be, in seconds. */
const CLOCK_SKEW = 60

type SignatureOptions = Pick<VerifyKeyObjectInput, 'padding' | 'saltLength' | 'dsaEncoding'>

/** RSA-PSS (https://nodejs.org/api/crypto.html#crypto-constants). */
const PSS: SignatureOptions = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}
/** JWS signatures are the two raw numbers, not DER (https://www.rfc-editor.org/rfc/rfc7518#section-3.4). */
const P1363: SignatureOptions = { dsaEncoding: 'ieee-p1363' }

/** The signing algorithms of Better Auth: https://www.better-auth.com/docs/plugins/jwt. */
const ALGORITHMS: Readonly<
  Record<string, readonly [digest: string | null, options: SignatureOptions]>
> = {
  EdDSA: [null, {}],
  ES256: ['sha256', P1363],
  ES512: ['sha512', P1363],
  RS256: ['sha256', {}],
  PS256: ['sha256', PSS],
}

const decodePart = (part: string): Fields => parseFields(Buffer.from(part, 'base64url').toString())

/** Returns a value of a JWT as text for a message. Uses JSON for non-strings, because `String` could throw. */
const formatValue = (value: unknown, length: number): string =>
  oneLine(typeof value === 'string' ? value : String(JSON.stringify(value)), length)

const signatureFault = (token: string, keys: readonly unknown[]): string | undefined => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { alg, kid } = decodePart(header)
  const algorithm = typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg) && ALGORITHMS[alg]
  if (!algorithm) return `its algorithm is ${formatValue(alg, 40)}, which this action cannot check`
  const [digest, options] = algorithm
  const key = keys.find((jwk) => (jwk as { kid?: unknown } | null)?.kid === kid)
  if (kid === undefined || key === undefined)
    return `the JWKS has no key with its key ID (${formatValue(kid, 80)})`
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const isValid = verify(
      digest,
      Buffer.from(`${header}.${payload}`),
      { key: publicKey, ...options },
      Buffer.from(signature, 'base64url'),
    )
    return isValid ? undefined : 'its signature does not match the key in the JWKS'
  } catch {
    return 'the key that it names in the JWKS cannot be used'
  }
}

/**
 * Returns why a JWT is invalid, or `undefined` if it is valid: signed by a key in the JWKS, issued by `issuer`,
 * and not expired. Quotes only its algorithm, key ID, and issuer.
 */
export const jwtFault = (
  token: string,
  { keys, issuer, now }: JwtExpectation,
): string | undefined => {
  if (token.split('.').length !== 3) return 'it is not a JWT'
  const fault = signatureFault(token, keys)
  if (fault !== undefined) return fault
  const { iss, exp } = decodePart(token.split('.')[1] ?? '')
  if (iss !== issuer) return `its issuer is ${formatValue(iss, 200)}, not ${issuer}`
  return typeof exp === 'number' && exp + CLOCK_SKEW > now / 1000 ? undefined : 'it has expired'
}
