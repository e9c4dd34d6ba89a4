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

/** The page's row for a platform. */
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
    sources.map((source, index) => `[${index + 1}](${source})`).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

describe('the deployments that platforms report', () => {
  const page = read('docs/github.md')

  it.each(platformDeployments)('$platform, $of, is on the page as it is here', (one) => {
    expect(page).toContain(`${rowOf(one)}\n`)
  })

  it('name a source each', () => {
    for (const { sources } of platformDeployments) {
      expect(
        sources.filter((source) => /^https:\/\/(api\.)?github\.com\//.test(source)),
      ).not.toEqual([])
    }
  })
})
