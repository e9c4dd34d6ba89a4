import { describe, expect, it, vi } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import { toProblem } from '../../src/neon/errors.ts'
import { networkFault } from '../../src/network/classify-fault.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { checkProxy, completeProxies } from '../../src/network/proxy.ts'

const NEON = 'https://console.neon.tech/api/v2'

/** Returns the error message if a request to `url` needs an unsupported proxy, or `undefined`. */
const refusalOf = (env: NodeJS.ProcessEnv, url = NEON): string | undefined => {
  try {
    checkProxy({ method: 'GET', path: '/projects', url }, env)
    return undefined
  } catch (error) {
    return messageOf(toProblem(error, 'Could not read the project.'))
  }
}

describe('a proxy', () => {
  it.each([
    ['localhost:3128', 'http://localhost:3128'],
    ['proxy.example', 'http://proxy.example'],
    ['//proxy.example:8080', 'http://proxy.example:8080'],
    [' proxy.example:8080/ ', 'http://proxy.example:8080/'],
    ['ada:pw@proxy.example:8080', 'http://ada:pw@proxy.example:8080'],
    ['https://proxy.example', 'https://proxy.example'],
    ['socks5://proxy.example', 'socks5://proxy.example'],
    ['', ''],
  ])('set to %j is used as %j', (value, url) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      const env = { [name]: value }
      completeProxies(env)
      expect(env).toEqual({ [name]: url })
    }
  })

  it.each([
    [
      'socks5://proxy.example:1080',
      /GET \/projects failed: the proxy in HTTPS_PROXY \(socks5:\/\/…\) is not supported\n[\s\S]*list console\.neon\.tech in NO_PROXY/,
    ],
    ['socks5h://ada:secret@proxy.example', /\(socks5h:\/\/…\)/],
    ['ftp://proxy.example', /\(ftp:\/\/…\)/],
    ['http://', /the proxy in HTTPS_PROXY \(http:\/\/…\) is not supported/],
    ['http://ada:50%@proxy.example', /percent-encoded/],
    ['ada:secret://proxy.example', /the proxy in HTTPS_PROXY is not supported/],
  ])('%s is refused, and the error does not show its password', (proxy, message) => {
    const refusal = refusalOf({ HTTPS_PROXY: proxy })
    expect(refusal).toMatch(message)
    expect(refusal).not.toMatch(/secret|50%/)
  })

  it.each([
    ['http://proxy.example:3128', NEON],
    ['http://ada:l%40ve@proxy.example', NEON],
    ['https://proxy.example', NEON],
    ['socks5://proxy.example', 'http://127.0.0.1:1234/api/v2'],
    ['', NEON],
  ])('set to %j allows a request to %s', (proxy, url) => {
    expect(refusalOf({ HTTPS_PROXY: proxy, HTTP_PROXY: proxy }, url)).toBeUndefined()
  })

  it('is checked before a request without TLS too', () => {
    const url = 'http://git.example/api/v1'
    expect(refusalOf({ HTTP_PROXY: 'socks5://proxy.example' }, url)).toMatch(/in HTTP_PROXY/)
    expect(refusalOf({ HTTPS_PROXY: 'socks5://proxy.example' }, url)).toBeUndefined()
  })

  it('is not checked for hosts in NO_PROXY', () => {
    vi.stubEnv('NO_PROXY', 'neon.tech')
    expect(refusalOf({ HTTPS_PROXY: 'socks5://proxy.example' })).toBeUndefined()
  })

  it("in a lowercase variable takes precedence, as in the runner's toolkit", () => {
    const env = { https_proxy: 'http://proxy.example', HTTPS_PROXY: 'socks5://proxy.example' }
    expect(refusalOf(env)).toBeUndefined()
  })
})

describe('a misconfigured network', () => {
  const fault = (error: object) => networkFault(Object.assign(new Error('failed'), error))

  it.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('is explained with NODE_EXTRA_CA_CERTS: %s', (code) => {
    expect(fault({ code })?.fix).toContain('NODE_EXTRA_CA_CERTS')
  })

  it.each([
    [{ code: 'CERT_HAS_EXPIRED' }, /clock/],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /issued for another host/],
    [{ message: 'Proxy response (407) !== 200 when HTTP Tunneling' }, /user name and password/],
    [{ message: 'Proxy response (403) !== 200 when HTTP Tunneling' }, /does not let this runner/],
    [{ message: 'Proxy response (400) !== 200 when HTTP Tunneling' }, /does not let this runner/],
    [{ message: 'Proxy response (499) !== 200 when HTTP Tunneling' }, /does not let this runner/],
  ])('is the permanent cause of %j', (error, why) => {
    expect(fault(error)).toMatchObject({ why: expect.stringMatching(why), isPermanent: true })
  })

  it.each([
    { code: 'ECONNRESET' },
    { message: 'Proxy response (500) !== 200 when HTTP Tunneling' },
    { message: 'Proxy response (502) !== 200 when HTTP Tunneling' },
    { message: 'socket hang up' },
  ])('is not the cause of %j, which may be temporary', (error) => {
    expect(fault(error)).toBeUndefined()
  })

  it('is named in the error, with the request ID', () => {
    const request = { method: 'GET', path: '/auth', requestId: 'id-1' }
    const messageFor = (code: string) =>
      messageOf(
        toProblem(new LostResponseError(request, code, undefined, fault({ code })), 'No luck.'),
      )
    expect(messageFor('SELF_SIGNED_CERT_IN_CHAIN')).toMatch(
      /SELF_SIGNED_CERT_IN_CHAIN \[request ID id-1\]\nLikely cause: .*TLS inspection.*\nFix: .*NODE_EXTRA_CA_CERTS/,
    )
    expect(messageFor('ECONNRESET')).toMatch(/\[request ID id-1\]\nLikely cause: the network/)
  })
})

describe('the error for a timeout', () => {
  const timeoutMessage = (seconds: number, ...responses: number[]) => {
    const deadline = startDeadline(seconds, new AbortController().signal)
    for (const ms of responses) deadline.recordResponse(ms)
    return messageOf(deadline.abortError('waiting for GET /auth'))
  }

  it('says how long responses take, and which timeout is long enough', () => {
    expect(timeoutMessage(5, 1400, 1600)).toMatch(
      /^The run timed out after 5 seconds while waiting for GET \/auth\.\nResponses took 1\.5 seconds on average \(2 so far\)\.\n[\s\S]*set `timeout` to at least 30$/,
    )
  })

  it.each([
    ['responses were fast', timeoutMessage(180, 100, 300)],
    ['responses were fast and the timeout is short', timeoutMessage(2, 30, 40)],
    ['there were no responses', timeoutMessage(5)],
  ])('suggests no value if %s', (_, message) => {
    expect(message).not.toMatch(/on average|at least/)
    expect(message).toContain('increase `timeout`')
  })
})
