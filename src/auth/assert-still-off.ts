import type { ChangeContext } from './context.ts'

/** Stops work on a leftover schema, because another run has enabled auth in the meantime. */
export class AuthTurnedOn extends Error {
  constructor() {
    super('another run or a person has enabled Neon Auth')
  }
}

/** Throws if auth is on. {@link unlessTurnedOn} catches the error. */
export const assertStillOff = async ({ neon, branch }: ChangeContext): Promise<void> => {
  if (await neon.getAuth(branch.id)) throw new AuthTurnedOn()
}

/**
 * Throws if auth is on, or if the pull request is not known to be open. Call it before each attempt to delete a
 * leftover.
 */
export const assertMayDelete = async (context: ChangeContext): Promise<void> => {
  await Promise.all([context.assertKnownOpen(), assertStillOff(context)])
}

/**
 * Confirms the preconditions, and calls {@link assertMayDelete}. Call it before each attempt to delete or move a
 * leftover over SQL, which the client does not confirm.
 */
export const confirmSqlRemoval = async (context: ChangeContext): Promise<void> => {
  await context.preconditions.beforeWrite('removal')
  await assertMayDelete(context)
}

/**
 * Runs `work`, which calls {@link assertStillOff} right before it moves or deletes a leftover schema. Returns
 * `undefined` if another run has enabled auth, because the schema is then in use.
 */
export const unlessTurnedOn = async <T>(
  work: () => Promise<T>,
  { log }: ChangeContext,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AuthTurnedOn)) throw error
    log.info(
      'Another run has enabled Neon Auth, so this run changes nothing more in the leftover schema.',
    )
    return undefined
  }
}
