import { accountJson, accountOf, BOT_ACCOUNT } from './accounts.ts'
import { type Answer, type Call, NOT_FOUND, page } from './answers.ts'
import type { LocalDeployment, State } from './state.ts'

const at = (second: number): string => new Date(second * 1000).toISOString()

const deploymentJson = (deployment: LocalDeployment) => {
  const { id, sha, ref, environment, production, transient, task, creator } = deployment
  return {
    id,
    sha,
    ref,
    task,
    environment,
    original_environment: environment,
    production_environment: production,
    transient_environment: transient,
    creator: creator && accountJson(creator),
    created_at: at(id),
    updated_at: at(id),
  }
}

const FILTERS = ['sha', 'ref', 'task', 'environment'] as const

/** `GET /deployments?sha=&ref=&task=&environment=`, newest first. */
export const listDeployments = (state: State, _: readonly string[], call: Call): Answer => {
  const fits = (deployment: LocalDeployment): boolean =>
    FILTERS.every((name) => [null, deployment[name]].includes(call.url.searchParams.get(name)))
  return page(state.deployments.filter(fits).toReversed().map(deploymentJson), call, state)
}

/** `GET /deployments/{id}`. */
export const getDeployment = ({ deployments }: State, [id]: readonly string[]): Answer => {
  const found = deployments.find((one) => one.id === Number(id))
  return found ? { body: deploymentJson(found) } : NOT_FOUND
}

/** `GET /deployments/{id}/statuses`, newest first. */
export const listStatuses = (state: State, [id]: readonly string[], call: Call): Answer => {
  const deployment = state.deployments.find((one) => one.id === Number(id))
  if (!deployment) return NOT_FOUND
  const statuses = deployment.statuses.map(({ state, environmentUrl, creator }, index) => ({
    id: deployment.id * 1000 + index,
    state,
    environment: deployment.environment,
    environment_url: environmentUrl ?? '',
    creator: accountJson(creator ? accountOf(creator) : (deployment.creator ?? BOT_ACCOUNT)),
    created_at: at(deployment.id + index),
  }))
  return page(statuses.toReversed(), call, state)
}
