import { describe, expect, it } from 'vitest'
import { githubWorld, TOKEN } from './github-world.ts'
import { act, changeBranch, error, neonAlways, OPENED, useNock, writes } from './harness.ts'
import { restoreWorld, type Step } from './restore-world.ts'

useNock()

const RESTORE = { ...TOKEN, on_orphan_schema: 'restore' }
const changes = (steps: readonly Step[]): Step[] =>
  steps.filter((step) => !['find', 'found', 'count'].includes(step))

/** A branch on which a restore was killed after auth was enabled. */
const interrupted = (branch = 'br-cool-sun-1234') => {
  const world = restoreWorld()
  world.isOn = true
  world.schemas = { neon_auth: '16999', neon_auth_restore_1: '16385' }
  const by = 'neon-auth-for-preview-branches'
  world.marker = JSON.stringify({ by, branch, run: '1', step: 'moved', at: '2026-11-26T00:00:00Z' })
  return world
}

describe('on_orphan_schema restore', () => {
  it('moves the schema aside, enables auth, and copies the data back', async () => {
    githubWorld()
    const world = restoreWorld()
    const { report, log } = await act(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '77' })
    expect(changes(world.steps)).toEqual(['enable', 'move', 'enable', 'copy'])
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
    expect(log).toMatch(/warning: Not every setting .*could be read: .*email_and_password.*domains/)
  })

  it('plans the whole restore in a dry run and changes nothing', async () => {
    githubWorld()
    const world = restoreWorld()
    const { report } = await act(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'enable_auth',
      'set_name',
      'restore_auth_data',
    ])
    expect(changes(world.steps)).toEqual([])
  })

  it('plans the rest of an interrupted restore in a dry run', async () => {
    githubWorld()
    const world = interrupted()
    const { report } = await act(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes).toMatchObject([{ change: 'restore_auth_data', users: 12 }])
    expect(changes(world.steps)).toEqual([])
  })

  it('finishes an interrupted restore whose auth is on', async () => {
    githubWorld()
    const world = interrupted()
    const { report } = await act(OPENED, RESTORE)
    expect(changes(world.steps)).toEqual(['copy'])
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(world.schemas).toEqual({ neon_auth: '16999' })
  })

  it('finishes an interrupted restore whose auth is off', async () => {
    githubWorld()
    const world = interrupted()
    Object.assign(world, { isOn: false, schemas: { neon_auth_restore_1: '16385' } })
    await act(OPENED, RESTORE)
    expect(changes(world.steps)).toEqual(['enable', 'copy'])
  })

  it.each(['fail', 'recreate'])('leaves an interrupted restore alone with `%s`', async (value) => {
    githubWorld()
    const world = interrupted()
    const { report } = await act(OPENED, { ...TOKEN, on_orphan_schema: value })
    expect(report?.action).toBe('unchanged')
    expect(world.steps).toEqual([])
  })

  it("does not take a copy of the parent's interrupted restore for its own", async () => {
    githubWorld()
    const world = interrupted('br-parent-0001')
    expect((await act(OPENED, RESTORE)).report?.action).toBe('unchanged')
    expect(changes(world.steps)).toEqual([])
  })
})

describe('check again right before you remove: a restore', () => {
  it('moves nothing on a branch that became protected', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'find') changeBranch({ protected: true })
      return undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/is a protected branch/)
    expect(changes(world.steps)).toEqual(['enable'])
  })

  it('moves nothing over auth that another run has enabled', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'find') world.isOn = true
      return undefined
    }
    const { report, log } = await act(OPENED, RESTORE)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('so nothing was moved')
    expect(changes(world.steps)).toEqual(['enable', 'enable'])
  })

  it('moves nothing back on a branch that becomes the default branch after the move', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'move') changeBranch({ default: true })
      return undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch[\s\S]*neon_auth_restore_local_16385/)
    expect(failure).toContain('ALTER SCHEMA neon_auth_restore_local_16385 RENAME TO neon_auth')
    expect(changes(world.steps)).toEqual(['enable', 'move'])
  })

  it('copies nothing on a branch that becomes the default branch after auth was enabled', async () => {
    githubWorld()
    const world = interrupted()
    world.before = (step) => {
      if (step === 'count') changeBranch({ default: true })
      return undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch/)
    expect(changes(world.steps)).toEqual([])
    expect(world.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('copies nothing for a pull request that was closed after auth was enabled', async () => {
    const github = githubWorld()
    const world = interrupted()
    world.before = (step) => {
      if (step === 'count') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await act(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(world.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('moves nothing for a pull request that was closed', async () => {
    const github = githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'find') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await act(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' }, changes: [] })
    expect(changes(world.steps)).toEqual(['enable'])
  })

  it('moves the schema back for a pull request that was closed after the move', async () => {
    const github = githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'move') github.pulls = { 2: { state: 'closed' } }
      return undefined
    }
    const { report } = await act(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(changes(world.steps)).toEqual(['enable', 'move', 'back'])
    expect(world.schemas).toEqual({ neon_auth: '16385' })
  })

  it('moves nothing if GitHub cannot tell whether the pull request is open', async () => {
    const world = restoreWorld()
    const { failure } = await act(OPENED, { on_orphan_schema: 'restore' })
    expect(failure).toMatch(/github_token/)
    expect(changes(world.steps)).toEqual(['enable'])
  })

  it('copies nothing into auth that was disabled in the meantime', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'found' && 'neon_auth' in world.schemas) world.isOn = false
      return undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).not.toBe('')
    expect(world.steps).not.toContain('copy')
    expect(Object.keys(world.schemas)).toContain('neon_auth_restore_local_16385')
  })
})

describe('two runs that restore at once', () => {
  /** Lets another run restore the data right before this run's `nth` step `at`. */
  const overtakenAt = (at: Step, nth: number, message?: string) => {
    githubWorld()
    const world = interrupted()
    world.before = (step) => {
      if (step !== at || world.steps.filter((one) => one === at).length !== nth - 1)
        return undefined
      delete world.schemas['neon_auth_restore_1']
      return message
    }
    return world
  }

  it.each([1, 2])('the slower run finds nothing left to do (count %i)', async (nth) => {
    const world = overtakenAt('count', nth, 'relation "neon_auth_restore_1.user" does not exist')
    const { failure, report } = await act(OPENED, RESTORE)
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(world.schemas).toEqual({ neon_auth: '16999' })
  })

  it('an error fails the run if the schema still exists', async () => {
    githubWorld()
    const world = interrupted()
    world.before = (step) => (step === 'count' ? 'permission denied' : undefined)
    expect((await act(OPENED, RESTORE)).failure).toMatch(/read the schema[\s\S]*permission denied/)
  })
})

describe('fail loudly, explain fully: an interrupted restore', () => {
  const WHERE = /schema neon_auth_restore_1 of the database neondb.*on_orphan_schema: restore/

  it.each(['fail', 'recreate'])('is neither searched for nor deleted with `%s`', async (value) => {
    githubWorld()
    const world = interrupted()
    world.isOn = false
    delete world.schemas['neon_auth']
    const steps: string[] = []
    world.before = (step) => void steps.push(step)
    const inputs = { ...TOKEN, on_orphan_schema: value }
    const { report } = await act(['pull_request', 'reopened'], inputs)
    expect(report?.action).toBe('enabled')
    // No SQL was sent.
    expect(steps).toEqual(['enable'])
    expect(world.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('is named in the warning of a close with `delete_data`', async () => {
    githubWorld()
    interrupted()
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { report, log } = await act(['pull_request', 'closed'], inputs)
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(new RegExp(`warning: .delete_data. deletes only .*${WHERE.source}`))
  })

  it.each([{ on_orphan_schema: 'restore' }, { on_orphan_schema: 'fail', delete_data: 'true' }])(
    'is not looked for by a close with %j',
    async (inputs) => {
      githubWorld()
      interrupted()
      const { report, log } = await act(['pull_request', 'closed'], { ...TOKEN, ...inputs })
      expect(report?.action).toBe('disabled')
      expect(log).not.toContain('warning')
    },
  )

  it('is not looked for by a close that leaves auth on', async () => {
    githubWorld()
    const world = interrupted()
    const steps: string[] = []
    world.before = (step) => void steps.push(step)
    const inputs = { ...RESTORE, delete_data: 'true', on_close: 'untrust' }
    const { report } = await act(['pull_request', 'closed'], inputs)
    expect(report?.action).toBe('untrusted')
    expect(steps).toEqual([])
  })
})

describe('a setting from before the close that Neon does not show', () => {
  it('is sent once, although the run finds it only after its first writes', async () => {
    githubWorld()
    const world = restoreWorld()
    const set = { require_email_verification: true }
    world.config = { name: 'Shop', email_and_password: set }
    neonAlways('patch', '/auth/email_and_password', [200, set])
    const { report } = await act(OPENED, RESTORE)
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
    const world = interrupted()
    world.config = { name: 'A name that Neon does not take' }
    githubWorld()
    neonAlways('patch', '/auth/config', [status, error('name is not valid')])
    return world
  }

  it.each([400, 403, 422])('is a warning, and the data is restored (%i)', async (status) => {
    const world = refusing(status)
    const { report, log } = await act(OPENED, RESTORE)
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(log).toMatch(/warning: Neon refused a setting .*: name\..*\n.*\n.*name is not valid/)
    expect(world.schemas).toEqual({ neon_auth: '16999' })
  })

  it('fails the run if the key is refused, and keeps the data', async () => {
    const world = refusing(401)
    expect((await act(OPENED, RESTORE)).failure).toMatch(/Name the application[\s\S]*401/)
    expect(world.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('fails the run if the workflow itself asks for it', async () => {
    const world = refusing(400)
    const settings = 'name: A name that Neon does not take'
    const { failure } = await act(OPENED, { ...RESTORE, settings })
    expect(failure).toMatch(/Name the application[\s\S]*name is not valid/)
    expect(world.schemas).toHaveProperty('neon_auth_restore_1')
  })
})

describe('a restore on a branch that may have inherited its schema', () => {
  const young = { created_at: new Date().toISOString() }

  it('moves nothing on a young branch whose row names another compute', async () => {
    githubWorld()
    const world = restoreWorld(young)
    world.endpointId = 'ep-parent'
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/Nothing was changed.*may be a copy[\s\S]*ep-parent/)
    expect(changes(world.steps)).toEqual(['enable'])
  })

  it("restores on a young branch whose row names the branch's own compute", async () => {
    githubWorld()
    const world = restoreWorld(young)
    await act(OPENED, RESTORE)
    expect(changes(world.steps)).toEqual(['enable', 'move', 'enable', 'copy'])
  })
})

describe('a restore that Neon or Postgres refuses', () => {
  const refusing = (where: Step, message: string) => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => (step === where && world.steps.includes('move') ? message : undefined)
    return world
  }

  it('fails with instructions if the role may not rename the schema', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => (step === 'move' ? 'must be owner of schema neon_auth' : undefined)
    const { failure, journal } = await act(OPENED, RESTORE)
    expect(failure).toMatch(
      /Could not move the leftover neon_auth schema aside[\s\S]*must be owner[\s\S]*on_orphan_schema: recreate/,
    )
    expect(changes(world.steps)).toEqual(['enable', 'move'])
    expect(journal.applied).toEqual([])
  })

  it('moves the schema back if Neon refuses to enable auth', async () => {
    const world = refusing('enable', 'out of quota')
    const { failure, journal } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(world.steps)).toEqual(['enable', 'move', 'enable', 'back'])
    expect(journal.applied.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'move_auth_data_back',
    ])
  })

  it('moves nothing back if another run deleted the schema and Neon refuses to enable auth', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (step === 'find') delete world.schemas['neon_auth']
      return step === 'enable' && world.steps.includes('find') ? 'out of quota' : undefined
    }
    const { failure, journal } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(world.steps)).toEqual(['enable', 'enable'])
    expect(journal.applied).toEqual([])
  })

  it('moves the schema back if Neon still sees a schema', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      // Meanwhile, another run left its own schema.
      if (step === 'enable' && world.steps.includes('move')) world.schemas['neon_auth'] = '17000'
      return undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(/schema exists[\s\S]*Neon does not see that it was moved/)
    expect(Object.values(world.schemas)).toContain('16385')
  })

  it('says where the data is if the schema cannot be moved back', async () => {
    githubWorld()
    const world = restoreWorld()
    world.before = (step) => {
      if (!world.steps.includes('move')) return undefined
      return step === 'enable' || step === 'back' ? `no ${step}` : undefined
    }
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(
      /no enable[\s\S]*in the schema neon_auth_restore_local_16385[\s\S]*no back/,
    )
  })

  it('says where the data is if the rows did not arrive', async () => {
    refusing('copy', '1 rows of the table user are not in neon_auth after copying')
    const { failure } = await act(OPENED, RESTORE)
    expect(failure).toMatch(
      /1 rows of the table user[\s\S]*in the schema neon_auth_restore_local_16385/,
    )
  })
})
