import {
  constants,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto'
import { type Fields, fieldsOf, parseFields } from '../core/fields.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'

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
/** An ECDSA signature in a JWS is `r` and `s`, one after the other, not DER (https://www.rfc-editor.org/rfc/rfc7518#section-3.4). */
const P1363: SignatureOptions = { dsaEncoding: 'ieee-p1363' }

interface Algorithm {
  /** The curve or type that its keys have, as Node names it. Strict libraries reject any other key. */
  readonly keyKind: RegExp
  readonly digest: string | null
  readonly options: SignatureOptions
}

/** The signing algorithms of Better Auth: https://www.better-auth.com/docs/plugins/jwt. */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  EdDSA: { keyKind: /^ed(25519|448)$/, digest: null, options: {} },
  ES256: { keyKind: /^prime256v1$/, digest: 'sha256', options: P1363 },
  ES512: { keyKind: /^secp521r1$/, digest: 'sha512', options: P1363 },
  RS256: { keyKind: /^rsa$/, digest: 'sha256', options: {} },
  PS256: { keyKind: /^rsa$/, digest: 'sha256', options: PSS },
}

const keyKindOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined =>
  asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType

interface DecodedJwt {
  readonly header: Fields
  readonly claims: Fields
  /** What the signature covers. */
  readonly signed: string
  readonly signature: Buffer
}

const decodePart = (part: string): Fields => parseFields(Buffer.from(part, 'base64url').toString())

const decode = (token: string): DecodedJwt | undefined => {
  const [header = '', claims = '', signature, ...rest] = token.split('.')
  if (signature === undefined || rest.length > 0) return undefined
  const headerFields = decodePart(header)
  if (Object.keys(headerFields).length === 0) return undefined
  return {
    header: headerFields,
    claims: decodePart(claims),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

const signatureFault = (
  { header, signed, signature }: DecodedJwt,
  keys: readonly unknown[],
): string | undefined => {
  const alg = nonEmptyString(header['alg'])
  const kid = nonEmptyString(header['kid'])
  if (alg === undefined) return 'its header has no `alg`'
  const algorithm = Object.hasOwn(ALGORITHMS, alg) && ALGORITHMS[alg]
  if (!algorithm) return `its algorithm is ${oneLine(alg, 40)}, which this action cannot check`
  if (kid === undefined) return 'its header has no `kid`'
  const key = keys.find((jwk) => fieldsOf(jwk)['kid'] === kid)
  if (key === undefined) return `the JWKS has no key with its key ID (${oneLine(kid, 80)})`
  const { keyKind, digest, options } = algorithm
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    if (!keyKind.test(keyKindOf(publicKey) ?? '')) return `its key in the JWKS is not for ${alg}`
    const isValid = verify(digest, Buffer.from(signed), { key: publicKey, ...options }, signature)
    return isValid ? undefined : 'its signature does not match the key in the JWKS'
  } catch {
    return 'its key in the JWKS cannot be used'
  }
}

const claimsFault = (
  { iss, exp }: Fields,
  { issuer, now }: Pick<JwtExpectation, 'issuer' | 'now'>,
): string | undefined => {
  if (typeof iss !== 'string') return 'it has no `iss` claim'
  if (iss !== issuer) return `its issuer is ${oneLine(iss, 200)}, not ${issuer}`
  if (typeof exp !== 'number') return 'it does not say when it expires'
  return exp + CLOCK_SKEW > now / 1000 ? undefined : 'it has expired'
}

/**
 * Returns why a JWT is invalid, or `undefined` if it is valid: signed by a key in the JWKS, issued by `issuer`,
 * and not expired. Quotes only its algorithm, key ID, and issuer.
 */
export const jwtFault = (token: string, expectation: JwtExpectation): string | undefined => {
  const jwt = decode(token)
  if (!jwt) return 'it is not a JWT'
  return signatureFault(jwt, expectation.keys) ?? claimsFault(jwt.claims, expectation)
}
