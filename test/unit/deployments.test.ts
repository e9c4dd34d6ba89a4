import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  DeploymentStatus,
  ReportedDeployment,
} from '../../src/github/endpoints/deployments.ts'
import type { PullRequest } from '../../src/github/pull-request.ts'
import { pullRequestOfCommit } from '../../src/preview/deployed-pull-request.ts'
import {
  isDefaultBranch,
  type PreviewRules,
  pullRequestOfRef,
  selectDeployments,
} from '../../src/preview/deployments.ts'

const HEAD = 'a'.repeat(40)
const OLDER = 'b'.repeat(40)
const PULL = { number: 7, headSha: HEAD, headRef: 'feat/login', isFork: false }
const RULES: PreviewRules = { defaultBranch: 'main', environments: [] }
const SHOP_URL = 'https://shop.example'

const success = (url?: string): DeploymentStatus => ({ state: 'success', ...(url && { url }) })
const inState = (state: string, url = SHOP_URL): DeploymentStatus => ({ state, url })

/** Returns a deployment of the head commit. Statuses are newest first, as GitHub lists them. */
const deployment = (
  id: number,
  statuses: readonly DeploymentStatus[],
  more: Partial<ReportedDeployment> = {},
): ReportedDeployment => ({
  id,
  sha: HEAD,
  ref: HEAD,
  environment: 'Preview',
  isFlaggedProduction: false,
  statuses,
  ...more,
})

const select = (
  deployments: readonly ReportedDeployment[],
  pull: Partial<typeof PULL> = {},
  rules: Partial<PreviewRules> = {},
) => {
  const { urls, excluded, unsettled } = selectDeployments(
    deployments,
    { ...PULL, ...pull },
    { ...RULES, ...rules },
  )
  return {
    urls: urls.map(({ url }) => url),
    reasons: excluded.map(({ reason }) => reason),
    unsettled: [...unsettled],
  }
}

const NOT_SUCCESS = ['inactive', 'failure', 'error', 'pending', 'queued', 'in_progress']

describe('a deployment', () => {
  it.each(NOT_SUCCESS)('counts once it has succeeded, even if its newest state is %s', (state) => {
    const { urls, unsettled } = select([deployment(1, [inState(state), success(SHOP_URL)])])
    expect(urls).toEqual([SHOP_URL])
    expect(unsettled).toEqual([])
  })

  it.each(NOT_SUCCESS)('does not count if its only state is %s', (state) => {
    expect(select([deployment(1, [inState(state)])])).toMatchObject({
      urls: [],
      reasons: ['not_successful'],
    })
  })

  it('leaves its environment unsettled unless it was only switched off', () => {
    expect(select([deployment(1, [inState('pending')])]).unsettled).toEqual(['Preview'])
    expect(select([deployment(1, [inState('inactive')])]).unsettled).toEqual([])
  })

  it('counts once, as the newest, if another one has the same environment and URL', () => {
    const both = [1, 2].map((id) => deployment(id, [success(SHOP_URL)], { creator: `app-${id}` }))
    expect(selectDeployments(both, PULL, RULES).urls).toEqual([
      { environment: 'Preview', url: SHOP_URL, creator: 'app-2' },
    ])
  })

  it('does not count without any status', () => {
    expect(select([deployment(1, [])])).toMatchObject({ urls: [], reasons: ['not_successful'] })
  })

  it.each(['failure', 'pending', 'queued', 'in_progress', 'error'])(
    'counts even if a newer redeploy is %s',
    (state) => {
      const redeploy = deployment(2, [inState(state, 'https://new.example')])
      expect(select([redeploy, deployment(1, [inState('inactive'), success(SHOP_URL)])])).toEqual({
        urls: [SHOP_URL],
        reasons: ['not_successful'],
        unsettled: ['Preview'],
      })
    },
  )

  it('counts with the URL of its success, not of another state', () => {
    const statuses = [inState('inactive', 'https://gone.example'), success(SHOP_URL)]
    expect(select([deployment(1, statuses)]).urls).toEqual([SHOP_URL])
  })
})

describe('a success without a URL', () => {
  it('never hides one with a URL: a job may name the environment only for its secrets', () => {
    const job = deployment(2, [success()])
    expect(select([job, deployment(1, [success(SHOP_URL)])])).toMatchObject({
      urls: [SHOP_URL],
      reasons: ['no_url'],
    })
  })

  it('never hides an earlier success of the same deployment', () => {
    expect(select([deployment(1, [success(), success(SHOP_URL)])]).urls).toEqual([SHOP_URL])
  })
})

describe('several apps of one commit', () => {
  it('may share an environment: every distinct URL counts, newest first', () => {
    const apps = [
      deployment(1, [success('https://web.example')]),
      deployment(2, [success('https://docs.example')]),
      deployment(3, [success('https://web.example')]),
    ]
    expect(select(apps).urls).toEqual(['https://web.example', 'https://docs.example'])
  })

  it('may use environments with the names of built-in object properties', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const apps = names.map((environment, id) =>
      deployment(id, [success(`https://e${id}.example`)], { environment }),
    )
    expect(select(apps).urls).toHaveLength(4)
  })
})

describe('selecting the previews of a pull request', () => {
  const deployed = (more: Partial<ReportedDeployment>) => [deployment(1, [success(SHOP_URL)], more)]

  it.each<[string, Partial<ReportedDeployment>, string]>([
    ['to production by name', { environment: 'shop / production' }, 'production'],
    ['flagged as production', { isFlaggedProduction: true }, 'production'],
    ['of the default branch', { ref: 'main' }, 'default_branch'],
    ['of the default branch by its full name', { ref: 'refs/heads/main' }, 'default_branch'],
    ['of another commit', { sha: OLDER }, 'other_commit'],
    ["of another pull request's merge ref", { ref: 'refs/pull/8/merge' }, 'other_pull_request'],
  ])('excludes a deployment %s', (_, more, reason) => {
    expect(select(deployed(more))).toMatchObject({ urls: [], reasons: [reason] })
  })

  it('excludes a success that renames the environment to production', () => {
    const renamed = { ...success(SHOP_URL), environment: 'Production' }
    expect(select([deployment(1, [renamed])])).toMatchObject({ urls: [], reasons: ['production'] })
  })

  it('excludes every deployment if the head ref is the default branch', () => {
    expect(select(deployed({}), { headRef: 'main' })).toMatchObject({
      urls: [],
      reasons: ['default_branch'],
    })
    // A fork's `main` is not the repository's.
    expect(select(deployed({}), { headRef: 'main', isFork: true }).urls).toEqual([SHOP_URL])
  })

  it('includes production that `deployment_environments` names', () => {
    const live = deployed({ environment: 'live', isFlaggedProduction: true })
    expect(select(live, {}, { environments: ['live'] }).urls).toEqual([SHOP_URL])
    expect(select(live, {}, { environments: ['*'] }).urls).toEqual([])
  })
})

describe('a deployment of refs/pull/7/merge', () => {
  const merge = (id: number, url: string, states: readonly DeploymentStatus[] = [success(url)]) =>
    deployment(id, states, { ref: 'refs/pull/7/merge', sha: `${id}`.padStart(40, 'c') })

  it('belongs to pull request 7, and only the newest success per environment counts', () => {
    const deployments = [
      merge(1, 'https://one.example'),
      merge(2, 'https://two.example'),
      merge(3, '', [inState('failure', 'https://three.example')]),
    ]
    expect(select(deployments)).toEqual({
      urls: ['https://two.example'],
      reasons: ['not_successful', 'replaced'],
      unsettled: ['Preview'],
    })
  })

  it('does not hide a deployment of the head commit, and vice versa', () => {
    const deployments = [merge(2, 'https://job.example'), deployment(1, [success(SHOP_URL)])]
    expect(select(deployments).urls).toEqual(['https://job.example', SHOP_URL])
  })
})

describe('the selection', () => {
  const states = ['success', 'failure', 'error', 'inactive', 'pending', 'queued', 'in_progress']
  const urls = fc.integer({ min: 0, max: 30 }).map((index) => `https://e${index}.example`)
  const statuses = fc.array(
    fc
      .record({ state: fc.constantFrom(...states), url: fc.option(urls, { nil: undefined }) })
      .map(({ state, url }) => ({ state, ...(url && { url }) })),
    { maxLength: 4 },
  )
  const environments = fc.constantFrom('Preview', 'prod', 'shop (Live)', 'Docs', 'PRODUCTION 2')
  const deployments = fc.uniqueArray(
    fc.record({
      id: fc.nat(1000),
      sha: fc.constantFrom(HEAD, OLDER),
      ref: fc.constantFrom(HEAD, 'feat/login', 'main', 'refs/pull/7/merge', 'refs/pull/8/merge'),
      environment: environments,
      isFlaggedProduction: fc.boolean(),
      statuses,
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  )
  const patterns = fc.array(fc.constantFrom<string[]>('*', 'Pre*', '!Docs', '!*e', 'prod', 'D*'), {
    maxLength: 3,
  })

  it('never trusts a URL unless a successful preview of this pull request reported it', () => {
    fc.assert(
      fc.property(deployments, patterns, (all, environments) => {
        const { urls: trusted } = select(all, {}, { environments })
        const isProduction = ({ environment, isFlaggedProduction }: ReportedDeployment): boolean =>
          isFlaggedProduction || /prod|live/i.test(environment)
        for (const url of trusted) {
          const sources = all.filter(({ statuses }) =>
            statuses.some((status) => status.state === 'success' && status.url === url),
          )
          const previews = sources.filter(
            (source) =>
              source.ref !== 'main' &&
              source.ref !== 'refs/pull/8/merge' &&
              (source.sha === HEAD || source.ref === 'refs/pull/7/merge') &&
              (!isProduction(source) || environments.includes(source.environment)),
          )
          expect(previews).not.toEqual([])
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('does not depend on the order in which GitHub lists deployments', () => {
    fc.assert(
      fc.property(deployments, (all) => {
        expect(select(all)).toEqual(select(all.toReversed()))
      }),
    )
  })
})

describe('a ref', () => {
  it.each([
    ['trunk', 'trunk', true],
    ['refs/heads/trunk', 'trunk', true],
    ['main', 'trunk', false],
    ['refs/tags/trunk', 'trunk', false],
    [undefined, 'trunk', false],
    ['main', undefined, true],
    ['master', undefined, true],
    ['trunk', undefined, false],
  ])('%s counts as the default branch if GitHub names %s: %s', (ref, defaultBranch, result) => {
    expect(isDefaultBranch(ref, defaultBranch)).toBe(result)
  })

  it.each([
    ['refs/pull/7/merge', 7],
    ['pull/7/merge', 7],
    ['refs/pull/1234/merge', 1234],
    ['refs/pull/2147483647/merge', 2_147_483_647],
    ['refs/pull/7/head', undefined],
    ['refs/pull/0/merge', undefined],
    ['refs/pull/7/merge/x', undefined],
    ['refs/heads/refs/pull/7/merge', undefined],
    ['main', undefined],
    [undefined, undefined],
  ])('%s names pull request %s', (ref, number) => {
    expect(pullRequestOfRef(ref)).toBe(number)
  })
})

describe('the pull request to which a deployed commit belongs', () => {
  const own = { isSameRepository: true, isFork: false }
  const pull = (number: number, more: Partial<PullRequest> = {}): PullRequest => ({
    number,
    state: 'open',
    headSha: HEAD,
    headRef: `feat/${number}`,
    ...own,
    ...more,
  })
  const fork = { isSameRepository: false, isFork: true }
  const closed = { state: 'closed' } as const
  const older = { headSha: OLDER }

  it.each<[string, PullRequest[], object]>([
    ['the open one with that head', [pull(7)], { kind: 'head', pull: pull(7) }],
    [
      'the one with that head, not one that only contains it',
      [pull(8, older), pull(7)],
      { kind: 'head', pull: pull(7) },
    ],
    ['the open one, not a closed one', [pull(6, closed), pull(7)], { kind: 'head', pull: pull(7) }],
    ["a fork's", [pull(7, fork)], { kind: 'head', pull: pull(7, fork) }],
    [
      "the repository's own, even if forks have the same head",
      [pull(9, fork), pull(7), pull(8, fork)],
      { kind: 'head', pull: pull(7) },
    ],
    [
      'ambiguous if two open ones have that head',
      [pull(7), pull(8)],
      { kind: 'ambiguous', numbers: [7, 8] },
    ],
    [
      'ambiguous if two forks have that head',
      [pull(7, fork), pull(8, fork)],
      { kind: 'ambiguous', numbers: [7, 8] },
    ],
    [
      'none if open ones only contain it',
      [pull(7, older), pull(8, older)],
      { kind: 'superseded', numbers: [7, 8] },
    ],
    ['none if all are closed', [pull(7, closed)], { kind: 'closed', numbers: [7] }],
    [
      'none if closed ones only contain it',
      [pull(6, { ...closed, ...older }), pull(7, { ...closed, ...older })],
      { kind: 'closed', numbers: [6, 7] },
    ],
    [
      'none if the one with that head is closed',
      [pull(8, older), pull(6, { ...closed, ...older }), pull(7, closed)],
      { kind: 'closed', numbers: [7] },
    ],
    [
      'none if open and closed ones only contain it',
      [pull(8, older), pull(6, { ...closed, ...older })],
      { kind: 'superseded', numbers: [8] },
    ],
    [
      'none if its head is the default branch',
      [pull(7, { headRef: 'main' })],
      { kind: 'default_branch', number: 7 },
    ],
    [
      'none if the head of one of two is the default branch',
      [pull(7), pull(8, { headRef: 'main' })],
      { kind: 'default_branch', number: 8 },
    ],
    ['none if GitHub lists none', [], { kind: 'unknown' }],
  ])('is %s', (_, pulls, result) => {
    expect(pullRequestOfCommit({ sha: HEAD }, pulls, 'main')).toEqual(result)
  })

  it.each(['feat/8', 'refs/heads/feat/8'])(
    'is the one of two whose branch was deployed: %s',
    (ref) => {
      const pulls = [pull(7), pull(8), pull(9, { ...fork, headRef: 'feat/8' })]
      expect(pullRequestOfCommit({ sha: HEAD, ref }, pulls, 'main')).toMatchObject({
        pull: { number: 8 },
      })
    },
  )

  it("is not a fork's just because the fork's git branch has the deployed name", () => {
    const pulls = [pull(7), pull(9, { ...fork, headRef: 'deployed' })]
    expect(pullRequestOfCommit({ sha: HEAD, ref: 'deployed' }, pulls, 'main')).toMatchObject({
      pull: { number: 7 },
    })
  })
})
