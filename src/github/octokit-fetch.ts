import type { HttpRequest } from '../network/messages.ts'
import type { SendToGitHub } from './transport.ts'

const hasNoBody = (status: number): boolean => [204, 205, 304].includes(status)

/**
 * Returns a `fetch` for Octokit that uses this action's network code, with its proxy, limits, and errors. It
 * reads the whole response first, because Octokit reads bodies outside its error handling, where a truncated
 * body would look empty.
 */
export const octokitFetch =
  (send: SendToGitHub): typeof fetch =>
  async (url, { method, headers, body } = {}) => {
    const response = await send({
      method: method as HttpRequest['method'],
      url: String(url),
      headers: headers as Record<string, string>,
      ...(typeof body === 'string' && { body }),
    })
    const { status, text } = response
    return new Response(hasNoBody(status) ? null : text, {
      status,
      headers: { ...response.headers },
    })
  }
