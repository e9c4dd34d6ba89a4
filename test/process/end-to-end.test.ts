import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InputName } from '../../src/action/inputs.ts'
import { manifest, read } from '../contract/project.ts'
import { type Step as WorkflowStep, workflowOf } from '../contract/workflows.ts'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { closeServer, listen } from '../loopback.ts'
import { payload } from '../payloads.ts'
import { runStep, type Step } from '../runner.ts'
import { type Machine, reasonToSkip, startMachine, titleOf } from './machine.ts'

// Runs the job `end-to-end` of ci.yml step by step: its scripts in Bash, and the steps that use this
// action as processes of the built bundle, with the inputs that the runner would pass.

const { 'end-to-end': job } = workflowOf(read('.github/workflows/ci.yml')).jobs

const freePort = async (): Promise<string> => {
  const server = createServer()
  const { port } = new URL(await listen(server))
  await closeServer(server)
  return port
}

/** The values of expressions. */
type Values = Record<string, string>

const evaluate = (text: unknown, values: Values): string =>
  String(text).replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const value = values[expression]
    if (value === undefined) throw new Error(`the test has no value for ${expression}`)
    return value
  })

const evaluateAll = (texts: Record<string, unknown> = {}, values: Values): Values =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, evaluate(text, values)]))

/** Returns the inputs of a step as the runner passes them, with the defaults of action.yml. */
const inputsOf = (step: WorkflowStep, values: Values): Partial<Record<InputName, string>> => {
  const defaults = Object.entries(manifest().inputs).flatMap(([name, input]) =>
    input.default === undefined ? [] : [[name, input.default] as const],
  )
  return evaluateAll({ ...Object.fromEntries(defaults), ...step.with }, values)
}

/** The events that start the job. */
const EVENTS: Record<string, Pick<Step, 'event' | 'payload'>> = {
  'an open pull request': { event: ['pull_request', 'synchronize', { number: 2, state: 'open' }] },
  'a push to main': { event: ['push'], payload: payload('push') },
}

describe.skipIf(reasonToSkip() !== '')(titleOf('CI runs the action itself'), () => {
  let github: LocalGitHub
  let machine: Machine
  let port: string
  beforeAll(async () => {
    github = await startLocalGitHub()
  })
  beforeEach(async () => {
    github.reset()
    machine = startMachine()
    port = await freePort()
  })
  afterEach(() => machine.stop())
  afterAll(() => github.close())

  /** Runs a step. Returns the values of expressions for its outputs. */
  const runWorkflowStep = async (
    step: WorkflowStep,
    event: Pick<Step, 'event' | 'payload'>,
    values: Values,
  ): Promise<Values> => {
    const env = { ...job?.env, LOCAL_NEON_PORT: port, ...evaluateAll(step.env, values) }
    if (step.run) {
      const { exitCode, log } = await machine.run(step.run, env)
      expect(exitCode, `${step.name}:\n${log}`).toBe(0)
      return {}
    }
    const { exitCode, log, outputs } = await runStep({
      ...event,
      inputs: inputsOf(step, values),
      env: { ...env, GITHUB_API_URL: github.apiUrl },
    })
    expect(exitCode, `${step.name}:\n${log}`).toBe(0)
    return Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [`steps.${step.id}.outputs.${name}`, value]),
    )
  }

  it.each(Object.entries(EVENTS))('on %s', { timeout: 120_000 }, async (_, event) => {
    const steps = (job?.steps ?? []).filter(
      ({ uses, run, if: condition }) =>
        (uses === './' || run) && run !== 'npm ci' && condition !== 'failure()',
    )
    expect(steps.filter(({ uses }) => uses)).toHaveLength(4)
    let values: Values = { 'env.LOCAL_NEON_PORT': port, 'github.token': 'ghs_local' }
    for (const step of steps)
      values = { ...values, ...(await runWorkflowStep(step, event, values)) }
    expect(values['steps.closed.outputs.action_taken']).toBe('disabled')
  })

  it('and fails at once, not after two minutes, if Local Neon does not start', async () => {
    const start = job?.steps?.find(({ name }) => name === 'Start Local Neon')?.run ?? ''
    const { port: takenPort } = new URL(github.apiUrl)
    const { exitCode } = await machine.run(start, { LOCAL_NEON_PORT: takenPort })
    expect(exitCode).toBe(1)
    expect(readFileSync(join(machine.temp, 'local-neon.log'), 'utf8')).toContain('EADDRINUSE')
  })
})
