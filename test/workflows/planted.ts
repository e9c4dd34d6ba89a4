/** A fault in a workflow, as a careless edit could cause it. */
export interface PlantedFault {
  readonly workflow: string
  readonly title: string
  readonly from: string
  readonly to: string
}

/** Faults that the scenarios must detect. They prove that the scenarios can fail. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    workflow: 'docs/recipes/netlify.yml',
    title: 'an `if` that excludes pushes',
    from: "github.event.action != 'closed'",
    to: "github.event.action == 'opened'",
  },
  {
    workflow: 'docs/recipes/cloudflare.yml',
    title: 'an output that this action does not have',
    from: 'steps.auth.outputs.base_url',
    to: 'steps.auth.outputs.auth_url',
  },
  {
    workflow: 'docs/recipes/own-deploy-playwright.yml',
    title: 'a job output from a step that does not exist',
    from: 'base_url: ${{ steps.trust.',
    to: 'base_url: ${{ steps.trusted.',
  },
  {
    workflow: 'docs/recipes/create-and-delete-branch.yml',
    title: 'too few permissions for the comment',
    from: 'pull-requests: write # for the comment, and',
    to: 'pull-requests: read # for the comment, and',
  },
  {
    workflow: 'docs/recipes/neon-functions.yml',
    title: 'a deploy to another branch',
    from: 'BRANCH: preview/pr-',
    to: 'BRANCH: main # preview/pr-',
  },
  {
    workflow: 'docs/recipes/nightly-sweep.yml',
    title: 'an input of workflow_dispatch under another name',
    from: 'inputs.dry_run == true',
    to: 'inputs.dry-run == true',
  },
  {
    workflow: 'docs/recipes/ghes-proxy.yml',
    title: 'a missing event type',
    from: 'synchronize, closed]',
    to: 'synchronize]',
  },
  {
    workflow: 'docs/recipes/promote-settings.yml',
    title: 'a plan that writes to production',
    from: 'dry_run: true # writes nothing',
    to: '',
  },
  {
    workflow: 'docs/recipes/vercel-prebuilt.yml',
    title: 'the URL of one build instead of the alias',
    from: 'url=https://$ALIAS',
    to: 'url=$build',
  },
  {
    workflow: 'docs/recipes/vercel.yml',
    title: 'an `if` that lets anybody report a preview',
    from: "github.event.deployment_status.creator.login == 'vercel[bot]' &&",
    to: '',
  },
]

/** Returns the workflow with the fault in it. Throws if the workflow no longer has the text. */
export const plant = (text: string, { workflow, from, to }: PlantedFault): string => {
  if (!text.includes(from)) throw new Error(`${workflow} does not contain "${from}"`)
  return text.replace(from, to)
}
