import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { deleteLeftovers } from '../live/examine.ts'
import type { ServiceOptions } from '../live/service.ts'
import { realClock } from '../local-neon/clock.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'

const script = resolve(import.meta.dirname, '../../scripts/live.ts')
const DAY_MS = 24 * 60 * 60 * 1000

/** How to stop a part of an examination: at which request to the management API, and with which signal. */
export interface LiveKill {
  readonly part: string
  readonly operationId: string
  /** Which request of this operation, from 1. */
  readonly nth: number
  /** Before the request has its effect, or right after it. */
  readonly when: 'before' | 'after'
  readonly signal: 'SIGINT' | 'SIGKILL'
}

/** A project with other people's branches, some with names like those of an examination. */
export interface LiveProject {
  readonly neon: LocalNeon
  /** The IDs of the branches that an examination must not change. */
  readonly others: readonly string[]
  readonly options: ServiceOptions
  close(): Promise<void>
}

/** Starts a project that an examination could damage. */
export const startLiveProject = async (): Promise<LiveProject> => {
  const neon = await startLocalNeon({ startsAuthEarly: true })
  const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString()
  const branches = [
    { name: 'neon-auth-live-shop' },
    { name: 'neon-auth-live-abc-1' },
    { name: 'neon-auth-live-abc-2', expiresAt: inDays(14) },
    { name: 'preview/pr-2', expiresAt: inDays(0.02) },
  ]
  const others = [neon.defaultBranch.id]
  for (const branch of branches) others.push((await neon.createBranch(branch)).id)
  const { apiHost, apiKey, projectId } = neon
  const signal = new AbortController().signal
  const options = { apiHost, apiKey, projectId, clock: realClock, signal }
  return { neon, others, options, close: () => neon.close() }
}

const startPart = ({ neon }: LiveProject, part: string, folder: string): ChildProcess =>
  spawn(process.execPath, [script, '--only', part, '--report', join(folder, 'report')], {
    env: {
      PATH: process.env['PATH'],
      NEON_API_KEY: neon.apiKey,
      NEON_PROJECT_ID: neon.projectId,
      NEON_API_HOST: neon.apiHost,
    },
    stdio: 'ignore',
  })

const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'live-kill-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs a part to its end, and returns every way to stop it. */
export const liveKillsOf = async (project: LiveProject, part: string): Promise<LiveKill[]> => {
  project.neon.clearRequests()
  await withFolder((folder) => once(startPart(project, part, folder), 'exit'))
  const counts = new Map<string, number>()
  const requests = project.neon.requests.filter(({ plane }) => plane === 'control')
  return requests.flatMap(({ operationId = '', method }) => {
    const nth = (counts.get(operationId) ?? 0) + 1
    counts.set(operationId, nth)
    const moments = method === 'GET' ? (['before'] as const) : (['before', 'after'] as const)
    return moments.flatMap((when) =>
      (['SIGINT', 'SIGKILL'] as const).map((signal) => ({ part, operationId, nth, when, signal })),
    )
  })
}

/** Starts a part and stops it at a request. Returns whether it sent that request. */
const killAt = async (project: LiveProject, kill: LiveKill, folder: string): Promise<boolean> => {
  const { neon } = project
  const { operationId, nth, when, signal } = kill
  const fault = when === 'before' ? 'hang' : 'hang-after'
  neon.faults.add({ match: { operationId }, skip: nth - 1, fault })
  let seen = 0
  const isTarget = (request: { operationId?: string }): boolean => {
    if (request.operationId === operationId) seen += 1
    return request.operationId === operationId && seen === nth
  }
  const child = startPart(project, kill.part, folder)
  const ended = once(child, 'exit')
  const giveUp = new AbortController()
  const wait = when === 'before' ? neon.nextRequest : neon.nextEffect
  const reached = wait(isTarget, { signal: giveUp.signal }).then(
    () => true,
    () => false,
  )
  void ended.then(() => giveUp.abort())
  const isReached = await reached
  child.kill(signal)
  await ended
  neon.faults.clear()
  return isReached
}

const branchesLeft = ({ neon, others }: LiveProject): Promise<string[]> =>
  fetch(`${neon.apiHost}/projects/${neon.projectId}/branches`, {
    headers: { authorization: `Bearer ${neon.apiKey}` },
  })
    .then((response) => response.json() as Promise<{ branches: { id: string; name: string }[] }>)
    .then(({ branches }) =>
      branches.filter(({ id }) => !others.includes(id)).map(({ name }) => name),
    )

/** Returns the writes to other people's branches, and the breaches of Neon's API description. */
const damage = ({ neon, others }: LiveProject): string[] => {
  const touched = neon
    .writes()
    .filter(({ path }) => others.some((id) => path.includes(id)))
    .map(({ method, path }) => `damage: ${method} ${path}`)
  return [...touched, ...neon.contractBreaches]
}

/**
 * Interrupts or kills a part of an examination at a request. An interrupted part must leave nothing behind. What
 * a killed part leaves, `deleteLeftovers` must delete. Neither may write to other branches. Returns what went
 * wrong.
 */
export const runLiveKill = async (project: LiveProject, kill: LiveKill): Promise<string[]> => {
  project.neon.clearRequests()
  const isReached = await withFolder((folder) => killAt(project, kill, folder))
  if (kill.signal === 'SIGKILL') await deleteLeftovers(project.options)
  const left = await branchesLeft(project)
  return [
    ...(isReached ? [] : ['it never sent this request']),
    ...(left.length > 0 ? [`left behind: ${left.join(', ')}`] : []),
    ...damage(project),
  ]
}
