/** How long and how often the model is tried. */
export interface Campaign {
  /** Where the first lane starts; the others have the numbers after it. */
  readonly seed: number
  /** Sequences for each lane. */
  readonly runs: number
  /** The most commands in a sequence. */
  readonly length: number
  /** How many sequences go on side by side, each with a Neon of its own. */
  readonly lanes: number
  /** Whether each enabling run proves auth with the auth service, too: that wakes its Postgres. */
  readonly verify: boolean
  /** fast-check's `path` and `replayPath` of a failure, to play that one alone. */
  readonly path?: string
  readonly replay?: string
  /** After so many minutes no other sequence is begun. */
  readonly minutes: number
  /** Whether to try what is left out of the short one, and to tell what was tried. */
  readonly long: boolean
}

/** The short campaign that is part of all tests. */
const SHORT: Campaign = {
  seed: 2026,
  runs: 4,
  length: 48,
  lanes: 2,
  verify: false,
  minutes: 8,
  long: false,
}

/** The variable that `npm run model` hands its campaign over in. */
export const CAMPAIGN = 'MODEL_CAMPAIGN'

/** The campaign that the environment names, as JSON; the short one where it names none. */
export const campaignOf = (env: NodeJS.ProcessEnv): Campaign => ({
  ...SHORT,
  ...(JSON.parse(env[CAMPAIGN] ?? '{}') as Partial<Campaign>),
})
