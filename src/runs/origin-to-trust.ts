import { messageOf } from '../core/problem.ts'
import { isLoopback } from '../domains/loopback.ts'
import { parseDomain, shownUrl } from '../domains/origin.ts'
import type { RunContext } from './context.ts'

const parseReported = async (url: string): Promise<string> => {
  const origin = await parseDomain(url)
  if (isLoopback(new URL(origin).hostname)) throw new Error('a deployment cannot be on localhost')
  return origin
}

/** Returns the origin of a URL that a deployment reported. One that cannot be trusted is a warning. */
export const originToTrust = async (
  url: string,
  { log }: RunContext,
): Promise<string | undefined> => {
  try {
    return await parseReported(url)
  } catch (error) {
    log.warning(
      `The deployment's URL ${shownUrl(url)} is not trusted: ${messageOf(error)}. If the preview has another URL, pass it in \`trusted_domains\`.`,
    )
    return undefined
  }
}
