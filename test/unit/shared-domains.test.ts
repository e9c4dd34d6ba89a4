import { describe, expect, it } from 'vitest'
import type { PullRequest } from '../../src/github/pull-request.ts'
import { deploymentsOfOthers, successfulOrigins } from '../../src/preview/shared-domains.ts'

const pull = (number: number, more: Partial<PullRequest> = {}): PullRequest => ({
  number,
  state: 'open',
  headSha: `sha-${number}`,
  headRef: `feat/${number}`,
  isSameRepository: true,
  isFork: false,
  ...more,
})

const fork = pull(9, { isSameRepository: false, isFork: true })
const unknownHead: PullRequest = {
  number: 10,
  state: 'open',
  isSameRepository: true,
  isFork: false,
}

const belongsToOther = (deployed: { readonly sha?: string; readonly ref?: string }): boolean =>
  deploymentsOfOthers(
    [{ id: 1, environment: 'Preview', isFlaggedProduction: false, ...deployed }],
    { open: [pull(7), pull(8), fork, unknownHead], number: 7, defaultBranch: 'main' },
  ).length === 1

describe('a deployment of another pull request', () => {
  it.each<[string, object, boolean]>([
    ['if it has the head of another open pull request', { sha: 'sha-8' }, true],
    ["if it has the head of a fork's pull request", { sha: 'sha-9' }, true],
    ['if it has the git branch of another', { sha: 'older', ref: 'feat/8' }, true],
    ['if it has the full name of that git branch', { ref: 'refs/heads/feat/8' }, true],
    ["but not if it only has the name of a fork's git branch", { ref: 'feat/9' }, false],
    ['if it has the merge ref of another', { ref: 'refs/pull/8/merge' }, true],
    ['but not if it has the merge ref of a closed one', { ref: 'refs/pull/5/merge' }, false],
    ['if it has the default branch', { sha: 'tip', ref: 'main' }, true],
    ['but not if it has the head of this one', { sha: 'sha-7', ref: 'feat/7' }, false],
    ['but not if it has a commit of a closed one', { sha: 'sha-5', ref: 'sha-5' }, false],
    ['but not if neither its commit nor the head of another is known', {}, false],
  ])('counts as one %s', (_, deployed, result) => {
    expect(belongsToOther(deployed)).toBe(result)
  })
})

it('only the origins of successful deployments are shared', () => {
  const statuses = [
    { state: 'inactive', url: 'https://gone.example' },
    { state: 'success' },
    { state: 'success', url: 'https://Shop.example:443/path' },
  ]
  const deployment = { id: 1, environment: 'Preview', isFlaggedProduction: false, statuses }
  expect([...successfulOrigins([deployment])]).toEqual(['https://shop.example'])
})
