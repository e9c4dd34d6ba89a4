import type { Findings } from './findings.ts'
import { type LiveStepResult, runLifecycle } from './lifecycle.ts'
import { PROBES } from './probes.ts'
import { answersOf, type LiveReport } from './report.ts'
import { at, createService, publishable, type Seen, type ServiceOptions } from './service.ts'
import {
  createWorkspace,
  deleteBranches,
  isOfExamination,
  type ListedBranch,
  type Workspace,
} from './workspace.ts'

/** Returns the reasons why a project looks like production. Throws if its branches cannot be listed. */
export async function productionSigns(options: ServiceOptions): Promise<string[]> {
  const service = createService(options)
  const branches = await listBranches(options)
  const main = branches.find((branch) => branch.default)
  const auth = main && (await service.api('GET', `/branches/${main.id}/auth`))
  const authSign =
    auth === undefined
      ? 'it has no default branch'
      : auth.status === 200
        ? 'auth is on for its default branch'
        : `auth of its default branch cannot be read (${auth.status})`
  const others = branches.filter((branch) => !isOfExamination(branch))
  return [
    ...(auth?.status === 404 ? [] : [authSign]),
    ...(branches.some((branch) => branch.protected) ? ['it has a protected branch'] : []),
    ...(others.length > 5 ? [`it has ${others.length} branches`] : []),
  ]
}

async function listBranches(options: ServiceOptions): Promise<ListedBranch[]> {
  const service = createService(options)
  const found = new Map<string, ListedBranch>()
  let cursor = ''
  for (let page = 0; page < 100; page += 1) {
    const reply = await service.api('GET', `/branches?limit=100${cursor}`)
    const branches = at(reply, 'branches')
    if (!Array.isArray(branches)) {
      throw new Error(`could not list the project's branches: ${reply.status}`)
    }
    for (const branch of branches as ListedBranch[]) found.set(branch.id, branch)
    const next = at(reply, 'pagination', 'next')
    if (typeof next !== 'string' || next === '' || branches.length === 0) break
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
  return [...found.values()]
}

/** Deletes the branches that earlier examinations left behind. Returns how many it found, deletable or not. */
export async function deleteLeftovers(options: ServiceOptions): Promise<number> {
  const leftovers = youngestFirst((await listBranches(options)).filter(isOfExamination))
  await deleteBranches(createService(options), leftovers)
  return leftovers.length
}

/** Returns the IDs of the branches, children before their parents. */
function youngestFirst(branches: readonly ListedBranch[]): string[] {
  return branches
    .toSorted(
      (a, b) =>
        (b.created_at ?? '').localeCompare(a.created_at ?? '') ||
        b.name.localeCompare(a.name, 'en', { numeric: true }),
    )
    .map(({ id }) => id)
}

/** Called with the name of each part when it starts. */
export type OnPart = (name: string) => void

const lifecyclePart = 'lifecycle'

/** The names of the parts of an examination, in order. */
export const PARTS: readonly string[] = [lifecyclePart, ...PROBES.map(({ name }) => name)]

/**
 * Examines the service: runs the lifecycle and answers the open questions. `only` names the parts to run.
 * Reports the parts that failed, and the branches that it could not delete.
 */
export async function examine(
  options: ServiceOptions,
  onPart: OnPart,
  only: readonly string[] = PARTS,
): Promise<LiveReport> {
  const service = createService(options)
  const findings: Findings = {}
  const failures: string[] = []
  const leftBehind: string[] = []
  const evidence: Record<string, Seen[]> = {}
  let lifecycle: LiveStepResult[] = []
  const part = async (name: string, work: (workspace: Workspace) => Promise<void>) => {
    if (options.signal.aborted || !only.includes(name)) return
    onPart(name)
    const workspace = createWorkspace(service, `${Date.now().toString(36)}`)
    try {
      await work(workspace)
    } catch (error) {
      failures.push(`${name}: ${publishable(String(error))}`)
    } finally {
      evidence[name] = service.takeSeen()
      leftBehind.push(...(await deleteCreated(options, workspace)))
    }
  }
  await part(lifecyclePart, async (workspace) => {
    lifecycle = await runLifecycle(workspace)
  })
  for (const probe of PROBES) {
    await part(
      probe.name,
      async (workspace) => void Object.assign(findings, await probe.run(workspace)),
    )
  }
  const answers = answersOf(findings, lifecycle)
  const examined = new Date().toISOString()
  return { examined, answers, lifecycle, failures, leftBehind, evidence }
}

const clearingMs = 60_000

/**
 * Deletes a workspace's branches, even after an interruption. Returns the IDs of those left behind. Also looks
 * for branches by name, because a request to create one may have succeeded without a response.
 */
async function deleteCreated(options: ServiceOptions, workspace: Workspace): Promise<string[]> {
  const signal = AbortSignal.timeout(clearingMs)
  const bounded = { ...options, signal }
  const known = workspace.takeCreated()
  const left: string[] = []
  const someMayBeLeft = (failed: 'list' | 'delete', error: unknown) =>
    `Could not ${failed} the branches named ${workspace.prefix}…, so some may be left: ${publishable(String(error))}`
  try {
    const branches = await listBranches(bounded).catch((error) => {
      left.push(someMayBeLeft('list', error))
      return []
    })
    const listed = branches.filter(({ name }) => name.startsWith(workspace.prefix))
    const ids = new Set([...youngestFirst(listed), ...known])
    left.push(...(await deleteBranches(createService(bounded), [...ids])))
  } catch (error) {
    left.push(someMayBeLeft('delete', error))
  }
  return left
}
