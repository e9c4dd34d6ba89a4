import { isDeepStrictEqual } from 'node:util'
import { type LocalGitHub, startLocalGitHub } from '../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../test/local-neon/local-neon.ts'
import { type Answered, type Cli, installCli, openCli } from '../test/official-cli/cli.ts'
import type { Finished, Step } from '../test/runner.ts'
import { act, check, faint, playStep, say } from './story.ts'

// Checks the result of the action with Neon's own CLI after each event of a pull request.

const BRANCH = 'preview/pr-7-new-checkout'
const FIRST = 'https://pr-7-a.shop.example'
const SECOND = 'https://pr-7-b.shop.example'

interface World {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
  readonly cli: Cli
}

const step = async (
  world: World,
  action: string,
  inputs: Step['inputs'],
  expected: string,
): Promise<Finished['outputs']> => {
  const { exitCode, outputs } = await playStep(world, action, inputs)
  say()
  check(
    exitCode === 0 && outputs.action_taken === expected,
    `the step ends with ${exitCode}, action_taken = ${outputs.action_taken}`,
  )
  return outputs
}

const ask = ({ cli }: World, ...args: string[]): Promise<Answered> =>
  cli.run('neon-auth', ...args, '--branch', BRANCH)

const checkStatus = async (world: World, outputs: Finished['outputs']): Promise<void> => {
  const { printed } = await ask(world, 'status')
  const { base_url, jwks_url, branch_id, db_name } = printed as Record<string, unknown>
  const shown = { base_url, jwks_url, branch_id, db_name }
  const { database: db, base_url: base, jwks_url: jwks, branch_id: branch } = outputs
  const promised = { base_url: base, jwks_url: jwks, branch_id: branch, db_name: db }
  check(
    isDeepStrictEqual(shown, promised),
    `neon neon-auth status: ${base_url}, as the outputs say`,
  )
}

const checkDomains = async (world: World, expected: readonly string[]): Promise<void> => {
  const { printed } = await ask(world, 'domain', 'list')
  const domains = (printed as { domain: string }[]).map(({ domain }) => domain)
  check(
    isDeepStrictEqual([...domains].sort(), [...expected].sort()),
    `neon neon-auth domain list: ${domains.join(', ')}`,
  )
}

const checkSetting = async (
  world: World,
  command: readonly string[],
  expected: Record<string, unknown>,
): Promise<void> => {
  const { printed } = await ask(world, ...command)
  const shown = printed as Record<string, unknown>
  const [names, wanted] = [Object.keys(expected), Object.values(expected)]
  const found = names.map((name) => `${name} ${JSON.stringify(shown[name])}`)
  check(
    isDeepStrictEqual(
      names.map((name) => shown[name]),
      wanted,
    ),
    `neon neon-auth ${command.join(' ')}: ${found.join(', ')}`,
  )
}

const checkOff = async (world: World): Promise<void> => {
  const { printed } = await ask(world, 'status')
  check(/not configured for this branch/.test(String(printed)), `neon neon-auth status: ${printed}`)
}

const opened = async (world: World): Promise<void> => {
  act(1, 'The pull request opens')
  await world.neon.createBranch({ name: BRANCH })
  const settings = 'email_and_password: { disable_sign_up: true }'
  const inputs = { trusted_domains: FIRST, allow_localhost: 'false', settings }
  const outputs = await step(world, 'opened', inputs, 'enabled')
  await checkStatus(world, outputs)
  await checkDomains(world, [FIRST])
  await checkSetting(world, ['domain', 'allow-localhost', 'get'], { allow_localhost: false })
  await checkSetting(world, ['config', 'email-password', 'get'], { disable_sign_up: true })
}

const pushed = async (world: World): Promise<void> => {
  act(2, 'A push creates another preview')
  const outputs = await step(world, 'synchronize', { trusted_domains: SECOND }, 'updated')
  await checkStatus(world, outputs)
  await checkDomains(world, [FIRST, SECOND])
}

const closed = async (world: World): Promise<void> => {
  act(3, 'The pull request is closed')
  await step(world, 'closed', { delete_data: 'true' }, 'disabled')
  await checkOff(world)
}

const reopened = async (world: World): Promise<void> => {
  act(4, 'The pull request is reopened')
  const outputs = await step(world, 'reopened', { trusted_domains: SECOND }, 'enabled')
  await checkStatus(world, outputs)
  await checkDomains(world, [SECOND])
}

const deleted = async (world: World): Promise<void> => {
  act(5, 'The CLI deletes the branch, and then the pull request is closed for good')
  const { exitCode } = await world.cli.run('branches', 'delete', BRANCH)
  check(exitCode === 0, `neon branches delete ${BRANCH} ends with ${exitCode}`)
  await step(world, 'closed', { delete_data: 'true' }, 'already_gone')
  const { printed } = await world.cli.run('branches', 'list')
  const names = (printed as { name: string }[]).map(({ name }) => name)
  check(isDeepStrictEqual(names, ['main']), `neon branches list: ${names.join(', ')}`)
  check(world.neon.contractBreaches.length === 0, "Local Neon followed Neon's API description")
}

const prove = async (): Promise<void> => {
  const started = performance.now()
  installCli()
  const neon = await startLocalNeon()
  const github = await startLocalGitHub()
  const cli = await openCli(neon)
  try {
    say(`Neon's CLI ${cli.version} uses Local Neon at ${neon.origin}.`)
    for (const play of [opened, pushed, closed, reopened, deleted])
      await play({ neon, github, cli })
    say(`\n${faint(`Done in ${((performance.now() - started) / 1000).toFixed(0)} seconds.`)}`)
  } finally {
    cli.close()
    await Promise.all([neon.close(), github.close()])
  }
}

await prove()
