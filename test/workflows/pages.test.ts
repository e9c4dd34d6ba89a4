import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACT_VERSION } from './act.ts'
import { gapsBetween, workflowTexts } from './catalog.ts'
import { forAct } from './engine-text.ts'
import { workflowsOfPage } from './pages.ts'
import { plant, plantedFaults } from './planted.ts'
import { scenarios } from './scenarios.ts'
import { startsOn } from './trigger.ts'

const texts = workflowTexts()

describe('the workflows to run', () => {
  it('each have a scenario, and no scenario lacks a workflow', () => {
    expect(gapsBetween(texts, scenarios)).toEqual([])
  })

  it('are reported if they have no scenario, as is a scenario without a workflow', () => {
    expect(gapsBetween(new Map([['README.md#New', '']]), [])).toHaveLength(1)
    expect(gapsBetween(new Map(), [{ workflow: 'README.md#Old', cases: [] }])).toHaveLength(1)
  })

  it('are named after their heading, and other YAML is skipped', () => {
    const workflow = '```yaml\non: push\njobs: {}\n```\n'
    const steps = '```yaml\n- uses: OWNER/neon-auth-preview-action@v1\n```\n'
    const settings = '```yaml\nname: Shop\n```\n'
    const page = `# One\n${settings}${workflow}## Two\n\ntext\n\n${steps}${workflow}`
    const keys = workflowsOfPage('a.md', page).map(({ key }) => key)
    expect(keys).toEqual(['a.md#One', 'a.md#Two', 'a.md#Two (2)'])
  })

  it.each(plantedFaults)('include the text that this planted fault replaces: $title', (fault) => {
    const text = texts.get(fault.workflow) ?? ''
    expect(plant(text, fault)).not.toBe(text)
  })
})

const onPullRequest = (filter: string): string => `on: { pull_request: ${filter} }\njobs: {}`
const closed = { name: 'pull_request', payload: { action: 'closed' } }

describe('an event', () => {
  it.each([
    ['starts a workflow that lists its type', onPullRequest('{ types: [closed] }'), true],
    [
      'does not start a workflow that lists another type',
      onPullRequest('{ types: [opened] }'),
      false,
    ],
    [
      "of a type that is not one of GitHub's defaults starts no workflow without types",
      onPullRequest(''),
      false,
    ],
    ['does not start a workflow for another event', 'on: push', false],
  ])('%s', (_, workflow, starts) => {
    expect(startsOn(workflow, closed)).toBe(starts)
  })

  it('of a schedule starts a workflow whose schedule is an array', () => {
    const workflow = "on: { schedule: [{ cron: '1 2 * * *' }] }"
    expect(startsOn(workflow, { name: 'schedule', payload: {} })).toBe(true)
  })

  it.each([
    ['refs/heads/main', true],
    ['refs/heads/other', false],
    ['refs/tags/main', false],
  ])('of a push to %s: starts a workflow for the branch main? %s', (ref, starts) => {
    const workflow = 'on: { push: { branches: [main] } }'
    expect(startsOn(workflow, { name: 'push', payload: { ref } })).toBe(starts)
  })

  it('of a pull request starts a workflow for its base branch, and none for another', () => {
    const workflow = onPullRequest('{ types: [closed], branches: [main] }')
    const into = (ref: string) => ({
      ...closed,
      payload: { ...closed.payload, pull_request: { base: { ref } } },
    })
    expect(startsOn(workflow, into('main'))).toBe(true)
    expect(startsOn(workflow, into('other'))).toBe(false)
  })
})

it.each([
  ['{ paths: [src] }', 'paths'],
  ["{ types: [closed], branches: ['release/**'] }", 'pattern'],
])('startsOn throws for an unsupported filter: %s', (filter, reason) => {
  expect(() => startsOn(onPullRequest(filter), closed)).toThrow(reason)
})

it('only the keys that act does not know are removed from a workflow', () => {
  const workflow =
    'concurrency:\n  group: a # why\n  queue: max\njobs:\n  a:\n    environment: { name: b, deployment: false }\n'
  expect(forAct(workflow)).toBe(
    'concurrency:\n  group: a # why\njobs:\n  a:\n    environment: { name: b }\n',
  )
})

it.each(['.ci/run', '.github/workflows/ci.yml'])(
  '%s installs the version of act that this project uses',
  (path) => {
    const text = readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
    const installed = [...text.matchAll(/go install github\.com\/nektos\/act@([\w.-]+)/g)]
    expect(installed.map(([, version]) => version)).toEqual([ACT_VERSION])
  },
)
