/** What a platform reports to GitHub about one deployment. A field is unset if no source shows it. */
export interface PlatformDeployment {
  readonly platform: string
  /** What is deployed: a preview, or production. */
  readonly of: 'preview' | 'production'
  /** Where the values come from. Names of projects and people are replaced. */
  readonly sources: readonly string[]
  /** The `login` of the creator of the deployment and of its status. */
  readonly creator?: string
  /** The fields of the deployment that differ between platforms. */
  readonly deployment: {
    readonly environment?: string
    /** What is passed as `ref`: the commit itself, or the name of the git branch. */
    readonly ref?: 'commit' | 'branch'
    readonly description?: string | null
    readonly transient_environment?: boolean
    readonly production_environment?: boolean
  }
  /** The fields of its successful status. GitHub shows `log_url` as `target_url` as well. */
  readonly status: {
    readonly environment_url?: string
    readonly target_url?: string
  }
  /** What people see at `environment_url`. */
  readonly leadsTo?: 'one build' | 'the preview' | "the platform's own site"
  /** How many deployments one commit gets. */
  readonly perCommit?: string
  /**
   * What the action does by default: trusts the URL, or ignores the deployment because it classifies it as
   * production. `test/http/platform-deployments.test.ts` checks it.
   */
  readonly outcome: 'trusted' | 'production'
}

const github = (path: string): string => `https://github.com/${path}`

const Q360 = github(
  'qamaraldawla11-byte/Q360/blob/a6263c9db909d4fbf13df18f250c99ae18598f11/docs/Q360-PS-M6-S3N-R1_MERGE_DEPLOYMENT_DECOUPLING_GATE.md',
)
const SUSHISWAP = 'https://api.github.com/repos/sushiswap/sushiswap-interface/deployments/452468601'
const DAYOPT = 'https://api.github.com/repos/Dayopt/dayopt/deployments/6708659866'
const WRANGLER_ACTION = github(
  'cloudflare/wrangler-action/blob/1bbe54152342d51d9589fdf9a611c4b9d6615744/src/service/github.ts',
)
const ACTIONS_NETLIFY = github(
  'nwtgck/actions-netlify/blob/0141dd3c9b4fdf320971fe486a1c26862f6072f9/src/main.ts',
)
const LIFEBUILD = github(
  'sociotechnica-org/lifebuild/blob/065ca8405e2ba5be6be53c690b01bfcbe7c3b1c9/.github/workflows/pr-preview.yml',
)
const FLY = github(
  'superfly/fly-pr-review-apps/blob/08e7703660e5a12cca9ec50f7124f142a3c9a23e/README.md',
)
// It showed Render's deployments at the time. The link names no commit, so the page may have changed since.
const REPOSCOPE = github('Raemon/shoggoth-reviews/blob/main/CLAUDE.md')
const CHECK_RENDER_PREVIEW = github(
  'pascalvaccaro/check-render-preview/blob/7580d2c9e03001502fa47e7edbb934d63cc38240/index.js',
)
const KI_LERNPORTAL = github(
  'smartlivingberlin/ki-lernportal-nim/blob/0e94c19f95b1e5aeda4b7ac0a04272227868e9f5/scripts/check-s51d-b-github-reverify.mjs',
)

const RAILWAY_PROJECT =
  'https://railway.com/project/00000000-0000-4000-8000-000000000001?environmentId=00000000-0000-4000-8000-000000000002'

const vercel: PlatformDeployment = {
  platform: 'Vercel',
  of: 'preview',
  sources: [Q360, SUSHISWAP],
  creator: 'vercel[bot]',
  deployment: {
    environment: 'Preview',
    ref: 'commit',
    description: null,
    transient_environment: false,
    production_environment: false,
  },
  status: {
    environment_url: 'https://shop-abc123def-team.vercel.app',
    target_url: 'https://shop-abc123def-team.vercel.app',
  },
  leadsTo: 'one build',
  perCommit: 'one',
  outcome: 'trusted',
}

const vercelMonorepo: PlatformDeployment = {
  platform: 'Vercel, several projects',
  of: 'preview',
  sources: [DAYOPT],
  creator: 'vercel[bot]',
  deployment: { environment: 'Preview – shop', ref: 'commit', production_environment: false },
  status: { environment_url: 'https://shop-abc123def-team.vercel.app' },
  leadsTo: 'one build',
  perCommit: 'one for each project',
  outcome: 'trusted',
}

/**
 * If a repository has several projects, Vercel adds the project's name to the environment's name. A word such as
 * "live" then looks like production. Derived from {@link vercelMonorepo}: no source shows a project with such a name.
 */
const vercelLive: PlatformDeployment = {
  ...vercelMonorepo,
  platform: 'Vercel, a project whose name has a production word',
  deployment: { ...vercelMonorepo.deployment, environment: 'Preview – live-shop' },
  status: { environment_url: 'https://live-shop-abc123def-team.vercel.app' },
  outcome: 'production',
}

const vercelProduction: PlatformDeployment = {
  platform: 'Vercel',
  of: 'production',
  sources: [Q360],
  creator: 'vercel[bot]',
  deployment: { environment: 'Production', ref: 'commit', description: null },
  status: {
    environment_url: 'https://shop-fed321cba-team.vercel.app',
    target_url: 'https://shop-fed321cba-team.vercel.app',
  },
  leadsTo: 'one build',
  perCommit: 'one',
  outcome: 'production',
}

const netlify: PlatformDeployment = {
  platform: 'Netlify (nwtgck/actions-netlify)',
  of: 'preview',
  sources: [ACTIONS_NETLIFY],
  deployment: { environment: 'pull request', ref: 'commit' },
  status: { environment_url: 'https://pr-2--shop.netlify.app' },
  leadsTo: 'the preview',
  perCommit: 'one for each run of the step',
  outcome: 'trusted',
}

const pages: PlatformDeployment = {
  platform: 'Cloudflare Pages (wrangler-action)',
  of: 'preview',
  sources: [WRANGLER_ACTION],
  deployment: {
    environment: 'preview',
    ref: 'branch',
    description: 'Cloudflare Pages',
    production_environment: false,
  },
  status: {
    environment_url: 'https://0123abcd.shop.pages.dev',
    target_url: 'https://dash.cloudflare.com/account-1/pages/view/shop/deployment-1',
  },
  leadsTo: 'one build',
  perCommit: 'one for each run of the step',
  outcome: 'trusted',
}

const workers: PlatformDeployment = {
  platform: 'Cloudflare Workers Previews (wrangler-action)',
  of: 'preview',
  sources: [WRANGLER_ACTION],
  deployment: {
    environment: 'pr-2',
    ref: 'branch',
    description: 'Cloudflare Workers Preview',
    production_environment: false,
  },
  status: {
    environment_url: 'https://pr-2-shop.team.workers.dev',
    target_url:
      'https://dash.cloudflare.com/account-1/?to=/account-1/workers/services/view/shop/production/previews/pr-2/deployments/deployment-1',
  },
  leadsTo: 'the preview',
  perCommit: 'one for each run of the step',
  outcome: 'trusted',
}

const render: PlatformDeployment = {
  platform: 'Render',
  of: 'preview',
  sources: [REPOSCOPE, LIFEBUILD, CHECK_RENDER_PREVIEW],
  creator: 'render[bot]',
  // The git branch that the Blueprint deploys, the service, and the pull request.
  deployment: { environment: 'master - shop PR #2' },
  status: {
    environment_url: 'https://shop-pr-2.onrender.com',
    target_url: 'https://dashboard.render.com',
  },
  leadsTo: 'the preview',
  outcome: 'trusted',
}

const railwayProduction: PlatformDeployment = {
  platform: 'Railway',
  of: 'production',
  sources: [Q360, KI_LERNPORTAL],
  creator: 'railway-app[bot]',
  deployment: {
    environment: 'shop / production',
    ref: 'commit',
    description: 'Deployed to Railway',
  },
  status: { environment_url: RAILWAY_PROJECT, target_url: RAILWAY_PROJECT },
  leadsTo: "the platform's own site",
  perCommit: 'one for each Railway environment',
  outcome: 'production',
}

const fly: PlatformDeployment = {
  platform: 'Fly.io (fly-pr-review-apps)',
  of: 'preview',
  sources: [FLY],
  deployment: { environment: 'pr-2' },
  status: { environment_url: 'https://pr-2-team-shop.fly.dev' },
  leadsTo: 'the preview',
  perCommit: 'one for each run of the job',
  outcome: 'trusted',
}

/** Deployments as platforms report them, read from recorded payloads and from public code. `vercelLive` is derived. */
export const platformDeployments: readonly PlatformDeployment[] = [
  vercel,
  vercelMonorepo,
  vercelLive,
  vercelProduction,
  netlify,
  pages,
  workers,
  render,
  railwayProduction,
  fly,
]
