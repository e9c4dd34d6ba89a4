import { describe, expect, it } from 'vitest'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { HEAD_SHA } from '../payloads.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { useServices } from '../services.ts'

const services = useServices()
const INPUTS = { trusted_domains: PREVIEW, timeout: '300' }

const isOperation =
  (operationId: string) =>
  (request: LoggedRequest): boolean =>
    request.operationId === operationId

/** Starts a step, and signals it when the operation's first request arrives, which gets no response. Returns its result. */
const cancelAt = async (
  operationId: string,
  fault: 'hang' | 'hang-after',
  { signal = 'SIGINT' as NodeJS.Signals, action = 'opened', inputs = {} } = {},
) => {
  services.neon.faults.add({ match: { operationId }, times: 99, fault })
  const arrived = services.neon.nextRequest(isOperation(operationId))
  const running = services.start(action, { ...INPUTS, ...inputs })
  await arrived
  running.kill(signal)
  const finished = await running.finished
  services.neon.faults.clear()
  return finished
}

// Windows has no signals: it kills a process at once.
describe.skipIf(process.platform === 'win32')('a canceled run stops at once', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'at %s: the error names the signal and says that nothing was changed',
    async (signal) => {
      const { exitCode, annotations, outputs, summary } = await cancelAt(
        'listProjectBranches',
        'hang',
        { signal },
      )
      expect(exitCode).toBe(1)
      expect(annotations.error).toHaveLength(1)
      expect(annotations.error[0]).toMatch(
        new RegExp(`canceled \\(${signal}\\)[\\s\\S]*Nothing was changed`),
      )
      expect(outputs.changed).toBe('false')
      expect(summary).toContain('Neon Auth failed')
    },
  )

  it('during a wait, not only during a request', async () => {
    const searched = services.neon.nextRequest(({ query }) => query['search'] === undefined)
    const running = services.start('opened', INPUTS, {
      pull: { number: 404, headRef: 'nowhere' },
    })
    await searched
    running.kill('SIGINT')
    const { annotations } = await running.finished
    expect(annotations.error[0]).toContain('canceled (SIGINT)')
  })

  it.each(['hang', 'hang-after'] as const)(
    'while enabling (%s): the error says that auth may have been enabled, and a rerun converges',
    async (fault) => {
      const { annotations, outputs } = await cancelAt('createNeonAuth', fault)
      expect(annotations.error[0]).toMatch(
        /may or may not have been applied:\n- Enable Neon Auth\.$/,
      )
      expect(outputs).toMatchObject({
        changed: 'false',
        branch_id: services.neon.branch(BRANCH).id,
      })
      const again = await services.run('opened', INPUTS)
      expect(again.exitCode, again.log).toBe(0)
      expect(services.neon.branch(BRANCH).trustedDomains).toEqual([PREVIEW])
    },
  )

  it('after enabling: the error, the outputs, and the summary show the changes so far', async () => {
    const { annotations, outputs, summary } = await cancelAt(
      'addBranchNeonAuthTrustedDomain',
      'hang',
    )
    expect(annotations.error[0]).toMatch(
      /Changed before the run stopped:\n- Enabled Neon Auth\.\nIn progress when the run stopped; may or may not have been applied:\n- Trust /,
    )
    expect(outputs.changed).toBe('true')
    expect(JSON.parse(outputs.plan ?? '')).toMatchObject([{ change: 'enable_auth' }])
    expect(summary).toMatch(/Changed before the run stopped[\s\S]*In progress when the run stopped/)
  })

  it.each([
    ['comments', /\/comments\?.*page=2/, { comment: 'true' }],
    ['deployments', /\/deployments\?.*page=2/, { discover_domains: 'true' }],
  ])('while it reads a second page from GitHub: %s', async (_, request, inputs) => {
    const { github } = services
    for (let index = 0; index < 101; index++) {
      github.addComment(2, 'somebody', 'hello')
      github.deploy(HEAD_SHA, 'Preview', ['pending'], '')
    }
    github.fault(request, 'hang')
    const { promise: arrived, resolve } = Promise.withResolvers<void>()
    github.onRequest(request, { before: () => resolve() })
    const running = services.start('opened', { ...INPUTS, ...inputs })
    await arrived
    running.kill('SIGTERM')
    const { annotations } = await running.finished
    expect(annotations.error[0]).toContain('canceled (SIGTERM)')
  })

  it('during a close: a rerun completes it', async () => {
    await services.neon.enableAuth(BRANCH)
    const { annotations } = await cancelAt('disableNeonAuth', 'hang', { action: 'closed' })
    expect(annotations.error[0]).toContain(
      'may or may not have been applied:\n- Disable Neon Auth and keep its data.',
    )
    await services.run('closed')
    expect(services.neon.branch(BRANCH).auth).toBe('off')
  })

  it('during a sweep: the error names the branch in progress, and its auth stays on', async () => {
    const { neon, github } = services
    await neon.enableAuth(BRANCH)
    github.setState(2, 'closed')
    const { annotations } = await cancelAt('disableNeonAuth', 'hang', {
      inputs: { mode: 'sweep' },
    })
    expect(annotations.error[0]).toMatch(/canceled[\s\S]*- On preview\/pr-2: Disable Neon Auth/)
    expect(neon.branch(BRANCH).auth).toBe('on')
  })

  it('while creating users: the error lists no request that was never sent', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    neon.configure(BRANCH, { email_and_password: { disable_sign_up: true } })
    neon.faults.add({ match: { path: /\/sign-in\/email$/ }, times: 99, fault: 'hang' })
    const arrived = neon.nextRequest(({ path }) => path.endsWith('/sign-in/email'))
    const settings = 'users: [{ email: ada@example.com, password: correct-horse-battery }]'
    const running = services.start('opened', { ...INPUTS, settings })
    await arrived
    running.kill('SIGINT')
    const { annotations } = await running.finished
    expect(annotations.error[0]).toMatch(
      /may or may not have been applied:\n- Create the user ada@example\.com[^\n]*$/,
    )
  })
})

it.skipIf(process.platform === 'win32')(
  'a run whose log nobody reads anymore still writes its outputs and summary',
  async () => {
    services.neon.faults.add({ match: { operationId: 'createNeonAuth' }, times: 99, fault: 'hang' })
    const arrived = services.neon.nextRequest(isOperation('createNeonAuth'))
    const running = services.start('opened', { ...INPUTS, timeout: '3' })
    await arrived
    running.closeLog()
    const { exitCode, outputs, summary } = await running.finished
    services.neon.faults.clear()
    expect(exitCode).toBe(1)
    expect(outputs.changed).toBe('false')
    expect(summary).toContain('Neon Auth failed')
  },
)
