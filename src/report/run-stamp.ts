const SERVER = /^https?:\/\/[a-z\d.-]+(?::\d+)?$/i
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/
const NUMBER = /^\d+$/

/** Returns the URL of this run, or `undefined` if the runner's variables are missing or malformed. */
const runUrl = (env: NodeJS.ProcessEnv): string | undefined => {
  const server = env['GITHUB_SERVER_URL'] ?? ''
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  const id = env['GITHUB_RUN_ID'] ?? ''
  if (!SERVER.test(server) || !REPOSITORY.test(repository) || !NUMBER.test(id)) return undefined
  const attempt = env['GITHUB_RUN_ATTEMPT'] ?? ''
  const suffix = NUMBER.test(attempt) ? `/attempts/${attempt}` : ''
  return `${server}/${repository}/actions/runs/${id}${suffix}`
}

/**
 * Returns Markdown that says when a page was written and links to the run that wrote it. For the variables, see
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
export const runStamp = (env: NodeJS.ProcessEnv, now: Date): string => {
  const url = runUrl(env)
  const time = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `Updated ${time}${url ? ` by [run ${env['GITHUB_RUN_ID']}](${url})` : ''}`
}
