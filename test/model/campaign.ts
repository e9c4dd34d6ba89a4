/** How many sequences to run, and how long they are. */
export interface Campaign {
  /** The seed of the first worker. The other workers use the following numbers. */
  readonly seed: number
  /** The number of sequences per worker. */
  readonly runs: number
  /** The maximum number of commands in a sequence. */
  readonly length: number
  /** How many workers run sequences in parallel, each with its own Local Neon. */
  readonly workers: number
  /** Whether enabling runs verify auth with the auth service, which starts its Postgres. */
  readonly verify: boolean
  /** fast-check's `path` and `replayPath` of a failure, to replay only that one. */
  readonly path?: string
  readonly replay?: string
  /** After this many minutes, no new sequence starts. */
  readonly minutes: number
  /** Whether to include what the short campaign skips, and to print what was tried. */
  readonly long: boolean
}

/** The short campaign, which is part of `npm test`. */
const SHORT: Campaign = {
  seed: 2026,
  runs: 4,
  length: 48,
  workers: 2,
  verify: false,
  minutes: 8,
  long: false,
}

/** The environment variable in which `npm run model` passes its campaign. */
export const CAMPAIGN = 'MODEL_CAMPAIGN'

/** Returns the campaign in the environment, which is JSON. Default: the short one. */
export const campaignOf = (env: NodeJS.ProcessEnv): Campaign => ({
  ...SHORT,
  ...(JSON.parse(env[CAMPAIGN] ?? '{}') as Partial<Campaign>),
})
