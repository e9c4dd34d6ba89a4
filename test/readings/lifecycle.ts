import { COMPILED } from '../campaign/run-step.ts'
import {
  ASSUMED_BEHAVIOR,
  type Behavior,
  QUESTION_NAMES,
  type QuestionName,
} from '../local-neon/behavior.ts'
import { BRANCH, PRODUCTION_MAIL } from '../preview.ts'
import { runStep, type StepResult } from '../runner.ts'
import { CHILD, FRESH, INTERNATIONAL, type LifecycleRun, SCHEMA_ONLY } from './lifecycle-runs.ts'
import { PRODUCTION, SENTINEL, type Services, SHOP, startServices } from './services.ts'

/** The result of one run. */
export interface RunResult {
  readonly run: string
  readonly outcome: 'done' | 'refused by name' | 'wrong'
  readonly problems: readonly string[]
}

/**
 * The errors with which a run may fail because of an answer, by `question=answer`. Each names its cause,
 * so that readers know what to do.
 */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  'storedDomain=no-wildcards': /wildcard/i,
  'noCompute=refused': /compute|endpoint/i,
  'noCompute=no-urls': /compute/i,
  'archivedBranch=refused': /archived/i,
  'keyScope=no-parent': /403|scope|permission/i,
  'sharedLinks=refused': /verification|link/i,
  'schemaOnlyChild=leftover': /neon_auth schema/,
  'childVisible=late': /inherit|schema-only|copy/i,
}

/** Returns the errors that the service's answers justify. An assumed answer counts only if its circumstances are arranged. */
const refusalsOf = ({ behavior, focus }: Services): RegExp[] =>
  QUESTION_NAMES.filter(
    (name) => focus.has(name) || behavior[name] !== ASSUMED_BEHAVIOR[name],
  ).flatMap((name) => REFUSALS[`${name}=${behavior[name]}`] ?? [])

const lost = async ({ neon }: Services, hadSentinel: boolean): Promise<string[]> => {
  const users = await neon.users(BRANCH)
  const isThere = users.some(({ email }) => email === SENTINEL)
  return hadSentinel && !isThere ? [`data lost: ${SENTINEL} is gone`] : []
}

const hasSentinel = async ({ neon }: Services): Promise<boolean> =>
  (await neon.users(BRANCH)).some(({ email }) => email === SENTINEL)

/** Returns what is wrong with a run's error. It must name a cause that the service's answers justify. */
const errorProblems = (
  run: LifecycleRun,
  { annotations }: StepResult,
  services: Services,
): string[] => {
  const message = annotations.error[0] ?? '(no error)'
  const causes = [...(run.refusal ? [run.refusal] : []), ...refusalsOf(services)]
  const isNamed = causes.some((cause) => cause.test(message))
  return isNamed ? [] : [`fails without naming the cause: ${message.split('\n').join(' | ')}`]
}

const runOnce = async (services: Services, run: LifecycleRun): Promise<RunResult> => {
  const { neon } = services
  await run.arrange?.(services)
  neon.clearRequests()
  const had = await hasSentinel(services)
  const before = JSON.stringify(production(services))
  const step = run.step(services)
  const finished = await runStep({ ...step, env: { ...step.env, NODE_COMPILE_CACHE: COMPILED } })
  neon.faults.clear()
  const isDone = finished.exitCode === 0
  const problems = [
    ...(isDone ? await run.problems(services, finished) : errorProblems(run, finished, services)),
    ...(run.isDestructive ? [] : await lost(services, had)),
    ...(before === JSON.stringify(production(services)) ? [] : ['damage: production was changed']),
    ...neon.contractBreaches,
  ]
  const outcome = problems.length > 0 ? 'wrong' : isDone ? 'done' : 'refused by name'
  return { run: run.name, outcome, problems }
}

const production = ({ neon }: Services): unknown =>
  neon.branch(PRODUCTION).auth === 'on' ? neon.settingsOf(PRODUCTION) : 'off'

const runAll = async (services: Services, runs: readonly LifecycleRun[]): Promise<RunResult[]> => {
  const results: RunResult[] = []
  for (const run of runs) results.push(await runOnce(services, run))
  return results
}

const runOnFreshBranch = async (services: Services): Promise<RunResult[]> => {
  const parent = services.neon.branch(PRODUCTION)
  const compute = services.focus.has('noCompute') ? 'none' : 'read_write'
  await services.neon.createBranch({ name: BRANCH, parent: parent.id, compute })
  const isBlocked = compute === 'none' || services.behavior.archivedBranch === 'refused'
  const runs = isBlocked ? FRESH.slice(0, 1) : FRESH
  return runAll(services, runs)
}

const runOnChild = async (services: Services): Promise<RunResult[]> => {
  const { neon, behavior, focus } = services
  const { id } = neon.branch(PRODUCTION)
  await neon.enableAuth(PRODUCTION, { domains: [SHOP] })
  await neon.addUser(PRODUCTION, SENTINEL)
  await neon.configure(PRODUCTION, {
    name: 'Shop',
    webhook_config: { enabled: true, webhook_url: 'https://hooks.shop.example/in' },
    email_provider: PRODUCTION_MAIL,
    ...(behavior.sharedLinks !== 'sent' && {
      email_and_password: { email_verification_method: 'link', require_email_verification: true },
    }),
  })
  await neon.createBranch({ name: BRANCH, parent: id })
  const results = await runAll(services, CHILD)
  const more = focus.has('storedDomain') && INTERNATIONAL
  const schemaOnly = focus.has('schemaOnlyChild') && SCHEMA_ONLY
  if (!more && !schemaOnly) return results
  await neon.deleteBranch(neon.branch(BRANCH).id)
  const initSource = schemaOnly ? 'schema-only' : 'parent-data'
  await neon.createBranch({ name: BRANCH, parent: id, initSource })
  return [...results, ...(await runAll(services, schemaOnly || more || []))]
}

/** The questions that matter only on a child of a branch with auth. */
const ABOUT_CHILDREN = /^(child|copiedEndpoint|schemaOnlyChild|keyScope)/
/** The questions that matter only on a branch whose parent has no auth. */
const ABOUT_FRESH =
  /^(enable|fresh|firstProvider|providerAgain|leftover|disable|duplicate|archived|unready|rate|noCompute)/

const isAbout = (focus: ReadonlySet<QuestionName>, questions: RegExp): boolean =>
  focus.size === 1 && [...focus].every((name) => questions.test(name))

/**
 * Runs the lifecycle with the committed bundle against a service with this behavior. If `focus` is a single
 * question that matters only on one kind of branch, uses only that kind.
 */
export const runLifecycle = async (
  behavior: Behavior,
  focus: ReadonlySet<QuestionName>,
): Promise<RunResult[]> => {
  const services = await startServices(behavior, focus)
  try {
    await services.neon.createBranch({ name: PRODUCTION })
    if (isAbout(focus, ABOUT_CHILDREN)) return await runOnChild(services)
    const fresh = await runOnFreshBranch(services)
    if (isAbout(focus, ABOUT_FRESH)) return fresh
    await services.neon.deleteBranch(services.neon.branch(BRANCH).id)
    return [...fresh, ...(await runOnChild(services))]
  } finally {
    await services.close()
  }
}
