import type { ChangeContext } from './context.ts'

/** Ends work on a leftover schema over which another run has enabled auth. */
class AuthTurnedOn extends Error {
  constructor() {
    super('another run or a person has enabled Neon Auth meanwhile')
  }
}

/** Throws if auth is on by now. {@link unlessTurnedOn} turns that into "nothing was done". */
export const assertStillOff = async ({ neon, branch }: ChangeContext): Promise<void> => {
  if (await neon.getAuth(branch.id)) throw new AuthTurnedOn()
}

/**
 * Runs `work`, which moves or deletes a leftover schema and calls {@link assertStillOff} right before.
 * Returns `undefined` if another run has enabled auth: its fresh users are no leftovers.
 */
export const unlessTurnedOn = async <T>(
  work: () => Promise<T>,
  done: 'moved' | 'deleted',
  { log }: Pick<ChangeContext, 'log'>,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AuthTurnedOn)) throw error
    log.info(`Another run enabled Neon Auth meanwhile, so nothing was ${done}.`)
    return undefined
  }
}
