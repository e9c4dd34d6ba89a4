import { describe, expect, it } from 'vitest'
import { BRANCH, PREVIEW, signUp } from '../preview.ts'
import {
  fillExpressions,
  ownSteps,
  type ReadmeWorkflow,
  readmeWorkflows,
} from '../readme-workflows.ts'
import type { StepResult } from '../runner.ts'
import { useServices } from '../services.ts'

const services = useServices()
const workflows = readmeWorkflows()
const [first, second] = workflows as [ReadmeWorkflow, ReadmeWorkflow]

/** Runs the steps of a job that use this action, in order, for an event of pull request #2. */
const runJob = async (
  workflow: ReadmeWorkflow,
  job: string,
  action: string,
): Promise<StepResult[]> => {
  const { neon, github } = services
  const values = {
    'secrets.NEON_API_KEY': neon.apiKey,
    'vars.NEON_PROJECT_ID': neon.projectId,
    'github.event.number': '2',
    // The result of the other steps: the branch exists, and the deploy has a URL.
    'steps.branch.outputs.branch_id': neon.branch(BRANCH).id,
    'steps.deploy.outputs.url': PREVIEW,
  }
  github.setState(2, action === 'closed' ? 'closed' : 'open')
  const results: StepResult[] = []
  for (const step of ownSteps(workflow, job)) {
    // Inputs that the README does not set must stay unset.
    const inputs = { project_id: '', ...fillExpressions(step.with, values) }
    const env = fillExpressions(workflow.env, values)
    results.push(await services.run(action, inputs, { env }))
  }
  for (const { exitCode, log } of results) expect(exitCode, log).toBe(0)
  return results
}

describe('the workflows in the README', { timeout: 90_000 }, () => {
  it('are one with a single step, and one with two steps and a step on close', () => {
    expect(workflows).toHaveLength(2)
    expect(ownSteps(first, 'neon-auth')).toHaveLength(1)
    expect(ownSteps(second, 'deploy')).toHaveLength(2)
    expect(ownSteps(second, 'close')).toHaveLength(1)
  })

  it('let users sign in, delete the data on close, and work after reopening, with one step', async () => {
    const preview = 'https://pr-2.preview.example.com'
    for (const action of ['opened', 'closed', 'reopened']) {
      const [step] = await runJob(first, 'neon-auth', action)
      const isClosed = action === 'closed'
      expect(step?.outputs.action_taken).toBe(isClosed ? 'disabled' : 'enabled')
      expect(await services.neon.hasAuthSchema(BRANCH)).toBe(!isClosed)
      if (!isClosed)
        expect(await signUp(step?.outputs.base_url, preview, 'ada@example.com')).toBe(200)
    }
  })

  it('set the URLs before the deploy, trust the domain after it, and disable auth on close, with two steps', async () => {
    const [before, after] = await runJob(second, 'deploy', 'opened')
    expect(before?.outputs).toMatchObject({ action_taken: 'enabled', trusted_domains: '[]' })
    expect(before?.outputs.jwks_url).toMatch(/^http/)
    expect(after?.outputs.domains_added).toBe(JSON.stringify([PREVIEW]))
    expect(await signUp(before?.outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
    const [closed] = await runJob(second, 'close', 'closed')
    expect(closed?.outputs.action_taken).toBe('disabled')
    expect(await services.neon.hasAuthSchema(BRANCH)).toBe(false)
  })
})
