import type { Dispatcher } from 'undici'
import connect from 'undici/lib/api/api-connect.js'
import UndiciDispatcher from 'undici/lib/dispatcher/dispatcher.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

// The proxy agent calls `connect` on another dispatcher. undici's main module adds that method to all
// dispatchers, but the bundle does not contain that module.
Object.assign(UndiciDispatcher.prototype, { connect })

/** Creates the dispatcher for an HTTP proxy. Import this module lazily: most runs have no proxy. */
export const createProxyAgent = ({ href, username, password }: URL): Dispatcher => {
  const login = Buffer.from(`${username}:${password}`).toString('base64')
  return new ProxyAgent({ uri: href, ...((username || password) && { token: `Basic ${login}` }) })
}
