import { beforeEach, describe, expect, it } from 'vitest'
import {
  CLOSED,
  cancelRun,
  changeBranch,
  error,
  neonAlways,
  OPENED,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { type GitHubState, mockGitHub, TOKEN } from './mock-github.ts'
import { type Leftover, LOST, mockLeftover, type Step } from './mock-leftover.ts'

useNock()

const RESTORE = { ...TOKEN, on_orphan_schema: 'restore' }

let github: GitHubState
beforeEach(() => {
  github = mockGitHub()
})

/** Returns the steps so far that change something. */
const changes = ({ steps }: Leftover): Step[] =>
  steps.filter((step) => !['find leftover', 'find moved', 'count'].includes(step))

/** Runs `change` right before each step `at`. */
const changeBefore = (leftover: Leftover, at: Step, change: () => unknown): void => {
  leftover.before = (step) => {
    if (step === at) change()
    return undefined
  }
}

const closePull = (): void => {
  github.pulls = { 2: { state: 'closed' } }
}

/** Changes the branch as if run 1 had moved the schema aside and enabled auth. */
const moveAndEnable = (leftover: Leftover, branch = 'br-cool-sun-1234'): void => {
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
}

/** Mocks a branch on which a restore was killed after auth was enabled. */
const mockInterrupted = (branch?: string) => {
  const leftover = mockLeftover()
  moveAndEnable(leftover, branch)
  return leftover
}

describe('on_orphan_schema recreate in a dry run', () => {
  it.each([
    ['plans the deletion first', {}, {}, ['delete_orphan_schema', 'enable_auth']],
    ['plans no deletion without a leftover', {}, { schemas: {} }, ['enable_auth']],
    [
      'plans no deletion on a young branch, whose schema may be in use',
      { created_at: new Date().toISOString() },
      {},
      ['enable_auth'],
    ],
  ])('%s', async (_, branch, database, planned) => {
    const leftover = Object.assign(mockLeftover(branch), database)
    const inputs = { ...TOKEN, on_orphan_schema: 'recreate', dry_run: 'true' }
    const { failure, report } = await runAction(OPENED, inputs)
    expect(failure).toBe('')
    expect(report?.changes.map(({ change }) => change)).toEqual(planned)
    expect(changes(leftover)).toEqual([])
  })

  it('warns if the run cannot look for a leftover schema', async () => {
    mockLeftover().before = (step) => (step === 'find leftover' ? 'permission denied' : undefined)
    const inputs = { ...TOKEN, on_orphan_schema: 'recreate', dry_run: 'true' }
    const { report, log } = await runAction(OPENED, inputs)
    expect(report?.changes).toEqual([{ change: 'enable_auth' }])
    expect(log).toMatch(/warning: This dry run could not find out[\s\S]*permission denied/)
  })
})

describe('on_orphan_schema restore', () => {
  it('renames the schema, enables auth, and copies the data back', async () => {
    const leftover = mockLeftover()
    const { report, log } = await runAction(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '77' })
    expect(changes(leftover)).toEqual(['enable', 'move aside', 'enable', 'copy'])
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
    const leftover = mockLeftover()
    const { report } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'enable_auth',
      'set_name',
      'restore_auth_data',
    ])
    expect(changes(leftover)).toEqual([])
  })

  it.each([
    ['shared', {}],
    ['keep', { credentials: { client_id: 'id', client_secret: 'restored-secret' } }],
  ])('plans the OAuth app according to oauth: %s', async (oauth, credentials) => {
    const google = { id: 'google', client_id: 'id', client_secret: 'restored-secret' }
    mockLeftover().config = { social_providers: [google] }
    const { report } = await runAction(OPENED, { ...RESTORE, oauth, dry_run: 'true' })
    expect(report?.changes).toContainEqual({
      change: 'add_oauth_provider',
      provider: 'google',
      ...credentials,
    })
  })

  it.each([
    ['warns', 'keep', true],
    ['does not warn', 'shared', false],
  ])('%s about incomplete OAuth credentials with oauth: %s', async (_, oauth, warns) => {
    const google = { id: 'google', type: 'shared' }
    neonAlways('get', '/auth/plugins', [200, { oauth_providers: [google] }])
    const leftover = mockInterrupted()
    leftover.config = { social_providers: [{ id: 'google', client_id: 'id' }] }
    const { failure, log } = await runAction(OPENED, { ...RESTORE, oauth })
    expect(failure).toBe('')
    expect(changes(leftover)).toEqual(['copy'])
    expect(log.includes('the credentials of google')).toBe(warns)
  })

  it('plans the rest of an interrupted restore in a dry run', async () => {
    const leftover = mockInterrupted()
    const { report } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(report?.changes).toMatchObject([{ change: 'restore_auth_data', users: 12 }])
    expect(changes(leftover)).toEqual([])
  })

  it('plans the rest of a restore that was interrupted before auth was enabled', async () => {
    const leftover = mockInterrupted()
    Object.assign(leftover, { isOn: false, schemas: { neon_auth_restore_1: '16385' } })
    const { report } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    const planned = report?.changes.map(({ change }) => change)
    expect(planned).toEqual(['enable_auth', 'set_name', 'restore_auth_data'])
    expect(changes(leftover)).toEqual([])
  })

  it('plans no restore of data that another run restores during the dry run', async () => {
    const leftover = mockInterrupted()
    leftover.before = (step) => {
      if (step !== 'count') return undefined
      leftover.schemas = { neon_auth: '16999', neon_auth_restore_2: '17001' }
      return 'relation "neon_auth_restore_1.user" does not exist'
    }
    const { report, failure } = await runAction(OPENED, { ...RESTORE, dry_run: 'true' })
    expect(failure).toBe('')
    expect(report?.changes).toEqual([])
  })

  it('finishes an interrupted restore whose auth is on', async () => {
    const leftover = mockInterrupted()
    const { report } = await runAction(OPENED, RESTORE)
    expect(changes(leftover)).toEqual(['copy'])
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it('finishes an interrupted restore whose auth is off', async () => {
    const leftover = mockInterrupted()
    Object.assign(leftover, { isOn: false, schemas: { neon_auth_restore_1: '16385' } })
    await runAction(OPENED, RESTORE)
    expect(changes(leftover)).toEqual(['enable', 'copy'])
    expect(leftover.enabledIn).toEqual(['neondb'])
  })

  it('moves only the schema in the database of an interrupted restore', async () => {
    const leftover = mockInterrupted()
    Object.assign(leftover, { isOn: false, databases: ['other', 'neondb'] })
    await runAction(OPENED, RESTORE)
    expect(changes(leftover).slice(0, 2)).toEqual(['enable', 'move aside'])
    expect(leftover.enabledIn).toEqual(['neondb', 'neondb'])
  })

  it.each(['fail', 'recreate'])('leaves an interrupted restore alone with `%s`', async (value) => {
    const leftover = mockInterrupted()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: value })
    expect(report?.action).toBe('unchanged')
    expect(leftover.steps).toEqual([])
  })

  it("leaves a copy of the parent's interrupted restore alone", async () => {
    const leftover = mockInterrupted('br-parent-0001')
    expect((await runAction(OPENED, RESTORE)).report?.action).toBe('unchanged')
    expect(changes(leftover)).toEqual([])
  })
})

describe('check again right before you remove: a restore', () => {
  it('moves nothing on a branch that became protected', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'find leftover', () => changeBranch({ protected: true }))
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is a protected branch/)
    expect(changes(leftover)).toEqual(['enable'])
  })

  it('moves nothing over auth that another run has enabled', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'find leftover', () => {
      leftover.isOn = true
    })
    const { report, log } = await runAction(OPENED, RESTORE)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('so this run changes nothing more in the leftover schema')
    expect(changes(leftover)).toEqual(['enable', 'enable'])
  })

  it('moves nothing back on a branch that becomes the default branch after the move', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'move aside', () => changeBranch({ default: true }))
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch[\s\S]*neon_auth_restore_local_16385/)
    expect(failure).toContain('ALTER SCHEMA neon_auth_restore_local_16385 RENAME TO neon_auth')
    expect(changes(leftover)).toEqual(['enable', 'move aside'])
  })

  it('copies nothing on a branch that becomes the default branch after auth was enabled', async () => {
    const leftover = mockInterrupted()
    changeBefore(leftover, 'count', () => changeBranch({ default: true }))
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/is the project's default branch/)
    expect(changes(leftover)).toEqual([])
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('copies nothing for a pull request that was closed after auth was enabled', async () => {
    const leftover = mockInterrupted()
    changeBefore(leftover, 'count', closePull)
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('moves nothing for a pull request that was closed', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'find leftover', closePull)
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' }, changes: [] })
    expect(changes(leftover)).toEqual(['enable'])
  })

  it('moves the schema back for a pull request that was closed after the move', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'move aside', closePull)
    const { report } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(changes(leftover)).toEqual(['enable', 'move aside', 'move back'])
    expect(leftover.schemas).toEqual({ neon_auth: '16385' })
  })

  it('moves nothing back on a branch that became protected when the pull request was closed', async () => {
    const leftover = mockLeftover()
    changeBefore(leftover, 'move aside', () => {
      closePull()
      changeBranch({ protected: true })
    })
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/^The pull request was closed[\s\S]*is a protected branch/)
    expect(changes(leftover)).toEqual(['enable', 'move aside'])
  })

  it('moves nothing if GitHub does not say whether the pull request is open', async () => {
    const leftover = mockLeftover()
    const { failure } = await runAction(OPENED, { on_orphan_schema: 'restore' })
    expect(failure).toMatch(/github_token/)
    expect(changes(leftover)).toEqual(['enable'])
  })

  it('copies nothing into auth that was disabled in the meantime', async () => {
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find moved' && 'neon_auth' in leftover.schemas) leftover.isOn = false
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/accepted the request to enable auth .* still reports it as off/)
    expect(leftover.steps).not.toContain('copy')
    expect(Object.keys(leftover.schemas)).toContain('neon_auth_restore_local_16385')
  })
})

describe('two runs that restore at once', () => {
  /** Mocks another run that restores the data right before this run's `nth` step `at`. */
  const mockOtherRunAt = (at: Step, nth: number, message?: string) => {
    const leftover = mockInterrupted()
    leftover.before = (step) => {
      if (step !== at || leftover.steps.filter((taken) => taken === at).length !== nth - 1)
        return undefined
      delete leftover.schemas['neon_auth_restore_1']
      return message
    }
    return leftover
  }

  it.each([1, 2])('leave nothing for the slower run to do (at its count no. %i)', async (nth) => {
    const leftover = mockOtherRunAt(
      'count',
      nth,
      'relation "neon_auth_restore_1.user" does not exist',
    )
    const { failure, report } = await runAction(OPENED, RESTORE)
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it('are not the cause if the schema still exists, so the run fails', async () => {
    const leftover = mockInterrupted()
    leftover.before = (step) => (step === 'count' ? 'permission denied' : undefined)
    expect((await runAction(OPENED, RESTORE)).failure).toMatch(
      /read the schema[\s\S]*permission denied/,
    )
  })
})

describe('a move whose response is lost before another run enables auth', () => {
  beforeEach(() => {
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step !== 'move aside') return undefined
      moveAndEnable(leftover)
      return LOST
    }
  })

  it('is listed with the changes if it took effect', async () => {
    const schema = 'neon_auth_restore_1'
    const { report } = await runAction(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '1' })
    expect(report?.changes).toMatchObject([
      { change: 'move_auth_data_aside', schema, database: 'neondb' },
      { change: 'restore_auth_data', schema },
    ])
  })

  it('is not listed if another run moved the schema', async () => {
    const { report } = await runAction(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '2' })
    expect(report?.changes).toMatchObject([{ change: 'restore_auth_data' }])
  })
})

it('check again right before you remove: a lost move is undone if the pull request closes', async () => {
  const leftover = mockLeftover()
  leftover.before = (step) => {
    if (step !== 'move aside') return undefined
    moveAndEnable(leftover)
    leftover.isOn = false
    delete leftover.schemas['neon_auth']
    closePull()
    return LOST
  }
  const { report } = await runAction(OPENED, RESTORE, {}, { GITHUB_RUN_ID: '1' })
  expect(report).toMatchObject({
    skipped: { reason: 'pull_request_closed' },
    changes: [{ change: 'move_auth_data_aside' }, { change: 'move_auth_data_back' }],
  })
  expect(leftover.schemas).toEqual({ neon_auth: '16385' })
})

describe('fail loudly, explain fully: an interrupted restore', () => {
  it.each(['fail', 'recreate'])('is not searched for and not deleted with `%s`', async (value) => {
    const leftover = mockInterrupted()
    leftover.isOn = false
    delete leftover.schemas['neon_auth']
    const inputs = { ...TOKEN, on_orphan_schema: value }
    const { report } = await runAction(['pull_request', 'reopened'], inputs)
    expect(report?.action).toBe('enabled')
    // The search, which would use SQL, never began.
    expect(leftover.steps).toEqual(['enable'])
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('is named in the warning of a close with `delete_data`', async () => {
    mockInterrupted()
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { report, log } = await runAction(CLOSED, inputs)
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(
      /warning: .delete_data. deletes only .*schema neon_auth_restore_1 of the database neondb.*on_orphan_schema: restore/,
    )
  })

  it('does not fail a close with `delete_data` if it cannot be searched for', async () => {
    const leftover = mockInterrupted()
    leftover.before = (step) => (step === 'find moved' ? 'permission denied' : undefined)
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { report, failure, log } = await runAction(CLOSED, inputs)
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(/Could not check whether an unfinished restore .*: .*permission denied/)
    expect(log).not.toContain('warning')
  })

  it('is not searched for any longer by a close that is canceled', async () => {
    const leftover = mockInterrupted()
    leftover.before = (step) => {
      if (step === 'find moved') cancelRun()
      return undefined
    }
    const inputs = { ...RESTORE, delete_data: 'true' }
    const { failure } = await runAction(CLOSED, inputs)
    expect(failure).toMatch(/was canceled/)
  })

  it.each([{ on_orphan_schema: 'restore' }, { on_orphan_schema: 'fail', delete_data: 'true' }])(
    'is not searched for by a close with %j',
    async (inputs) => {
      const leftover = mockInterrupted()
      const { report, log } = await runAction(CLOSED, { ...TOKEN, ...inputs })
      expect(report?.action).toBe('disabled')
      expect(log).not.toContain('warning')
      expect(leftover.steps).toEqual(['delete'])
    },
  )

  it('is not searched for by a close that leaves auth on', async () => {
    const leftover = mockInterrupted()
    const inputs = { ...RESTORE, delete_data: 'true', on_close: 'untrust' }
    const { report } = await runAction(CLOSED, inputs)
    expect(report?.action).toBe('untrusted')
    expect(leftover.steps).toEqual([])
  })
})

describe('a setting from before the close that Neon does not show', () => {
  it('is sent once, although the run reads it only after its first writes', async () => {
    const leftover = mockLeftover()
    const config = { require_email_verification: true }
    leftover.config = { name: 'Shop', email_and_password: config }
    neonAlways('patch', '/auth/email_and_password', [200, config])
    const { report } = await runAction(OPENED, RESTORE)
    expect(writes()).toEqual([`PATCH /auth/email_and_password ${JSON.stringify(config)}`])
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
  const mockRefusedSetting = (status: number, body: unknown = error('name is not valid')) => {
    const leftover = mockInterrupted()
    leftover.config = { name: 'A name that Neon does not take' }
    neonAlways('patch', '/auth/config', [status, body])
    return leftover
  }

  it.each([400, 403, 422])('causes a warning, and the data is restored (%i)', async (status) => {
    const leftover = mockRefusedSetting(status)
    const { report, log } = await runAction(OPENED, RESTORE)
    expect(report).toMatchObject({ action: 'updated', changes: [{ users: 12 }] })
    expect(log).toMatch(/warning: Neon refused a setting .*: name\..*\n.*\n.*name is not valid/)
    expect(leftover.schemas).toEqual({ neon_auth: '16999' })
  })

  it.each<[string, number, unknown?]>([
    ['the key is refused', 401],
    ['Neon redirects the request', 302],
    ['Neon does not support it', 501],
    ['a proxy refuses it', 403, '<html>Forbidden</html>'],
    ['it is canceled meanwhile', 503, cancelRun],
  ])('fails the run if %s, and keeps the data', async (_, status, body) => {
    const leftover = mockRefusedSetting(status, body)
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(body === cancelRun ? /was canceled/ : /Name the application/)
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })

  it('fails the run if the workflow asks for the setting', async () => {
    const leftover = mockRefusedSetting(400)
    const settings = 'name: A name that Neon does not take'
    const { failure } = await runAction(OPENED, { ...RESTORE, settings })
    expect(failure).toMatch(/Name the application[\s\S]*name is not valid/)
    expect(leftover.schemas).toHaveProperty('neon_auth_restore_1')
  })
})

describe('a restore on a branch that may have inherited its schema', () => {
  const young = { created_at: new Date().toISOString() }

  it('moves nothing on a young branch whose row names another compute', async () => {
    const leftover = mockLeftover(young)
    leftover.endpointId = 'ep-parent'
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /Nothing was changed.*may be a copy[\s\S]*the compute ep-parent\. .* of this branch: ep-own\./,
    )
    expect(changes(leftover)).toEqual(['enable'])
  })

  it("restores on a young branch whose row names the branch's own compute", async () => {
    const leftover = mockLeftover(young)
    await runAction(OPENED, RESTORE)
    expect(changes(leftover)).toEqual(['enable', 'move aside', 'enable', 'copy'])
  })
})

describe('a restore that Neon or Postgres refuses', () => {
  /** Mocks a restore in which a step after the move fails. */
  const mockRefusal = (at: Step, message: string) => {
    const leftover = mockLeftover()
    leftover.before = (step) =>
      step === at && leftover.steps.includes('move aside') ? message : undefined
    return leftover
  }

  it('fails with instructions if the role may not rename the schema', async () => {
    const leftover = mockLeftover()
    leftover.before = (step) =>
      step === 'move aside' ? 'must be owner of schema neon_auth' : undefined
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /Could not move the leftover neon_auth schema aside[\s\S]*must be owner[\s\S]*on_orphan_schema: recreate/,
    )
    expect(changes(leftover)).toEqual(['enable', 'move aside'])
    expect(journal.applied).toEqual([])
  })

  it('moves the schema back if Neon refuses to enable auth', async () => {
    const leftover = mockRefusal('enable', 'out of quota')
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(leftover)).toEqual(['enable', 'move aside', 'enable', 'move back'])
    expect(journal.applied.map(({ change }) => change)).toEqual([
      'move_auth_data_aside',
      'move_auth_data_back',
    ])
  })

  it('moves nothing back if another run deleted the schema and Neon refuses to enable auth', async () => {
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (step === 'find leftover') delete leftover.schemas['neon_auth']
      return step === 'enable' && leftover.steps.includes('find leftover')
        ? 'out of quota'
        : undefined
    }
    const { failure, journal } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/out of quota/)
    expect(changes(leftover)).toEqual(['enable', 'enable'])
    expect(journal.applied).toEqual([])
  })

  it('fails and does not move the schema back over one that another run has left', async () => {
    const leftover = mockLeftover()
    leftover.before = (step) => {
      // Meanwhile, another run leaves its own schema.
      if (step === 'enable' && leftover.steps.includes('move aside'))
        leftover.schemas['neon_auth'] = '17000'
      return undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(/schema exists[\s\S]*Neon does not see that it was moved/)
    expect(leftover.schemas).toEqual({
      neon_auth: '17000',
      neon_auth_restore_local_16385: '16385',
    })
  })

  it('says where the data is if the schema cannot be moved back', async () => {
    const leftover = mockLeftover()
    leftover.before = (step) => {
      if (!leftover.steps.includes('move aside')) return undefined
      return step === 'enable' || step === 'move back' ? `no ${step}` : undefined
    }
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /no enable[\s\S]*in the schema neon_auth_restore_local_16385[\s\S]*no move back/,
    )
  })

  it('says where the data is if the rows were not copied', async () => {
    mockRefusal('copy', '1 rows of the table user are not in neon_auth after copying')
    const { failure } = await runAction(OPENED, RESTORE)
    expect(failure).toMatch(
      /1 rows of the table user[\s\S]*in the schema neon_auth_restore_local_16385/,
    )
  })
})
