import { BAD_GATEWAY } from '../local-github/answers.ts'
import { type Fault, rateLimited, secondaryRateLimited } from '../local-github/faults.ts'
import type { World } from '../scenarios.ts'
import type { Verdict } from './fault-cell.ts'
import type { GitHubScenario, GitHubScene } from './github-scenarios.ts'
import { type Played, playOn, wrongTale } from './play.ts'

/** Something that goes wrong with a request to GitHub. */
export interface GitHubFault {
  readonly name: string
  readonly fault: () => Fault
  /** What a warning or an error has to say of it. */
  readonly told: RegExp
  /** The next attempt is answered well, so that a run gets over it without a word. */
  readonly passes: boolean
}

const LOST = /other side closed|ECONNRESET|socket hang up|terminated|fetch failed/
const SLOW = /no response within|did not answer|The run timed out after/
const SHAPE =
  /not what GitHub documents|its response (names no|is not a list)|not JSON|could not be read/

const passing = (name: string, fault: Fault, told: RegExp): GitHubFault => ({
  name,
  fault: () => fault,
  told,
  passes: true,
})

const refusing = (status: number, message: string): GitHubFault => ({
  name: String(status),
  fault: () => ({ status, body: { message } }),
  told: new RegExp(`\\b${status}\\b`),
  passes: false,
})

const answering = (name: string, body: unknown): GitHubFault => ({
  name,
  fault: () => ({ body }),
  told: SHAPE,
  passes: false,
})

/** Everything that is made to go wrong with every request to GitHub. */
export const GITHUB_FAULTS: readonly GitHubFault[] = [
  passing('reset', 'reset', LOST),
  passing('reset-after', 'reset-after', LOST),
  passing('502', BAD_GATEWAY, /\b502\b/),
  passing('lost', 'lost', /\b502\b/),
  passing('500', { status: 500, body: '<html>Unicorn!</html>' }, /\b500\b/),
  passing('hang', 'hang', SLOW),
  passing('hang-after', 'hang-after', SLOW),
  {
    name: '429',
    fault: () => secondaryRateLimited(1),
    told: /rate limit/,
    passes: true,
  },
  {
    name: 'rate limit',
    fault: () => rateLimited(2),
    told: /rate limit/,
    passes: true,
  },
  refusing(401, 'Bad credentials'),
  refusing(403, 'Resource not accessible by integration'),
  refusing(404, 'Not Found'),
  answering('{}', {}),
  answering('[]', []),
  answering('html', '<html>A proxy that answers for GitHub</html>'),
]

/** One request to GitHub in one scenario, and what goes wrong with it. */
export interface GitHubCell {
  readonly scenario: GitHubScenario
  /** `GET /repos/…/pulls/2#1`: the first of its kind. */
  readonly request: string
  readonly fault: GitHubFault
  /** It goes wrong again and again, not once. */
  readonly lasting: boolean
}

/** `403`, `lasting hang`. */
export const gitHubLabel = ({ fault, lasting }: GitHubCell): string =>
  `${lasting ? 'lasting ' : ''}${fault.name}`

const HANGING = /hang/

/** Seconds for the run: one that hangs must have some to lose, one whose fault lasts ends by it. */
const timeoutOf = ({ fault, lasting }: GitHubCell): number =>
  lasting ? 10 : HANGING.test(fault.name) ? 24 : 40

const arm = ({ github }: World, { request, fault, lasting }: GitHubCell): void => {
  const [, kind = '', nth = '1'] = /^(.*)#(\d+)$/.exec(request) ?? []
  github.fault(new RegExp(`^${RegExp.escape(kind)}$`), fault.fault(), {
    skip: Number(nth) - 1,
    ...(!lasting && { times: 1 }),
  })
}

/** The requests to GitHub of a step that has just run, each named by its place among its kind. */
const namedGitHubRequests = ({ github }: World): string[] => {
  const seen = new Map<string, number>()
  return github.requests.map((request) => {
    const nth = (seen.get(request) ?? 0) + 1
    seen.set(request, nth)
    return `${request}#${nth}`
  })
}

const wrongEnd = async (
  cell: GitHubCell,
  { finished }: Played,
  scene: GitHubScene,
): Promise<string[]> => {
  const { fault, lasting } = cell
  const { error, warning } = finished.annotations
  const silent = error.length === 0 && warning.length === 0
  if (silent) return [...(await scene.wrong(finished)), ...scene.wrongAtGitHub()]
  const told = [...error, ...warning]
  const named = told.some((one) => fault.told.test(one))
  return [
    ...(named ? [] : [`it does not name the fault: ${told.join(' | ')}`]),
    ...(fault.passes && !lasting ? [`it does not get over it: ${told.join(' | ')}`] : []),
  ]
}

const wrongAfterwards = async (world: World, scene: GitHubScene): Promise<string[]> => {
  const second = await playOn(world, scene.step, 40)
  const { finished } = second
  return [
    ...wrongTale(second),
    ...(finished.exitCode === 0
      ? [...(await scene.wrong(finished)), ...scene.wrongAtGitHub()]
      : [`it fails: ${finished.annotations.error[0] ?? finished.log}`]),
    ...(await scene.harm()),
  ]
}

const labelled = (label: string, wrong: readonly string[]): string[] =>
  wrong.map((one) => `${label}: ${one}`)

/** Plays a scenario's step with a fault in one request to GitHub, then once more without. */
export const playGitHubFault = async (world: World, cell: GitHubCell): Promise<Verdict> => {
  const scene = await cell.scenario.prepare(world)
  arm(world, cell)
  const first = await playOn(world, scene.step, timeoutOf(cell))
  world.github.clearFaults()
  const wrong = [
    ...labelled('first run', [
      ...wrongTale(first),
      ...(await wrongEnd(cell, first, scene)),
      ...(await scene.harm()),
    ]),
    ...labelled('second run', await wrongAfterwards(world, scene)),
  ]
  const outcome = first.finished.exitCode === 0 ? 'converged' : 'failed by name'
  return { outcome: wrong.length > 0 ? 'wrong' : outcome, wrong, log: first.finished.log }
}

/**
 * The requests to GitHub of a scenario that nothing disturbs. Throws when it does not come right by
 * itself, or has something to warn of.
 */
export const observeGitHub = async (world: World, scenario: GitHubScenario): Promise<string[]> => {
  const scene = await scenario.prepare(world)
  const played = await playOn(world, scene.step, 60)
  const requests = namedGitHubRequests(world)
  const { exitCode, log } = played.finished
  const wrong = [
    ...wrongTale(played),
    ...(exitCode === 0 ? await scene.wrong(played.finished) : ['it fails']),
    ...scene.wrongAtGitHub(),
    ...(await scene.harm()),
  ]
  if (wrong.length === 0) return requests
  throw new Error(`${scenario.name}, without a fault: ${wrong.join('; ')}\n${log}`)
}
