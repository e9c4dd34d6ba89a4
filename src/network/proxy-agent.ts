import type { Dispatcher } from 'undici'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

/** Creates the dispatcher for an HTTP proxy. Import this module lazily: most runs have no proxy. */
export const createProxyAgent = ({ href, username, password }: URL): Dispatcher => {
  const login = Buffer.from(`${username}:${password}`).toString('base64')
  return new ProxyAgent({ uri: href, ...((username || password) && { token: `Basic ${login}` }) })
}
