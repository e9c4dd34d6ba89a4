import { describe, expect, it } from 'vitest'
import { type PlatformDeployment, platformDeployments } from '../deployment-payloads.ts'
import { read } from './project.ts'

const code = (value: string | boolean | undefined): string =>
  value === undefined ? '' : `\`${value}\``

const flagsCell = ({ deployment }: PlatformDeployment): string => {
  const flags = [deployment.transient_environment, deployment.production_environment]
  if (flags.every((flag) => flag === undefined)) return ''
  return flags.map((flag) => code(flag) || '?').join(', ')
}

const outcomeCell = ({ outcome, leadsTo }: PlatformDeployment): string => {
  if (outcome === 'production') return 'Ignores it: production'
  return leadsTo === 'one build' ? 'Trusts the URL, with a warning' : 'Trusts the URL'
}

/** Returns the page's row for a platform. */
const rowOf = (row: PlatformDeployment): string => {
  const { platform, of, deployment, status, leadsTo, sources } = row
  const cells = [
    of === 'production' ? `${platform}, production` : platform,
    code(deployment.environment),
    `${code(status.environment_url)} (${leadsTo})`,
    code(status.target_url),
    code(row.creator),
    flagsCell(row),
    row.perCommit ?? '',
    outcomeCell(row),
    sources.map((source, index) => `[${index + 1}](${source})`).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

describe('the deployments that platforms report', () => {
  const page = read('docs/github.md')

  it('match the rows of the table in docs/github.md, in both directions', () => {
    const [, table = ''] = /^\| Platform \|.*\n\| --- .*\n((?:\|.*\n)+)/m.exec(page) ?? []
    expect(table.trimEnd().split('\n')).toEqual(platformDeployments.map(rowOf))
  })

  it('each name a source', () => {
    for (const { sources } of platformDeployments) {
      expect(sources.join('\n')).toMatch(/^https:\/\/(api\.)?github\.com\//m)
    }
  })
})
