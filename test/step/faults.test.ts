import { describe, expect, it } from 'vitest'
import {
  type FaultCell,
  labelOf,
  observe,
  runFaultCell,
  type Verdict,
} from '../campaign/fault-cell.ts'
import { type CampaignFault, FAULTS } from '../campaign/faults.ts'
import { type KillCell, killsOf, runKillCell } from '../campaign/kill-cell.ts'
import { isWrite, textOf } from '../campaign/requests.ts'
import type { CompletedRun } from '../campaign/run-step.ts'
import { withWorkers } from '../campaign/workers.ts'
import { startStepHere } from '../in-process.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { SCENARIOS, type Scenario, type Services } from '../scenarios.ts'
import { useServices } from '../services.ts'

// A part of `npm run faults` and `npm run kills`, which cover every request of every scenario.

const services = useServices({ start: startStepHere })
const { run } = services

const WORKERS = 3
const TIMEOUT_MS = 180_000

const scenarioOf = (name: string): Scenario => {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  return scenario
}

/** Runs a scenario without faults. Returns it with the completed run. */
const runUndisturbed = async (name: string): Promise<[Scenario, CompletedRun]> => {
  const scenario = scenarioOf(name)
  const [run] = await withWorkers([scenario], 1, observe, startStepHere)
  if (!run) throw new Error(`${name} was not run`)
  return [scenario, run]
}

/** Returns the problems of each cell that has any. */
const problemsIn = async <Cell extends FaultCell | KillCell>(
  cells: readonly Cell[],
  nameOf: (cell: Cell) => string,
  run: (services: Services, cell: Cell) => Promise<Pick<Verdict, 'problems'>>,
) => {
  const verdictOn = async (services: Services, cell: Cell) => ({
    cell: `${textOf(cell.request)} ${nameOf(cell)}`,
    problems: (await run(services, cell)).problems,
  })
  const verdicts = await withWorkers(cells, WORKERS, verdictOn, startStepHere)
  return verdicts.filter(({ problems }) => problems.length > 0)
}

const faultProblems = (cells: readonly FaultCell[], baseline: CompletedRun) =>
  problemsIn(cells, labelOf, (services, cell) => runFaultCell(services, cell, baseline))

/** Like {@link faultProblems}. The killed steps run in separate processes. */
const killProblems = (cells: readonly KillCell[], { effects }: CompletedRun) =>
  problemsIn(
    cells,
    ({ when }) => when,
    (services, cell) => runKillCell(services, cell, effects),
  )

const faultOf = (name: string): CampaignFault => {
  const fault = FAULTS.find((candidate) => candidate.name === name)
  if (!fault) throw new Error(`no fault ${name}`)
  return fault
}

/** Returns a cell in which one request of a scenario gets one fault. */
const cellOf = (
  scenario: Scenario,
  request: FaultCell['request'],
  fault: CampaignFault,
): FaultCell => ({ scenario, request, fault, lasting: false })

describe('reconcile lost responses by reading: a run survives a fault at any request, or names it and the next run repairs it', () => {
  // Each request gets one fault, in turn, so that most kinds are used.
  it.each(['open', 'untrust'])('in the scenario "%s"', { timeout: TIMEOUT_MS }, async (name) => {
    const [scenario, run] = await runUndisturbed(name)
    const cells = run.requests.map(({ name: request }, index) =>
      cellOf(scenario, request, FAULTS[(index * 7) % FAULTS.length] ?? faultOf('423')),
    )
    expect(await faultProblems(cells, run)).toEqual([])
  })

  it('in the scenario "recreate", while the leftover is dropped over SQL', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const [scenario, run] = await runUndisturbed('recreate')
    const cells = run.requests
      .filter(({ name }) => name.what === 'POST /sql')
      .flatMap(({ name: request }) =>
        ['reset-after', '502-html', '{}'].map((fault) => cellOf(scenario, request, faultOf(fault))),
      )
    expect(cells).toHaveLength(6)
    expect(await faultProblems(cells, run)).toEqual([])
  })

  it('in the scenario "restore", at each write over SQL', { timeout: TIMEOUT_MS }, async () => {
    const [scenario, run] = await runUndisturbed('restore')
    const cells = run.requests
      .filter(({ request }) => isWrite(request) && request.plane === 'sql')
      .map(({ name: request }) => cellOf(scenario, request, faultOf('reset-after')))
    expect(cells).toHaveLength(2)
    expect(await faultProblems(cells, run)).toEqual([])
  })
})

describe('converge: the next run completes a run that was killed at a write', () => {
  it('in the scenario "close-delete"', { timeout: TIMEOUT_MS }, async () => {
    const [scenario, run] = await runUndisturbed('close-delete')
    const writes = run.requests.filter(({ request }) => isWrite(request))
    const kills = killsOf(scenario, { ...run, requests: writes })
    expect(await killProblems(kills, run)).toEqual([])
  })

  // `npm run kills` kills it after every statement within.
  it('in the scenario "restore", also within its last transaction', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const [scenario, run] = await runUndisturbed('restore')
    const within = killsOf(scenario, run).filter(({ when }) => when.startsWith('within'))
    // From the first statement to the last, including those that drop the moved schema.
    expect(within.length).toBeGreaterThan(30)
    const after = killsOf(scenario, run).filter(
      ({ request, when }) =>
        when === 'after' && ['POST /sql', 'createNeonAuth'].includes(request.what),
    )
    expect(await killProblems([...after, ...within.slice(-1)], run)).toEqual([])
  })
})

describe('one deadline covers everything: requests that hang', () => {
  it.each(['hang', 'hang-after'] as const)(
    'are reconciled before the deadline if a POST gets no response (%s)',
    async (fault) => {
      const { neon } = services
      neon.faults.add({ match: { operationId: 'createNeonAuth' }, fault })
      const { exitCode, outputs, log } = await run('opened', { timeout: '20' })
      expect(exitCode, log).toBe(0)
      expect(outputs.action_taken).toBe('enabled')
      expect(log).toContain('no response within')
    },
  )

  it('end at the deadline if they hang forever, and the error names the request', async () => {
    services.neon.faults.add({
      match: { operationId: 'listProjectBranches' },
      times: 99,
      fault: 'hang',
    })
    const { exitCode, annotations } = await run('opened', { timeout: '2' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/2 seconds[\s\S]*GET \/projects\/[\s\S]*`timeout`/)
  })
})

describe("verify what was promised: the auth service's responses", () => {
  const refusal = {
    kind: 'status',
    status: 403,
    body: { code: 'INVALID_ORIGIN', message: 'Invalid origin' },
  } as const
  const signOut = { path: /\/sign-out$/ }
  /** Enables auth and starts the auth service, which takes seconds on a slow machine. */
  const startService = async (): Promise<void> => {
    await run('opened', { verify: 'false' })
    await fetch(`${services.neon.branch(BRANCH).baseUrl}/.well-known/jwks.json`)
    services.neon.clearRequests()
  }

  it('make the run wait for a trusted domain that takes effect late', async () => {
    await startService()
    services.neon.faults.add({ match: signOut, times: 2, fault: refusal })
    expect((await run('opened', { trusted_domains: PREVIEW })).exitCode).toBe(0)
    const probes = services.neon.requests.filter(({ path }) => signOut.path.test(path))
    expect(probes.length).toBeGreaterThan(2)
  })

  it('fail the run if a domain is never accepted, and the error reports the changes made so far', async () => {
    await startService()
    services.neon.faults.add({ match: signOut, times: 99, fault: refusal })
    const { exitCode, annotations, outputs } = await run('opened', {
      trusted_domains: PREVIEW,
      timeout: '4',
    })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/could not verify that .* is trusted[\s\S]*INVALID_ORIGIN/)
    expect(outputs).toMatchObject({ changed: 'true', domains_added: JSON.stringify([PREVIEW]) })
    const unverified = await run('opened', { trusted_domains: PREVIEW, verify: 'false' })
    expect(unverified.exitCode).toBe(0)
  })

  it('are all that a run requests from the auth service', async () => {
    await startService()
    await run('opened', { trusted_domains: PREVIEW })
    const requests = services.neon.requests
      .filter(({ plane }) => plane === 'data')
      .map(({ method, path }) => `${method} ${path.replace(/^.*\/auth/, '')}`)
    expect(requests.sort()).toEqual([
      'GET /.well-known/jwks.json',
      'GET /ok',
      'POST /sign-out',
      // The control: an origin that no branch trusts.
      'POST /sign-out',
    ])
  })
})
