import { describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { BRANCH, signUp } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ start: startStepHere, pageSize: 2 })

const ON = { discover_functions: 'true' }
const originOf = (slug: string): string =>
  `https://${services.neon.branch(BRANCH).id}-${slug}.compute.c-1.us-east-2.aws.neon.tech`

describe("a preview on the branch's own Neon Functions", () => {
  it('is ready for sign-in after one run, on each function and custom domain', async () => {
    const { neon } = services
    // Three of each, because a page has two and each list needs a second page.
    const functions = ['shop', 'api', 'docs'].map((slug) => ({ slug }))
    const hosts = ['a', 'b', 'c'].map((name) => `${name}.acme.example`)
    neon.deployFunctions(
      BRANCH,
      functions,
      hosts.map((domain) => ({ domain })),
    )
    const { exitCode, log, outputs } = await services.run('opened', ON)
    expect(exitCode, log).toBe(0)
    const origins = [
      ...functions.map(({ slug }) => originOf(slug)),
      ...hosts.map((host) => `https://${host}`),
    ]
    expect(JSON.parse(outputs.domains_added ?? '')).toEqual(origins)
    for (const [index, origin] of origins.entries())
      expect(await signUp(outputs.base_url, origin, `user${index}@example.com`)).toBe(200)
    expect(await signUp(outputs.base_url, 'https://stranger.example', 'x@example.com')).toBe(403)
  })

  it('converge: a second run changes nothing', async () => {
    services.neon.deployFunctions(BRANCH, [{ slug: 'shop' }])
    await services.run('opened', ON)
    services.neon.clearRequests()
    const { outputs } = await services.run('synchronize', ON)
    expect(outputs.action_taken).toBe('unchanged')
    expect(writesOf(services)).toEqual([])
  })

  it('gets no domain from a function without an invocation URL or from a pending custom domain', async () => {
    const { neon } = services
    const pending = { domain: 'new.acme.example', status: 'pending' }
    neon.deployFunctions(BRANCH, [{ slug: 'shop', invocationUrl: '' }], [pending])
    const { exitCode, outputs, annotations } = await services.run('opened', ON)
    expect(exitCode).toBe(0)
    expect(outputs.trusted_domains).toBe('[]')
    expect(annotations.warning.join('\n')).toMatch(
      /shop has no invocation URL[\s\S]*new.acme.example/,
    )
  })

  it('unknown is not none: is left unchanged by a run that cannot read the custom domains and fails', async () => {
    const { neon } = services
    neon.faults.add({
      match: { path: /\/custom-domains$/ },
      fault: { kind: 'status', status: 403 },
    })
    const { exitCode, annotations } = await services.run('opened', ON)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toContain(
      'Could not read the Neon Functions and custom domains of branch preview/pr-2',
    )
    expect(writesOf(services)).toEqual([])
  })

  it('causes no request for functions or custom domains if the input is off', async () => {
    services.neon.deployFunctions(BRANCH, [{ slug: 'shop' }])
    const { outputs } = await services.run('opened')
    expect(outputs.trusted_domains).toBe('[]')
    const paths = services.neon.requests.map(({ path }) => path)
    expect(paths.filter((path) => /functions|custom-domains/.test(path))).toEqual([])
  })
})
