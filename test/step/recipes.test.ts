import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Job, type Step as WorkflowStep, workflowOf } from '../contract/workflows.ts'
import { startStepHere } from '../in-process.ts'
import { payload, payloadWhere } from '../payloads.ts'
import { BRANCH, PASSWORD, PREVIEW } from '../preview.ts'
import type { Step } from '../runner.ts'
import { useServices } from '../services.ts'

const services = useServices({ start: startStepHere })
const FOLDER = resolve(import.meta.dirname, '../../docs/recipes')
/** This recipe acts on production, so a separate test runs it. */
const PROMOTION = 'promote-settings.yml'
const recipes = readdirSync(FOLDER).filter((file) => file.endsWith('.yml') && file !== PROMOTION)

/** Returns the value of an expression in the recipes. Throws for an unknown expression. */
const expressionValue = (expression: string): string => {
  const { neon } = services
  const values: Record<string, string> = {
    'secrets.NEON_API_KEY': neon.apiKey,
    'vars.NEON_PROJECT_ID': neon.projectId,
    'secrets.E2E_PASSWORD': PASSWORD,
    'steps.branch.outputs.branch_id': neon.branch(BRANCH).id,
    'steps.deploy.outputs.url': PREVIEW,
    'github.event.pull_request.number': '2',
    'inputs.dry_run == true': 'false',
  }
  const value = values[expression]
  if (value !== undefined) return value
  if (/^steps\.pages\.outputs/.test(expression)) return PREVIEW
  throw new Error(`the test has no value for ${expression}`)
}

const evaluate = (value: unknown): string =>
  String(value)
    .replace(/\$\{\{\s*([\s\S]*?)\s*\}\}/g, (_, expression: string) =>
      expressionValue(expression.replace(/\s+/g, ' ')),
    )
    .trim()

const evaluateAll = (values: object = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, evaluate(value)]))

/** Returns the steps of a job that use this action. */
const ownSteps = ({ steps = [] }: Job): WorkflowStep[] =>
  steps.filter(({ uses }) => uses?.startsWith('OWNER/neon-auth-preview-action@'))

const SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'
/** Returns GitHub's own payload of a successful deployment of the preview. */
const deploymentPayload = (): object => {
  const original = payload('deployment_status') as Record<string, Record<string, unknown>>
  return {
    ...original,
    deployment: { ...original['deployment'], sha: SHA, ref: SHA, environment: 'Preview' },
    deployment_status: {
      ...original['deployment_status'],
      environment: 'Preview',
      state: 'success',
      environment_url: PREVIEW,
    },
  }
}

type Event = Pick<Step, 'event' | 'payload' | 'eventName'>

/** Returns the events that a recipe's jobs handle, in order. */
const eventsOf = (recipe: string): [name: string, event: Event][] => {
  const pull = (action: string): Event => ({ event: ['pull_request', action, { number: 2 }] })
  switch (recipe) {
    case 'nightly-sweep.yml':
      return [['sweep', { event: ['schedule'], payload: {} }]]
    case 'cleanup-on-conflict.yml':
      return [['closed', { ...pull('closed'), eventName: 'pull_request_target' }]]
    case 'vercel.yml':
      return [
        ['opened', { event: ['pull_request', 'opened', { number: 2, headSha: SHA }] }],
        ['deployed', { event: ['deployment_status'], payload: deploymentPayload() }],
        ['closed', pull('closed')],
      ]
    default:
      return [
        ['opened', pull('opened')],
        ['synchronize', pull('synchronize')],
        ['closed', pull('closed')],
      ]
  }
}

/** Creates a checkout that contains only this file. Returns its folder. */
const checkoutWith = (path: string, text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'))
  mkdirSync(join(folder, '.github'))
  writeFileSync(join(folder, path), text)
  return folder
}

/** Returns the jobs for an event. Without a job `close`, all jobs handle every event. */
const jobsFor = (jobs: Record<string, Job>, event: string): Job[] => {
  const { close, ...others } = jobs
  if (!close) return Object.values(others)
  return event === 'closed' ? [close] : Object.values(others)
}

describe('each recipe works step by step', () => {
  it.each(recipes)('%s', async (recipe) => {
    const { neon, github } = services
    const { jobs } = workflowOf(readFileSync(join(FOLDER, recipe), 'utf8'))
    github.setPull(2, { state: 'open', headSha: SHA })
    if (recipe === 'shared-staging.yml') await neon.createBranch({ name: 'staging' })
    if (recipe === 'neon-functions.yml') neon.deployFunctions(BRANCH, [{ slug: 'shop' }])
    if (recipe === 'vercel.yml') github.deploy(SHA, 'Preview', ['success'], PREVIEW)
    for (const [name, event] of eventsOf(recipe)) {
      if (name === 'closed') github.setState(2, 'closed')
      const steps = jobsFor(jobs, name).flatMap(ownSteps)
      expect(steps, name).not.toEqual([])
      for (const step of steps) {
        const { exitCode, log } = await services.start('', evaluateAll(step.with), {
          ...event,
          env: evaluateAll(step.env),
        }).finished
        expect(exitCode, `${recipe}, ${name}:\n${log}`).toBe(0)
      }
      if (name === 'opened' || name === 'deployed') {
        const branch = neon.branch(recipe === 'shared-staging.yml' ? 'staging' : BRANCH)
        expect(branch.auth).toBe('on')
        expect(branch.trustedDomains).toHaveLength(1)
      }
    }
    expect(neon.branch(BRANCH).auth).toBe('off')
    if (recipe === 'shared-staging.yml') {
      expect(neon.branch('staging')).toMatchObject({ auth: 'on', trustedDomains: [] })
      await neon.deleteBranch(neon.branch('staging').id)
    }
  })
})

describe(PROMOTION, () => {
  const pushed = payloadWhere('push', ({ ref }) => ref === 'refs/heads/master')

  it('plans in the pull request and changes production after the push', async () => {
    const { neon } = services
    const { jobs } = workflowOf(readFileSync(join(FOLDER, PROMOTION), 'utf8'))
    const path = '.github/neon-auth.yml'
    const checkout = checkoutWith(path, 'name: Shop\n')
    const env = { GITHUB_WORKSPACE: checkout }
    await neon.enableAuth('main', { domains: ['https://shop.example'] })
    neon.clearRequests()
    const run = async (job: string, event: Event): Promise<string | undefined> => {
      const [step] = ownSteps(jobs[job] as Job)
      expect(step?.with?.['settings']).toBe(path)
      const { exitCode, log, outputs } = await services.start('', evaluateAll(step?.with), {
        ...event,
        env,
      }).finished
      expect(exitCode, `${job}:\n${log}`).toBe(0)
      return outputs.action_taken
    }
    try {
      expect(await run('plan', { event: ['pull_request', 'opened', { number: 2 }] })).toBe(
        'planned',
      )
      expect(neon.writes()).toEqual([])
      const push: Event = { event: ['push'], payload: pushed }
      expect(await run('apply', push)).toBe('updated')
      expect(neon.settingsOf('main')).toMatchObject({
        name: 'Shop',
        trusted_origins: ['https://shop.example'],
      })
      expect(await run('apply', push)).toBe('unchanged')
    } finally {
      await neon.wipeAuth('main')
      rmSync(checkout, { recursive: true, maxRetries: 5 })
    }
  })
})
