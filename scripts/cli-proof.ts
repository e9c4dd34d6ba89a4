import { isDeepStrictEqual } from 'node:util'
import { type LocalGitHub, startLocalGitHub } from '../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import { type Cli, type CliResult, installCli, openCli } from '../test/official-cli/cli.ts'
import type { Step, StepResult } from '../test/runner.ts'
import { secondsSince } from './script.ts'
import { check, faint, heading, runAndPrint, say } from './terminal.ts'

// Checks the result of the action with Neon's own CLI after each event of a pull request.

const BRANCH = 'preview/pr-7-new-checkout'
const FIRST = 'https://pr-7-a.shop.example'
const SECOND = 'https://pr-7-b.shop.example'

interface Setup {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly cli: Cli
}

const step = async (
  setup: Setup,
  action: string,
  inputs: Step['inputs'],
  expected: string,
): Promise<StepResult['outputs']> => {
  const { exitCode, outputs } = await runAndPrint(setup, action, inputs)
  say()
  check(
    exitCode === 0 && outputs.action_taken === expected,
    `the step exits with ${exitCode}, action_taken = ${outputs.action_taken}`,
  )
  return outputs
}

const neonAuth = ({ cli }: Setup, ...args: string[]): Promise<CliResult> =>
  cli.run('neon-auth', ...args, '--branch', BRANCH)

const checkStatus = async (setup: Setup, outputs: StepResult['outputs']): Promise<void> => {
  const { printed } = await neonAuth(setup, 'status')
  const { base_url, jwks_url, branch_id, db_name } = printed as Record<string, unknown>
  const actual = { base_url, jwks_url, branch_id, db_name }
  const expected = {
    base_url: outputs.base_url,
    jwks_url: outputs.jwks_url,
    branch_id: outputs.branch_id,
    db_name: outputs.database,
  }
  check(
    isDeepStrictEqual(actual, expected),
    `neon neon-auth status: ${base_url}, which matches the outputs`,
  )
}

const checkDomains = async (setup: Setup, expected: readonly string[]): Promise<void> => {
  const { printed } = await neonAuth(setup, 'domain', 'list')
  const domains = (printed as { domain: string }[]).map(({ domain }) => domain)
  check(
    isDeepStrictEqual([...domains].sort(), [...expected].sort()),
    `neon neon-auth domain list: ${domains.join(', ')}`,
  )
}

const checkSetting = async (
  setup: Setup,
  command: readonly string[],
  expected: Record<string, unknown>,
): Promise<void> => {
  const { printed } = await neonAuth(setup, ...command)
  const stored = printed as Record<string, unknown>
  const actual = Object.fromEntries(Object.keys(expected).map((name) => [name, stored[name]]))
  const values = Object.entries(actual).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  check(
    isDeepStrictEqual(actual, expected),
    `neon neon-auth ${command.join(' ')}: ${values.join(', ')}`,
  )
}

const checkOff = async (setup: Setup): Promise<void> => {
  const { printed } = await neonAuth(setup, 'status')
  check(/not configured for this branch/.test(String(printed)), `neon neon-auth status: ${printed}`)
}

const opened = async (setup: Setup): Promise<void> => {
  heading(1, 'The pull request opens')
  await setup.neon.createBranch({ name: BRANCH })
  const settings = 'email_and_password: { disable_sign_up: true }'
  const inputs = { trusted_domains: FIRST, allow_localhost: 'false', settings }
  const outputs = await step(setup, 'opened', inputs, 'enabled')
  await checkStatus(setup, outputs)
  await checkDomains(setup, [FIRST])
  await checkSetting(setup, ['domain', 'allow-localhost', 'get'], { allow_localhost: false })
  await checkSetting(setup, ['config', 'email-password', 'get'], { disable_sign_up: true })
}

const pushed = async (setup: Setup): Promise<void> => {
  heading(2, 'A push creates another preview')
  const outputs = await step(setup, 'synchronize', { trusted_domains: SECOND }, 'updated')
  await checkStatus(setup, outputs)
  await checkDomains(setup, [FIRST, SECOND])
}

const closed = async (setup: Setup): Promise<void> => {
  heading(3, 'The pull request is closed')
  await step(setup, 'closed', { delete_data: 'true' }, 'disabled')
  await checkOff(setup)
}

const reopened = async (setup: Setup): Promise<void> => {
  heading(4, 'The pull request is reopened')
  const outputs = await step(setup, 'reopened', { trusted_domains: SECOND }, 'enabled')
  await checkStatus(setup, outputs)
  await checkDomains(setup, [SECOND])
}

const deleted = async (setup: Setup): Promise<void> => {
  heading(5, 'The CLI deletes the branch, and then the pull request is closed for good')
  const { exitCode } = await setup.cli.run('branches', 'delete', BRANCH)
  check(exitCode === 0, `neon branches delete ${BRANCH} exits with ${exitCode}`)
  await step(setup, 'closed', { delete_data: 'true' }, 'already_gone')
  const { printed } = await setup.cli.run('branches', 'list')
  const names = (printed as { name: string }[]).map(({ name }) => name)
  check(isDeepStrictEqual(names, ['main']), `neon branches list: ${names.join(', ')}`)
  check(setup.neon.contractBreaches.length === 0, "Local Neon followed Neon's API description")
}

const prove = async (): Promise<void> => {
  const started = performance.now()
  installCli()
  const neon = await startLocalNeon()
  const github = await startLocalGitHub()
  const cli = await openCli(neon)
  try {
    say(`Neon's CLI ${cli.version} uses Local Neon at ${neon.origin}.`)
    for (const part of [opened, pushed, closed, reopened, deleted])
      await part({ neon, github, cli })
    say(`\n${faint(`Done in ${secondsSince(started)} seconds.`)}`)
  } finally {
    cli.close()
    await Promise.all([neon.close(), github.close()])
  }
}

await prove()
