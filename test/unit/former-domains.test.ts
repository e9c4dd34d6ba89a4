import { describe, expect, it } from 'vitest'
import {
  type CurrentDeployments,
  type DeploymentRecord,
  formerDomains,
  recordedDomains,
} from '../../src/preview/former-domains.ts'

const at = (sha: string, origin: string, environment = 'Preview') => ({
  environment,
  origin: `https://${origin}.example`,
  sha,
})

const record = (...deployed: DeploymentRecord['deployed']): DeploymentRecord => ({
  run: 5,
  attempt: 2,
  deployed,
})

const current = (
  deployed: DeploymentRecord['deployed'],
  more: Partial<CurrentDeployments> = {},
): CurrentDeployments => ({
  run: 6,
  attempt: 1,
  deployed,
  unsettled: new Set(),
  isComplete: true,
  ...more,
})

const OLD = at('old', 'one')
const NEW = at('new', 'two')

describe('a domain is former', () => {
  it('if an earlier commit was deployed to it and the head is deployed elsewhere', () => {
    expect(formerDomains(record(OLD), current([NEW]))).toEqual([OLD])
  })

  it.each<[string, DeploymentRecord | undefined, CurrentDeployments]>([
    ['nothing was recorded', undefined, current([NEW])],
    ['an earlier run of the same commit recorded it', record(at('new', 'one')), current([NEW])],
    ['the head is also deployed to it', record(OLD), current([NEW, at('new', 'one')])],
    [
      'the head is deployed to it in another environment',
      record(OLD),
      current([NEW, at('new', 'one', 'Docs')]),
    ],
    [
      'the head is not deployed to its environment yet',
      record(OLD),
      current([at('new', 'two', 'Docs')]),
    ],
    ['another environment also has it', record(OLD, at('old', 'one', 'Docs')), current([NEW])],
    [
      'another app of that environment is still pending',
      record(OLD),
      current([NEW], { unsettled: new Set(['Preview']) }),
    ],
    ['deployments could not be read', record(OLD), current([NEW], { isComplete: false })],
    ['this run is older than the record', record(OLD), current([NEW], { run: 4 })],
    ['this run is an earlier attempt', record(OLD), current([NEW], { run: 5, attempt: 1 })],
  ])('unless %s', (_, earlier, now) => {
    expect(formerDomains(earlier, now)).toEqual([])
  })

  it('even if another domain of the record stays', () => {
    const docs = at('old', 'docs', 'Docs')
    expect(formerDomains(record(OLD, docs), current([NEW]))).toEqual([OLD])
    const now = current([NEW, at('new', 'docs', 'Docs')])
    expect(formerDomains(record(OLD, docs), now)).toEqual([OLD])
  })

  it('even in the run that wrote the record', () => {
    expect(formerDomains(record(OLD), current([NEW], { run: 5, attempt: 2 }))).toHaveLength(1)
  })

  it.each(['constructor', '__proto__', 'toString'])('even in an environment named %s', (name) => {
    const earlier = record(at('old', 'one', name))
    expect(formerDomains(earlier, current([NEW]))).toEqual([])
    expect(formerDomains(earlier, current([at('new', 'two', name)]))).toHaveLength(1)
  })
})

describe('the next record', () => {
  const docs = at('old', 'docs', 'Docs')

  it('drops domains that the branch no longer trusts and keeps the rest', () => {
    const trusted = ['https://docs.example/', 'https://two.example']
    expect(recordedDomains(record(OLD, docs), current([NEW]), trusted)).toEqual([docs, NEW])
  })

  it('keeps a former domain that could not be removed', () => {
    const trusted = ['https://one.example', 'https://two.example']
    expect(recordedDomains(record(OLD), current([NEW]), trusted)).toEqual([OLD, NEW])
  })

  it('keeps everything if the list of trusted domains is unknown', () => {
    expect(recordedDomains(record(OLD), current([]), undefined)).toEqual([OLD])
  })

  it('records the newest commit of a domain that stays', () => {
    const stable = at('new', 'one')
    expect(recordedDomains(record(OLD), current([stable]), [stable.origin])).toEqual([stable])
  })

  it('keeps a domain once for each environment', () => {
    const stable = at('new', 'one')
    const docs = at('old', 'one', 'Docs')
    expect(recordedDomains(record(docs), current([stable]), [stable.origin])).toEqual([
      docs,
      stable,
    ])
  })

  it('starts with the deployed domains if there is no record', () => {
    for (const trusted of [[], undefined])
      expect(recordedDomains(undefined, current([NEW]), trusted)).toEqual([NEW])
  })
})
