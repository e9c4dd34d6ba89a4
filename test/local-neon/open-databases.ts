/** A database that can be put to sleep when nobody is using it. */
export interface Sleeper {
  readonly idle: boolean
  sleep(): Promise<void>
}

/**
 * Keeps few Postgres processes-in-memory awake: each takes some 200 MB, and a project may have
 * hundreds of branches. The one that was used longest ago goes to sleep first.
 */
export class OpenDatabases {
  // A Set keeps the order of insertion, so its first member is the one used longest ago.
  readonly #awake = new Set<Sleeper>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Makes room for one more, if one can be spared; those at work are never disturbed. */
  async makeRoom(): Promise<void> {
    while (this.#awake.size >= this.#limit) {
      const victim = [...this.#awake].find(({ idle }) => idle)
      if (victim === undefined) return
      this.#awake.delete(victim)
      await victim.sleep()
    }
  }

  /** Notes that a database is awake and was just used. */
  used(database: Sleeper): void {
    this.#awake.delete(database)
    this.#awake.add(database)
  }

  /** Notes that a database is gone. */
  forget(database: Sleeper): void {
    this.#awake.delete(database)
  }
}
