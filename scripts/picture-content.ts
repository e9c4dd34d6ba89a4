import { startLocalGitHub } from '../test/local-github.ts'
import { startLocalNeon } from '../test/local-neon/local-neon.ts'
import { fillExpressions, ownSteps, readmeWorkflows } from '../test/readme-workflows.ts'
import { runStep } from '../test/runner.ts'
import { startNeonNames } from './neon-names.ts'
import { PULL_REQUEST } from './terminal.ts'

/** The content of the pictures: the Markdown that the run sends to GitHub, with a fixed time. */
export interface PictureContent {
  /** The job summary. */
  readonly summary: string
  /** The comment on the pull request, without its invisible first line. */
  readonly comment: string
}

/** Made-up values of GitHub's variables for a run. The pictures link to this run, which does not exist. */
const RUN = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_RUN_ID: '16847219035' }

/** Replaces the time, because it differs on every run. */
const atFixedTime = (markdown: string): string =>
  markdown.replace(/Updated [\d-]+ [\d:]+ UTC/, 'Updated 2026-07-28 09:14 UTC')

/**
 * Runs the built bundle as in the README's first workflow, for an opened pull request and with `comment: true`.
 * The bundle reaches Local Neon under Neon's own host names. Returns the same bytes on every machine. Throws if
 * the step fails.
 */
export const runForPictures = async (): Promise<PictureContent> => {
  const neon = await startLocalNeon()
  const [github, names] = await Promise.all([startLocalGitHub(), startNeonNames(neon)])
  try {
    await neon.enableAuth('main', { domains: ['https://shop.example.com'] })
    // Without providers, the summary has no callback URLs, which would make the picture twice as long.
    await neon.configure('main', { social_providers: [] })
    await neon.createBranch({ name: `preview/pr-${PULL_REQUEST.number}-${PULL_REQUEST.headRef}` })
    const [step] = readmeWorkflows().flatMap((workflow) => ownSteps(workflow, 'neon-auth'))
    const inputs = fillExpressions(step?.with, {
      'secrets.NEON_API_KEY': neon.apiKey,
      'vars.NEON_PROJECT_ID': neon.projectId,
      'github.event.number': String(PULL_REQUEST.number),
    })
    const finished = await runStep({
      event: ['pull_request', 'opened', PULL_REQUEST],
      inputs: { ...inputs, comment: 'true', github_token: 'ghs_local', timeout: '60' },
      env: { ...names.env, ...RUN, GITHUB_API_URL: github.apiUrl },
    })
    if (finished.exitCode !== 0) throw new Error(`the step failed:\n${finished.log}`)
    const [comment] = github.comments
    if (!comment) throw new Error('the step wrote no comment')
    return {
      summary: atFixedTime(finished.summary),
      comment: atFixedTime(`${comment.body.replace(/^<!--.*-->\n/, '')}\n`),
    }
  } finally {
    await Promise.all([names.close(), github.close()])
    await neon.close()
  }
}
