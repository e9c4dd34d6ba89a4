import { describe, expect, it } from 'vitest'
import {
  cancelRun,
  changeBranch,
  error,
  neonAlways,
  OPENED,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'
import { mockLeftover, type Step } from './mock-leftover.ts'

useNock()

const RESTORE = { ...TOKEN, on_orphan_schema: 'restore' }
const changes = (steps: readonly Step[]): Step[] =>
  steps.filter((step) => !['find', 'found', 'count'].includes(step))

/** Returns a branch on which a restore was killed after auth was enabled. */
const interrupted = (branch = 'br-cool-sun-1234') => {
  const leftover = mockLeftover()
  leftover.isOn = true
  leftover.schemas = { neon_auth: '16999', neon_auth_restore_1: '16385' }
  const by = 'neon-auth-for-preview-branches'
  leftover.marker = JSON.stringify({
    by,
    branch,
    run: '1',
    step: 'moved',
    at: '2026-11-26T00:00:00Z',
  })
  return leftover
}

describe('on_orphan_schema restore', () => {
  it('renames the schema, enables auth, and copies the data back', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    const { report, log } = await runAction(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '77' })
    expect(changes(leftover.steps)).toEqual(['enable', 'move', 'enable', 'copy'])
    // The data can be copied only within its database.
    expect(leftover.enabledIn).toEqual([undefined, 'neondb'])
    const schema = 'neon_auth_restore_77_16385'
    expect(report).toMatchObject({
      action: 'enabled',
      changes: [
        { change: 'move_auth_data_aside', schema, database: 'neondb' },
        { change: 'enable_auth' },
        { change: 'restore_auth_data', schema, database: 'neondb', users: 12, rows: 12 },
      ],
    })
    expect(log).toContain('Restore 12 users from before the close (12 rows in all).')
    expect(log).toMatch(
      /warning: These settings .*could not be read: .*email_and_password.*domains/,
    )
  })

  it('plans the whole restore in a dry run and changes nothing', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    const { report } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'enable_auth',
      'set_name',
      'restore_auth_data',
    ])
    expect(changes(leftover.steps)).toEqual([])
  })

  it('plans the rest of an interrupted restore in a dry run', async () => {
    mockGitHub()
    const leftover = interrupted()
    const { report } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes).toMatchObject([{ change: 'restore_auth_data', users: 12 }])
    expect(changes(leftover.steps)).toEqual([])
  })

  it('finishes an interrupted restore whose auth is on', async () => {
    mockGitHub()
    const leftover = interrupted()
    const { report } = await runAction(OPENED, RESTORE)
    expect(changes(leftover.steps)).toEqual(['copy'])
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it('finishes an interrupted restore whose auth is off', async () => {
    mockGitHub()
    const leftover = interrupted()
    Object.assign(leftover, { isOn: false, schemas: { neon_auth_restore_1: '16385' } })
    await runAction(OPENED, RESTORE)
    expect(changes(leftover.steps)).toEqual(['enable', 'copy'])
    expect(leftover.enabledIn).toEqual(['neondb'])
  })

  it('moves only the schema in the database of an interrupted restore', async () => {
    mockGitHub()
    const leftover = interrupted()
    Object.assign(leftover, { isOn: false, databases: ['other', 'neondb'] })
    await runAction(OPENED, RESTORE)
    expect(changes(leftover.steps).slice(0, 2)).toEqual(['enable', 'move'])
    expect(leftover.enabledIn).toEqual(['neondb', 'neondb'])
  })

  it.each(['fail', 'recreate'])('leaves an interrupted restore alone with `%s`', async (value) => {
    mockGitHub()
    const leftover = interrupted()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: value })
    expect(report?.action).toBe('unchanged')
    expect(leftover.steps).toEqual([])
  })

  it("does not take a copy of the parent's interrupted restore for its own", async () => {
    mockGitHub()
    const leftover = interrupted('br-parent-0001')
    expect((await runAction(OPENED, RESTORE)).report?.action).toBe('unchanged')
    expect(changes(leftover.steps)).toEqual([])
  })
})

describe('check again right before you remove: a restore', () => {
  it('moves nothing on a branch that became protected', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find') changeBranch({ protected: true })
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is a protected branch/)
    expect(changes(leftover.steps)).toEqual(['enable'])
  })

  it('moves nothing over auth that another run has enabled', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find') leftover.isOn = true
      return undefined
    }
    const { report, log } = await runAction(OPENED, RESTORE)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('so nothing was moved')
    expect(changes(leftover.steps)).toEqual(['enable', 'enable'])
  })

  it('moves nothing back on a branch that becomes the default branch after the move', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'move') changeBranch({ default: true })
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch[\s\S]*neon_auth_restore_local_16385/)
    expect(failure).toContain('ALTER SCHEMA neon_auth_restore_local_16385 RENAME TO neon_auth')
    expect(changes(leftover.steps)).toEqual(['enable', 'move'])
  })

  it('copies nothing on a branch that becomes the default branch after auth was enabled', async () => {
    mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => {
      if (step === 'count') changeBranch({ default: true })
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch/)
    expect(changes(leftover.steps)).toEqual([])
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('copies nothing for a pull request that was closed after auth was enabled', async () => {
    const github = mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => {
      if (step === 'count') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('moves nothing for a pull request that was closed', async () => {
    const github = mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' }, changes: [] })
    expect(changes(leftover.steps)).toEqual(['enable'])
  })

  it('moves the schema back for a pull request that was closed after the move', async () => {
    const github = mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'move') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(changes(leftover.steps)).toEqual(['enable', 'move', 'back'])
    expect(leftover.schemas).toEqual({ neon_auth: '16385' })
  })

  it('moves nothing if GitHub cannot tell whether the pull request is open', async () => {
    const leftover = mockLeftover()
    const { failure } = await runAction(OPENED, { on_orphan_schema: 'restore' })
    expect(failure).toMatch(/github_token/)
    expect(changes(leftover.steps)).toEqual(['enable'])
  })

  it('copies nothing into auth that was disabled in the meantime', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'found' && 'neon_auth' in leftover.schemas) leftover.isOn = false
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).not.toBe('')
    expect(leftover.steps).not.toContain('copy')
    expect(Object.keys(leftover.schemas)).toContain('neon_auth_restore_local_16385')
  })
})

describe('two runs that restore at once', () => {
  /** Lets another run restore the data right before this run's `nth` step `at`. */
  const overtakenAt = (at: Step, nth: number, message?: string) => {
    mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => {
      if (step !== at || leftover.steps.filter((one) => one === at).length !== nth - 1)
        return undefined
      delete leftover.schemas['neon_auth_restore_1']
      return message
    }
    return leftover
  }

  it.each([1, 2])('leave nothing to do for the slower one (count %i)', async (nth) => {
    const leftover = overtakenAt('count', nth, 'relation "neon_auth_restore_1.user" does not exist')
    const { failure, report } = await runAction(OPENED, RESTORE)
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it('fail with an error if the schema still exists', async () => {
    mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => (step === 'count' ? 'permission denied' : undefined)
    expect((await runAction(OPENED, RESTORE)).failure).toMatch(
      /read the schema[\s\S]*permission denied/,
    )
  })
})

describe('fail loudly, explain fully: an interrupted restore', () => {
  const WHERE = /schema neon_auth_restore_1 of the database neondb.*on_orphan_schema: restore/

  it.each(['fail', 'recreate'])('is neither searched for nor deleted with `%s`', async (value) => {
    mockGitHub()
    const leftover = interrupted()
    leftover.isOn = false
    delete leftover.schemas['neon_auth']
    const steps: string[] = []
    leftover.before = (step) => void steps.push(step)
    const inputs = { ...TOKEN, on_orphan_schema: value }
    const { report } = await runAction(['pull_request', 'reopened'], inputs)
    expect(report?.action).toBe('enabled')
    // No SQL was sent.
    expect(steps).toEqual(['enable'])
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('is named in the warning of a close with `delete_data`', async () => {
    mockGitHub()
    interrupted()
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { report, log } = await runAction(['pull_request', 'closed'], inputs)
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(new RegExp(`warning: .delete_data. deletes only .*${WHERE.source}`))
  })

  it('does not fail a close with `delete_data` if it cannot be looked for', async () => {
    mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => (step === 'found' ? 'permission denied' : undefined)
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { report, failure, log } = await runAction(['pull_request', 'closed'], inputs)
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(/Could not check whether an unfinished restore .*: .*permission denied/)
    expect(log).not.toContain('warning')
  })

  it('is not looked for any longer by a close that is canceled', async () => {
    mockGitHub()
    const leftover = interrupted()
    leftover.before = (step) => {
      if (step === 'found') cancelRun()
      return undefined
    }
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { failure } = await runAction(['pull_request', 'closed'], inputs)
    expect(failure).toMatch(/was canceled/)
  })

  it.each([{ on_orphan_schema: 'restore' }, { on_orphan_schema: 'fail', delete_data: 'true' }])(
    'is not looked for by a close with %j',
    async (inputs) => {
      mockGitHub()
      interrupted()
      const { report, log } = await runAction(['pull_request', 'closed'], { ...TOKEN, ...inputs })
      expect(report?.action).toBe('disabled')
      expect(log).not.toContain('warning')
    },
  )

  it('is not looked for by a close that leaves auth on', async () => {
    mockGitHub()
    const leftover = interrupted()
    const steps: string[] = []
    leftover.before = (step) => void steps.push(step)
    const inputs = { ...RESTORE, delete_data: 'true', on_close: 'untrust' }
    const { report } = await runAction(['pull_request', 'closed'], inputs)
    expect(report?.action).toBe('untrusted')
    expect(steps).toEqual([])
  })
})

describe('a setting from before the close that Neon does not show', () => {
  it('is sent once, although the run finds it only after its first writes', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    const set = { require_email_verification: true }
    leftover.config = { name: 'Shop', email_and_password: set }
    neonAlways('patch', '/auth/email_and_password', [200, set])
    const { report } = await runAction(OPENED, RESTORE)
    expect(writes()).toEqual([`PATCH /auth/email_and_password ${JSON.stringify(set)}`])
    expect(report).toMatchObject({
      action: 'enabled',
      changes: [
        { change: 'move_auth_data_aside' },
        { change: 'enable_auth' },
        { change: 'update_email_and_password' },
        { change: 'restore_auth_data' },
      ],
    })
  })
})

describe('a setting from before the close that Neon refuses', () => {
  const refusing = (status: number) => {
    const leftover = interrupted()
    leftover.config = { name: 'A name that Neon does not take' }
    mockGitHub()
    neonAlways('patch', '/auth/config', [status, error('name is not valid')])
    return leftover
  }

  it.each([400, 403, 422])('is a warning, and the data is restored (%i)', async (status) => {
    const leftover = refusing(status)
    const { report, log } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(log).toMatch(/warning: Neon refused a setting .*: name\..*\n.*\n.*name is not valid/)
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it('fails the run if the key is refused, and keeps the data', async () => {
    const leftover = refusing(401)
    expect((await runAction(OPENED, RESTORE)).failure).toMatch(/Name the application[\s\S]*401/)
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('fails the run if the workflow itself asks for it', async () => {
    const leftover = refusing(400)
    const settings = 'name: A name that Neon does not take'
    const { failure } = await runAction(OPENED, { ...RESTORE, settings })
    expect(failure).toMatch(/Name the application[\s\S]*name is not valid/)
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })
})

describe('a restore on a branch that may have inherited its schema', () => {
  const young = { created_at: new Date().toISOString() }

  it('moves nothing on a young branch whose row names another compute', async () => {
    mockGitHub()
    const leftover = mockLeftover(young)
    leftover.endpointId = 'ep-parent'
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /Nothing was changed.*may be a copy[\s\S]*the compute ep-parent; .* of this branch: ep-own\./,
    )
    expect(changes(leftover.steps)).toEqual(['enable'])
  })

  it("restores on a young branch whose row names the branch's own compute", async () => {
    mockGitHub()
    const leftover = mockLeftover(young)
    await runAction(OPENED, RESTORE)
    expect(changes(leftover.steps)).toEqual(['enable', 'move', 'enable', 'copy'])
  })
})

describe('a restore that Neon or Postgres refuses', () => {
  const refusing = (where: Step, message: string) => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) =>
      step === where && leftover.steps.includes('move') ? message : undefined
    return leftover
  }

  it('fails with instructions if the role may not rename the schema', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => (step === 'move' ? 'must be owner of schema neon_auth' : undefined)
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /Could not move the leftover neon_auth schema aside[\s\S]*must be owner[\s\S]*on_orphan_schema: recreate/,
    )
    expect(changes(leftover.steps)).toEqual(['enable', 'move'])
    expect(journal.applied).toEqual([])
  })

  it('moves the schema back if Neon refuses to enable auth', async () => {
    const leftover = refusing('enable', 'out of quota')
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(leftover.steps)).toEqual(['enable', 'move', 'enable', 'back'])
    expect(journal.applied.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'move_auth_data_back',
    ])
  })

  it('moves nothing back if another run deleted the schema and Neon refuses to enable auth', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find') delete leftover.schemas['neon_auth']
      return step === 'enable' && leftover.steps.includes('find') ? 'out of quota' : undefined
    }
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(leftover.steps)).toEqual(['enable', 'enable'])
    expect(journal.applied).toEqual([])
  })

  it('moves the schema back if Neon still sees a schema', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      // Meanwhile, another run left its own schema.
      if (step === 'enable' && leftover.steps.includes('move'))
        leftover.schemas['neon_auth'] = '17000'
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/schema exists[\s\S]*Neon does not see that it was moved/)
    expect(Object.values(leftover.schemas)).toContain('16385')
  })

  it('says where the data is if the schema cannot be moved back', async () => {
    mockGitHub()
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (!leftover.steps.includes('move')) return undefined
      return step === 'enable' || step === 'back' ? `no ${step}` : undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /no enable[\s\S]*in the schema neon_auth_restore_local_16385[\s\S]*no back/,
    )
  })

  it('says where the data is if the rows did not arrive', async () => {
    refusing('copy', '1 rows of the table user are not in neon_auth after copying')
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /1 rows of the table user[\s\S]*in the schema neon_auth_restore_local_16385/,
    )
  })
})
