import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { ActRun } from './act.ts'
import type { TriggerEvent } from './events.ts'
import { type RunRequest, startRun } from './run.ts'
import type { Services } from './services.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const copyOfThisRepository = (services: Services): string => {
  const folder = join(services.scratch, 'this-repository')
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const paths = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0')
  for (const path of paths.filter((each) => each && existsSync(join(ROOT, each)))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path))
  }
  return folder
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

/** Ends the server that a step left running, as GitHub's runner does after the job. */
const endServer = (pidFile: string): void => {
  try {
    process.kill(-Number(readFileSync(pidFile, 'utf8')), 'SIGTERM')
  } catch {
    // It was never started, or has already exited.
  }
}

/** Runs a job of this repository's own workflows, in a copy of this repository. */
export const runOwnJob = async (
  services: Services,
  request: RunRequest,
  job: string,
  event: TriggerEvent,
): Promise<ActRun> => {
  const repository = copyOfThisRepository(services)
  const pidFile = join(services.scratch, 'server.pid')
  // The port that the workflow names may be in use here.
  const text = request.text.replace('"4444"', `"${await freePort()}"`)
  try {
    return await startRun(
      services,
      {
        ...request,
        text,
        repository,
        job,
        env: { CHECKOUT: ROOT, SERVER_PID: pidFile },
        searchPath: [join(import.meta.dirname, 'bin')],
      },
      event,
    ).finished
  } finally {
    endServer(pidFile)
    rmSync(repository, { recursive: true, maxRetries: 5 })
  }
}
