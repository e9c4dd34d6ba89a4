import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { createGitHub, GitHubError } from '../../src/github/client.ts'
import { fetchPullRequest } from '../../src/github/endpoints/pull-requests.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createHttp } from '../../src/network/http.ts'
import { SILENT_LOG } from '../fakes.ts'
import { listen } from '../loopback.ts'
import { REPOSITORY } from '../payloads.ts'

const tunnels: string[] = []
const logins: (string | undefined)[] = []
// This proxy opens no tunnel, so nothing reaches the network.
const proxy = createServer().on('connect', ({ url, headers }, socket) => {
  tunnels.push(url ?? '')
  logins.push(headers['proxy-authorization'])
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
})

let proxyOrigin = ''

beforeAll(async () => {
  proxyOrigin = await listen(proxy)
})
beforeEach(() => {
  tunnels.length = 0
  logins.length = 0
  vi.stubEnv('HTTPS_PROXY', proxyOrigin)
  vi.stubEnv('NO_PROXY', '')
})
afterAll(() => proxy.close())

describe('a run behind a proxy', () => {
  it('sends every request through the proxy, and counts a request as lost if no tunnel opens', async () => {
    const http = createHttp(startDeadline(10, new AbortController().signal), SILENT_LOG)
    for (const host of ['console.example', 'auth.example']) {
      const request = { method: 'GET', url: `https://${host}/x`, path: '/x' } as const
      await expect(http.once(request)).rejects.toBeInstanceOf(LostResponseError)
    }
    expect(tunnels).toEqual(['console.example:443', 'auth.example:443'])
  })

  it.each([
    ['ada:l%40ve@', 'ada:l@ve'],
    ['ada@', 'ada:'],
    [':token@', ':token'],
    ['', undefined],
  ])('logs in with the credentials in its URL: %j', async (userinfo, login) => {
    vi.stubEnv('HTTPS_PROXY', proxyOrigin.replace('//', `//${userinfo}`))
    const http = createHttp(startDeadline(10, new AbortController().signal), SILENT_LOG)
    const request = { method: 'GET', url: 'https://console.example/x', path: '/x' } as const
    await expect(http.once(request)).rejects.toBeInstanceOf(LostResponseError)
    expect(logins).toEqual([
      login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
    ])
  })

  it('does not repeat a request to GitHub if the proxy is not supported', async () => {
    vi.stubEnv('HTTPS_PROXY', 'socks5://proxy.example')
    vi.stubEnv('GITHUB_API_URL', 'https://api.github.example')
    const deadline = startDeadline(10, new AbortController().signal)
    const send = vi.fn(createHttp(deadline, SILENT_LOG).once)
    const github = createGitHub('ghs_local', REPOSITORY, deadline, send)
    if (!github) throw new Error('createGitHub returned no client')
    await expect(fetchPullRequest(github, 2)).rejects.toThrow(
      /^the proxy in HTTPS_PROXY \(socks5:\/\/…\) is not supported$/,
    )
    await expect(fetchPullRequest(github, 2)).rejects.toBeInstanceOf(GitHubError)
    expect(send).toHaveBeenCalledTimes(2)
  })
})
