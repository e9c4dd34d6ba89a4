import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ASSUMED,
  QUESTION_NAMES,
  type QuestionName,
  type Readings,
} from '../local-neon/readings.ts'
import { type Finished, runStep } from '../runner.ts'
import { type Act, CHILD, FRESH, INTERNATIONAL, SCHEMA_ONLY } from './acts.ts'
import { BRANCH, openStage, PRODUCTION, SENTINEL, SHOP, type Stage } from './stage.ts'

/** The result of one run. */
export interface ActResult {
  readonly act: string
  readonly outcome: 'done' | 'refused by name' | 'wrong'
  readonly wrong: readonly string[]
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

/** Returns the errors that these answers justify. An assumed answer counts only if its circumstances are arranged. */
const refusalsOf = ({ readings, focus }: Stage): RegExp[] =>
  QUESTION_NAMES.filter((name) => focus.has(name) || readings[name] !== ASSUMED[name]).flatMap(
    (name) => REFUSALS[`${name}=${readings[name]}`] ?? [],
  )

/** A compile cache, because the same bundle starts hundreds of times. */
const COMPILED = join(tmpdir(), 'neon-auth-preview-action-compiled')

const lost = async ({ neon }: Stage, hadSentinel: boolean): Promise<string[]> => {
  const users = await neon.users(BRANCH)
  const isThere = users.some(({ email }) => email === SENTINEL)
  return hadSentinel && !isThere ? [`data lost: ${SENTINEL} is gone`] : []
}

const hasSentinel = async ({ neon }: Stage): Promise<boolean> =>
  (await neon.users(BRANCH)).some(({ email }) => email === SENTINEL)

/** Returns what is wrong with a run's error. It must name a cause that these answers justify. */
const wrongError = (act: Act, { annotations }: Finished, stage: Stage): string[] => {
  const message = annotations.error[0] ?? '(no error)'
  const causes = [...(act.refusal ? [act.refusal] : []), ...refusalsOf(stage)]
  const isNamed = causes.some((cause) => cause.test(message))
  return isNamed ? [] : [`fails without naming the cause: ${message.split('\n').join(' | ')}`]
}

const playAct = async (stage: Stage, act: Act): Promise<ActResult> => {
  const { neon } = stage
  await act.arrange?.(stage)
  neon.clearRequests()
  const had = await hasSentinel(stage)
  const before = JSON.stringify(production(stage))
  const step = act.step(stage)
  const finished = await runStep({ ...step, env: { ...step.env, NODE_COMPILE_CACHE: COMPILED } })
  neon.faults.clear()
  const isDone = finished.exitCode === 0
  const wrong = [
    ...(isDone ? await act.wrong(stage, finished) : wrongError(act, finished, stage)),
    ...(act.isDestructive ? [] : await lost(stage, had)),
    ...(before === JSON.stringify(production(stage)) ? [] : ['harm: production was changed']),
    ...neon.contractBreaches,
  ]
  const outcome = wrong.length > 0 ? 'wrong' : isDone ? 'done' : 'refused by name'
  return { act: act.name, outcome, wrong }
}

const production = ({ neon }: Stage): unknown =>
  neon.branch(PRODUCTION).auth === 'on' ? neon.settingsOf(PRODUCTION) : 'off'

const playAll = async (stage: Stage, acts: readonly Act[]): Promise<ActResult[]> => {
  const results: ActResult[] = []
  for (const act of acts) results.push(await playAct(stage, act))
  return results
}

const playFresh = async (stage: Stage): Promise<ActResult[]> => {
  const parent = stage.neon.branch(PRODUCTION)
  const compute = stage.focus.has('noCompute') ? 'none' : 'read_write'
  await stage.neon.createBranch({ name: BRANCH, parent: parent.id, compute })
  const isBlocked = compute === 'none' || stage.readings.archivedBranch === 'refused'
  const acts = isBlocked ? FRESH.slice(0, 1) : FRESH
  return playAll(stage, acts)
}

const playChild = async (stage: Stage): Promise<ActResult[]> => {
  const { neon, readings, focus } = stage
  const { id } = neon.branch(PRODUCTION)
  await neon.enableAuth(PRODUCTION, { domains: [SHOP] })
  await neon.addUser(PRODUCTION, SENTINEL)
  await neon.configure(PRODUCTION, {
    name: 'Shop',
    webhook_config: { enabled: true, webhook_url: 'https://hooks.shop.example/in' },
    email_provider: {
      type: 'standard',
      host: 'smtp.shop.example',
      port: 587,
      username: 'shop',
      password: 'p',
      sender_email: 'shop@shop.example',
      sender_name: 'Shop',
    },
    ...(readings.sharedLinks !== 'sent' && {
      email_and_password: { email_verification_method: 'link', require_email_verification: true },
    }),
  })
  await neon.createBranch({ name: BRANCH, parent: id })
  const results = await playAll(stage, CHILD)
  const more = focus.has('storedDomain') && INTERNATIONAL
  const schemaOnly = focus.has('schemaOnlyChild') && SCHEMA_ONLY
  if (!more && !schemaOnly) return results
  await neon.deleteBranch(neon.branch(BRANCH).id)
  const initSource = schemaOnly ? 'schema-only' : 'parent-data'
  await neon.createBranch({ name: BRANCH, parent: id, initSource })
  return [...results, ...(await playAll(stage, schemaOnly || more || []))]
}

/** Questions that matter only on a child of a branch with auth, or only on other branches. */
const ABOUT_CHILDREN = /^(child|copiedEndpoint|schemaOnlyChild|keyScope)/
const ABOUT_FRESH =
  /^(enable|fresh|firstProvider|providerAgain|leftover|disable|duplicate|archived|unready|rate|noCompute)/

const isAbout = (focus: ReadonlySet<QuestionName>, questions: RegExp): boolean =>
  focus.size === 1 && [...focus].every((name) => questions.test(name))

/** Plays the whole lifecycle with the committed bundle against a service with these readings. */
export const playLifecycle = async (
  readings: Readings,
  focus: ReadonlySet<QuestionName>,
): Promise<ActResult[]> => {
  const stage = await openStage(readings, focus)
  try {
    await stage.neon.createBranch({ name: PRODUCTION })
    if (isAbout(focus, ABOUT_CHILDREN)) return await playChild(stage)
    const fresh = await playFresh(stage)
    if (isAbout(focus, ABOUT_FRESH)) return fresh
    await stage.neon.deleteBranch(stage.neon.branch(BRANCH).id)
    return [...fresh, ...(await playChild(stage))]
  } finally {
    await stage.close()
  }
}
