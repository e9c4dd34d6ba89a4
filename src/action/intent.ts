import { optional } from '../core/optional.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { pullRequestOfRef, whyNotPreview } from '../preview/deployments.ts'
import type { EventDeployment, RunnerEvent } from './event.ts'
import type { Inputs } from './inputs.ts'
import { targetHint } from './mentioned-pull-request.ts'
import type { SkippedReason } from './skipped-reason.ts'

/** What identifies the run's branch: its name or ID, a pull request, or a deployment. */
export interface Target {
  /** The `branch` input: a name or an ID. */
  readonly branch?: string
  readonly prNumber?: number
  /** The pull request in the event. Absent if only its number is known. */
  readonly pullRequest?: PullRequest
  /** The deployment that started an enabling run, if it is a successful preview. */
  readonly deployment?: EventDeployment
}

/** The decision to skip a run. `why` is a clause for the log and the summary. */
export interface SkipIntent {
  readonly kind: 'skip'
  readonly reason: SkippedReason
  readonly why: string
}

/** What a run will do, decided from its inputs and event before any request. */
export type Intent =
  | SkipIntent
  | { readonly kind: 'keep' }
  | { readonly kind: 'sweep'; readonly apiKey: string; readonly projectId: string }
  | {
      readonly kind: 'enable' | 'close' | 'status' | 'doctor'
      readonly target: Target
      readonly apiKey: string
      readonly projectId: string
    }

const PULL_REQUEST_EVENTS = ['pull_request', 'pull_request_target']

const ADD_KEY =
  'create an API key for this project (Neon Console → Settings → API keys), save it as the ' +
  'secret NEON_API_KEY, and pass `api_key: ${{ secrets.NEON_API_KEY }}`. ' +
  'In a called workflow, the caller must pass its secrets with `secrets: inherit`'

const DEPENDABOT = 'dependabot[bot]'

/** Returns the intent to skip a run. */
export const skipIntent = (reason: SkippedReason, why: string): SkipIntent => ({
  kind: 'skip',
  reason,
  why,
})

/**
 * Returns the intent to skip a run that may not get the repository's secrets, or `undefined`. That is a run
 * for a fork, or a run that Dependabot started, even for another author's pull request
 * (https://docs.github.com/en/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions).
 */
const skipWithoutSecrets = ({
  name,
  pullRequest: pull,
  actor,
}: RunnerEvent): SkipIntent | undefined => {
  if (!pull) return undefined
  if (pull.isFork) {
    // `pull_request_target` gets the repository's secrets, but a workflow may withhold the key from forks.
    const cause = name === 'pull_request_target' ? '' : 'GitHub gives forks no secrets, so '
    const why = `pull request #${pull.number} comes from a fork, and ${cause}there is no Neon API key here`
    return skipIntent('fork_without_secrets', why)
  }
  if (actor !== DEPENDABOT) return undefined
  const why = `Dependabot started this run for pull request #${pull.number}, so it reads Dependabot secrets only (Settings → Secrets and variables → Dependabot), and NEON_API_KEY is not among them`
  return skipIntent('dependabot_without_secrets', why)
}

const missingKeyProblem = (
  { pullRequest: pull }: RunnerEvent,
  why: string | undefined,
): Problem => {
  const dependabotHint =
    pull?.author === DEPENDABOT
      ? `. The pull request is Dependabot's, but somebody else started this run, so it reads the secrets for Actions, not those for Dependabot`
      : ''
  return new Problem({
    what: 'There is no Neon API key: the input `api_key` and the variable NEON_API_KEY are empty.',
    why:
      why ??
      `the secret does not exist, has another name, belongs to an environment that this job does not use, or was not passed to a called workflow${dependabotHint}`,
    fix: ADD_KEY,
  })
}

/** Returns the intent to skip a run without a key, or throws `Problem`, according to `missing_key`. */
const skipMissingKey = (event: RunnerEvent, inputs: Inputs): SkipIntent => {
  const skipped = skipWithoutSecrets(event)
  if (skipped && inputs.missingKey === 'skip') return skipped
  throw missingKeyProblem(
    event,
    skipped && `${skipped.why} (with \`missing_key: skip\`, such runs succeed)`,
  )
}

const missingProjectProblem = (): Problem =>
  new Problem({
    what: 'There is no Neon project: the input `project_id` and the variable NEON_PROJECT_ID are empty.',
    fix: 'pass `project_id: ${{ vars.NEON_PROJECT_ID }}`; find the ID in Neon Console → Settings → General. Keep it a variable, not a secret: GitHub drops job outputs that contain a secret',
  })

type RunKind = Exclude<Intent['kind'], 'skip' | 'keep'>

const RUN_KINDS: Record<Exclude<Inputs['mode'], 'auto'>, RunKind> = {
  enable: 'enable',
  disable: 'close',
  status: 'status',
  doctor: 'doctor',
  sweep: 'sweep',
}

const decideKind = (event: RunnerEvent, inputs: Inputs): RunKind => {
  if (inputs.mode !== 'auto') return RUN_KINDS[inputs.mode]
  if (PULL_REQUEST_EVENTS.includes(event.name))
    return event.action === 'closed' ? 'close' : 'enable'
  if (event.name === 'deployment_status' && event.deployment) return 'enable'
  const number = eventPullRequestNumber(event)
  const target =
    number === undefined
      ? ` and, except for sweep, \`branch\` or \`pr_number\`${targetHint(event.name)}`
      : `. The event already identifies pull request #${number}`
  throw new Problem({
    what: `With \`mode: auto\`, this action handles pull_request, pull_request_target, and deployment_status events; this run was started by ${event.name || 'no known event'}.`,
    fix: `set \`mode\` (${Object.keys(RUN_KINDS).join(', ')})${target}`,
  })
}

const eventPullRequestNumber = ({ pullRequest, mention }: RunnerEvent): number | undefined =>
  pullRequest?.number ?? (mention && 'number' in mention ? mention.number : undefined)

const noTargetProblem = ({ name, mention }: RunnerEvent): Problem =>
  mention && 'problem' in mention
    ? new Problem({
        what: `${mention.problem} Neither \`branch\` nor \`pr_number\` is set.`,
        fix: mention.fix,
      })
    : new Problem({
        what: `This run was started by ${name || 'no known event'}, whose payload names no pull request, and neither \`branch\` nor \`pr_number\` is set.`,
        fix: `set \`branch\` (a Neon branch name or ID) or \`pr_number\`${targetHint(name)}`,
      })

const decideTarget = (
  event: RunnerEvent,
  inputs: Inputs,
  { kind, deployment }: { readonly kind: RunKind; readonly deployment?: EventDeployment },
): Target => {
  const pull = event.pullRequest
  const prNumber =
    inputs.prNumber ?? eventPullRequestNumber(event) ?? pullRequestOfRef(deployment?.ref)
  if (inputs.branch === undefined && prNumber === undefined && !deployment)
    throw noTargetProblem(event)
  return {
    ...optional('branch', inputs.branch),
    ...optional('prNumber', prNumber),
    ...(pull && pull.number === prNumber && { pullRequest: pull }),
    ...(kind === 'enable' && deployment && { deployment }),
  }
}

/** Returns the intent to skip a deployment that is not a successful preview, or `undefined`. */
const skipUnlessPreview = (
  deployment: EventDeployment,
  { defaultBranch }: RunnerEvent,
  { deploymentEnvironments }: Inputs,
): SkipIntent | undefined => {
  const environment = oneLine(deployment.environment, 100)
  if (deployment.state !== 'success') {
    const why = `the deployment to ${environment} has the status ${oneLine(deployment.state, 50)}, not success`
    return skipIntent('deployment_not_successful', why)
  }
  const rules = { defaultBranch, environments: deploymentEnvironments }
  switch (whyNotPreview(deployment, rules)) {
    case 'production':
      return skipIntent(
        'production_deployment',
        `${environment} is a production environment, not a preview (to include it, name it in \`deployment_environments\`)`,
      )
    case 'excluded_environment':
      return skipIntent(
        'excluded_environment',
        `\`deployment_environments\` does not include ${environment}`,
      )
    case 'default_branch':
      return skipIntent(
        'not_a_preview',
        `the deployment to ${environment} is for the repository's default branch, not for a pull request`,
      )
    default:
      return undefined
  }
}

/**
 * Returns the deployment of the run, if there is one, or the intent to skip an enabling run whose deployment is
 * not a successful preview. Never skips `mode: enable` with an explicit branch or pull request: that run proceeds
 * without the deployment. For other kinds of run, a deployment only identifies the pull request.
 */
const decideDeployment = (
  kind: RunKind,
  event: RunnerEvent,
  inputs: Inputs,
): { readonly deployment?: EventDeployment; readonly skipped?: SkipIntent } => {
  const { deployment } = event
  const { mode, branch, prNumber } = inputs
  if (!deployment) return {}
  if (kind !== 'enable') return { deployment }
  const skipped = skipUnlessPreview(deployment, event, inputs)
  if (!skipped) return { deployment }
  const hasExplicitTarget = mode === 'enable' && (branch !== undefined || prNumber !== undefined)
  return hasExplicitTarget ? {} : { skipped }
}

/**
 * Decides what this run does. Throws {@link Problem} if `mode: auto` does not support the event, or if nothing
 * identifies the branch. Also throws if the project ID is missing, or if the key is missing and the run may
 * not skip. Pure.
 */
export const decideIntent = (event: RunnerEvent, inputs: Inputs): Intent => {
  const kind = decideKind(event, inputs)
  const { skipped, ...deployed } = decideDeployment(kind, event, inputs)
  if (skipped) return skipped
  const target = kind === 'sweep' ? {} : decideTarget(event, inputs, { kind, ...deployed })
  if (kind === 'close' && inputs.onClose === 'keep') return { kind: 'keep' }
  const { apiKey, projectId } = inputs
  if (apiKey === undefined) return skipMissingKey(event, inputs)
  if (projectId === undefined) throw missingProjectProblem()
  if (kind === 'sweep') return { kind, apiKey, projectId }
  if (kind === 'enable' && target.pullRequest?.state === 'closed') return skipClosed(target)
  return { kind, target, apiKey, projectId }
}

/** Returns the intent to skip a closed pull request. */
export const skipClosed = ({ prNumber }: Target): SkipIntent =>
  skipIntent(
    'pull_request_closed',
    `pull request #${prNumber} is closed, so this run does not turn its auth back on`,
  )

/** Returns the intent to skip a pull request that was reopened while a run was closing its branch. */
export const skipReopened = ({ prNumber }: Target): SkipIntent =>
  skipIntent(
    'pull_request_reopened',
    `pull request #${prNumber} was reopened while this run was cleaning up after it`,
  )
