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

describe('a deployment', () => {
  it.each<[string, object]>([
    ['the head of another open pull request', { sha: 'sha-8' }],
    ["the head of a fork's open pull request", { sha: 'sha-9' }],
    ['the git branch of another open pull request', { sha: 'older', ref: 'feat/8' }],
    ['the full name of that git branch', { ref: 'refs/heads/feat/8' }],
    ['the merge ref of another open pull request', { ref: 'refs/pull/8/merge' }],
    ['the default branch', { sha: 'tip', ref: 'main' }],
  ])('with %s belongs to another owner', (_, deployed) => {
    expect(belongsToOther(deployed)).toBe(true)
  })

  it.each<[string, object]>([
    ["only the name of a fork's git branch", { ref: 'feat/9' }],
    ['the merge ref of a closed pull request', { ref: 'refs/pull/5/merge' }],
    ['the head of this pull request', { sha: 'sha-7', ref: 'feat/7' }],
    ['a commit of a closed pull request', { sha: 'sha-5', ref: 'sha-5' }],
    ['neither a commit nor a git branch', {}],
  ])('with %s belongs to no other owner', (_, deployed) => {
    expect(belongsToOther(deployed)).toBe(false)
  })
})

it('only a success with a URL gives a deployment an origin', () => {
  const statuses = [
    { state: 'inactive', url: 'https://gone.example' },
    { state: 'success' },
    { state: 'success', url: 'https://Shop.example:443/path' },
  ]
  const deployment = { id: 1, environment: 'Preview', isFlaggedProduction: false, statuses }
  expect([...successfulOrigins([deployment])]).toEqual(['https://shop.example'])
})
