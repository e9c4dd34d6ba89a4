import tls from 'node:tls'
import { afterAll, beforeAll } from 'vitest'

// Nock answers before any TLS handshake ends. Preparing a handshake still takes a fifth of these tests' CPU, mostly for
// certificate stores and post-quantum keys, so all connections share one context with a cheap key.

const create = tls.createSecureContext
const CONTEXT_OPTIONS = [
  'ca',
  'cert',
  'crl',
  'key',
  'maxVersion',
  'minVersion',
  'pfx',
  'secureOptions',
] as const

/** Makes all TLS connections of a test file share one context, except those with their own certificates or TLS settings. */
export const shareTlsContext = (): void => {
  beforeAll(() => {
    const shared = create({ ecdhCurve: 'X25519' })
    tls.createSecureContext = (options = {}) =>
      CONTEXT_OPTIONS.some((name) => options[name] !== undefined) ? create(options) : shared
  })
  afterAll(() => {
    tls.createSecureContext = create
  })
}
