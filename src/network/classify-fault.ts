import type { NetworkFault } from './errors.ts'

/** Node's error codes for an untrusted certificate (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const UNTRUSTED_CERTIFICATE_CODES = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const WRONG_CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const TLS_INSPECTION: NetworkFault = {
  why: 'a proxy or firewall decrypts TLS connections (TLS inspection), and Node.js does not trust its certificate',
  fix: 'save its CA certificate as a PEM file on the runner and set NODE_EXTRA_CA_CERTS to its path, in the `env` of this step or for the whole runner',
  isPermanent: true,
}

const WRONG_CERTIFICATE: NetworkFault = {
  why: "the certificate has expired, is not valid yet, or was issued for another host (it may be a proxy's, or the runner's clock may be wrong)",
  fix: "check the runner's clock, its proxy (HTTPS_PROXY, NO_PROXY), and `api_host`",
  isPermanent: true,
}

const PROXY_LOGIN: NetworkFault = {
  why: 'the proxy in HTTPS_PROXY requires a user name and password, or rejected the ones it got',
  fix: 'set HTTPS_PROXY to http://user:password@host:port (percent-encode special characters), or list the host in NO_PROXY',
  isPermanent: true,
}

const PROXY_REFUSAL: NetworkFault = {
  why: 'the proxy in HTTPS_PROXY does not let this runner connect to the host',
  fix: 'allow the host in the proxy, or list it in NO_PROXY if the runner reaches it directly',
  isPermanent: true,
}

/** Returns the status of a proxy that refused to open a tunnel, or 0. undici reports it only in the message. */
const tunnelStatus = (message: string): number =>
  Number(/^Proxy response \((\d+)\)/.exec(message)?.[1] ?? 0)

/**
 * Returns the fault in the network setup that caused a request's error: TLS inspection, a wrong certificate, or
 * a proxy that refuses to connect. Returns `undefined` for any other error. Pure.
 */
export const networkFault = (error: unknown): NetworkFault | undefined => {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && UNTRUSTED_CERTIFICATE_CODES.has(code)) return TLS_INSPECTION
  if (typeof code === 'string' && WRONG_CERTIFICATE_CODES.has(code)) return WRONG_CERTIFICATE
  const status = tunnelStatus(String(message))
  if (status === 407) return PROXY_LOGIN
  return status >= 400 && status < 500 ? PROXY_REFUSAL : undefined
}
