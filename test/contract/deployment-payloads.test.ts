import { describe, expect, it } from 'vitest'
import { type PlatformDeployment, platformDeployments } from '../deployment-payloads.ts'
import { read } from './project.ts'

const code = (value: string | boolean | undefined): string =>
  value === undefined ? '' : `\`${value}\``

const flags = ({ deployment }: PlatformDeployment): string =>
  [deployment.transient_environment, deployment.production_environment].every(
    (flag) => flag === undefined,
  )
    ? ''
    : [deployment.transient_environment, deployment.production_environment]
        .map((flag) => code(flag) || '?')
        .join(', ')

const does = ({ outcome, leadsTo }: PlatformDeployment): string => {
  if (outcome === 'production') return 'Ignores it: production'
  return leadsTo === 'one build' ? 'Trusts the URL, with a warning' : 'Trusts the URL'
}

/** Returns the page's row for a platform. */
const rowOf = (one: PlatformDeployment): string => {
  const { platform, of, deployment, status, leadsTo, sources } = one
  const cells = [
    of === 'production' ? `${platform}, production` : platform,
    code(deployment.environment),
    `${code(status.environment_url)} (${leadsTo})`,
    code(status.target_url),
    code(one.creator),
    flags(one),
    one.perCommit ?? '',
    does(one),
    sources.map((source, index) => `[${index + 1}](${source})`).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

describe('the deployments that platforms report', () => {
  const page = read('docs/github.md')

  it('match the rows of the table on the page, in both directions', () => {
    const [, table = ''] = /^\| Platform \|.*\n\| --- .*\n((?:\|.*\n)+)/m.exec(page) ?? []
    expect(table.trimEnd().split('\n')).toEqual(platformDeployments.map(rowOf))
  })

  it('each name a source', () => {
    for (const { sources } of platformDeployments) {
      expect(
        sources.filter((source) => /^https:\/\/(api\.)?github\.com\//.test(source)),
      ).not.toEqual([])
    }
  })
})
