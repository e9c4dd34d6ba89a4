import { urlsOf } from '../auth/urls.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { NeonClient } from '../neon/client.ts'
import { describeErrorResponse, NeonApiError, UnexpectedResponseError } from '../neon/errors.ts'
import { LostResponseError } from '../network/errors.ts'
import { type BranchAuth, knownValue, type Reading } from './observations.ts'

const EXPECTED_ERRORS = [LostResponseError, UnexpectedResponseError, Problem]

const describeFailure = (error: unknown): string | undefined => {
  if (error instanceof NeonApiError) return describeErrorResponse(error)
  return EXPECTED_ERRORS.some((type) => error instanceof type)
    ? oneLine(messageOf(error))
    : undefined
}

/** Runs `read`, and returns its result or why it failed. Throws unexpected errors, and `RunAborted`. */
export const tryRead = async <T>(read: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return { value: await read() }
  } catch (error) {
    const failure = describeFailure(error)
    if (failure === undefined || error instanceof RunAborted) throw error
    return { failure }
  }
}

/**
 * Reads everything that the doctor checks about a branch's auth, with all requests in parallel. A failed read
 * becomes part of the result. Throws `RunAborted`.
 */
export const readBranchAuth = async (neon: NeonClient, branchId: string): Promise<BranchAuth> => {
  const [integration, domains, plugins, webhook, allowLocalhost] = await Promise.all([
    tryRead(() => neon.getAuth(branchId)),
    tryRead(async () => (await neon.listDomains(branchId))?.map(({ domain }) => domain)),
    tryRead(() => neon.getPlugins(branchId)),
    tryRead(() => neon.getWebhook(branchId)),
    tryRead(() => neon.getAllowLocalhost(branchId)),
  ])
  const known = knownValue(integration)
  const urls = known && urlsOf(known)
  return { integration, domains, plugins, webhook, allowLocalhost, ...(urls && { urls }) }
}
