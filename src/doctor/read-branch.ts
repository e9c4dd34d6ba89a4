import { urlsOf } from '../auth/urls.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { NeonClient } from '../neon/client.ts'
import { describeRefusal, NeonApiError, UnexpectedResponseError } from '../neon/errors.ts'
import { LostResponseError } from '../network/errors.ts'
import type { BranchAuth, Reading } from './observations.ts'

const EXPECTED = [LostResponseError, UnexpectedResponseError, Problem]

const whyUnread = (error: unknown): string | undefined => {
  if (error instanceof NeonApiError) return describeRefusal(error)
  return EXPECTED.some((kind) => error instanceof kind) ? oneLine(messageOf(error)) : undefined
}

/**
 * Runs `read`, and returns its result or why it failed. Only errors that are no answer, such as the end of
 * the run, propagate.
 */
export const reading = async <T>(read: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return { value: await read() }
  } catch (error) {
    const unread = whyUnread(error)
    if (unread === undefined || error instanceof RunAborted) throw error
    return { unread }
  }
}

/**
 * Reads everything about a branch's auth that the doctor looks at, with all requests in parallel. What
 * cannot be read is marked as such. Throws only if the run ends.
 */
export const readBranchAuth = async (neon: NeonClient, branchId: string): Promise<BranchAuth> => {
  const [integration, domains, plugins, webhook, allowLocalhost] = await Promise.all([
    reading(() => neon.getAuth(branchId)),
    reading(async () => (await neon.listDomains(branchId))?.map(({ domain }) => domain)),
    reading(() => neon.getPlugins(branchId)),
    reading(() => neon.getWebhook(branchId)),
    reading(() => neon.getAllowLocalhost(branchId)),
  ])
  const urls = 'value' in integration && integration.value ? urlsOf(integration.value) : undefined
  return { integration, domains, plugins, webhook, allowLocalhost, ...(urls && { urls }) }
}
