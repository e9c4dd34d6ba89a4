import { expect, it } from 'vitest'
import { type GitHub, GitHubError } from '../../src/github/client.ts'
import { closeScope } from '../../src/preview/close-scope.ts'

const failingGitHub = (status: number, message: string): GitHub => {
  const error = new GitHubError({ status, response: { data: { message } } }, 'pull-requests: read')
  const fail = async () => {
    throw error
  }
  return { repository: 'acme/shop', isApp: true, call: fail, read: fail }
}

it.each([
  [403, 'Resource not accessible by integration', /Fix: add `permissions: pull-requests: read`/],
  [404, 'Not Found', /Fix: add `permissions: pull-requests: read`/],
  [429, 'API rate limit exceeded', /Fix: run the job again, or set `branch`/],
  [503, 'Service Unavailable', /Fix: run the job again, or set `branch`/],
])('explains how to fix a %i from GitHub', async (status, message, fix) => {
  const branch = { id: 'br-1', name: 'preview/changes', isDefault: false, isProtected: false }
  const owned = { branch, by: 'ref', sharedRef: 'changes' } as const
  await expect(closeScope(owned, 2, failingGitHub(status, message))).rejects.toThrow(fix)
})
