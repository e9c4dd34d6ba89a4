import { startLocalNeon } from '../../test/local-neon/local-neon.ts'
import { installCli, openCli } from '../../test/official-cli/cli.ts'
import { runStep } from '../../test/runner.ts'
import { median, row } from './table.ts'

const ROUNDS = 5
const DOMAIN = 'https://pr-2.example'

type Neon = Awaited<ReturnType<typeof startLocalNeon>>
/** Enables auth on a branch and trusts {@link DOMAIN}. Returns whether that succeeded. */
type EnableAndTrust = (neon: Neon, branch: string) => Promise<boolean>

/** Skips verification, because the CLI does not verify auth. */
const byAction: EnableAndTrust = async (neon, branch) => {
  const { exitCode } = await runStep({
    event: ['pull_request', 'opened'],
    inputs: {
      api_key: neon.apiKey,
      project_id: neon.projectId,
      api_host: neon.apiHost,
      branch,
      trusted_domains: DOMAIN,
      verify: 'false',
    },
  })
  return exitCode === 0
}

const byCli: EnableAndTrust = async (neon, branch) => {
  const cli = await openCli(neon)
  const enabled = await cli.run('neon-auth', 'enable', '--branch', branch)
  const added = await cli.run('neon-auth', 'domain', 'add', DOMAIN, '--branch', branch)
  cli.close()
  return enabled.exitCode + added.exitCode === 0
}

const timeOf = async (neon: Neon, enableAndTrust: EnableAndTrust): Promise<number> => {
  const { id } = await neon.createBranch({ name: 'preview/pr-2' })
  const started = performance.now()
  const hasSucceeded = await enableAndTrust(neon, 'preview/pr-2')
  const ms = performance.now() - started
  if (!hasSucceeded || neon.branch(id).trustedDomains.join() !== DOMAIN)
    throw new Error(`the branch does not trust exactly ${DOMAIN}`)
  await neon.deleteBranch(id)
  return ms
}

/** Compares a run with the official CLI's two commands for the same work, at 0 and 100 ms latency. */
export const benchCli = async (): Promise<void> => {
  installCli()
  for (const latencyMs of [0, 100]) {
    const neon = await startLocalNeon({ latencyMs, rateLimit: false })
    const times = { action: [] as number[], cli: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      times.action.push(await timeOf(neon, byAction))
      times.cli.push(await timeOf(neon, byCli))
    }
    const [action, cli] = [median(times.action), median(times.cli)]
    const value = `${(cli / action).toFixed(1)} × (${Math.round(cli)} ms and ${Math.round(action)} ms)`
    row(`the official CLI, two commands, ${latencyMs} ms latency`, value)
    await neon.close()
  }
}
