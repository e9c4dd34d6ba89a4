/** A database that can be put to sleep while nobody uses it. */
export interface Sleeper {
  readonly idle: boolean
  sleep(): Promise<void>
}

/**
 * Keeps at most `limit` in-memory Postgres instances awake, unless more are busy. Each takes about 200 MB, and a
 * project may have hundreds of branches. The least recently used idle one goes to sleep first.
 */
export class OpenDatabases {
  // A Set keeps insertion order, so its first member is the least recently used one.
  readonly #awake = new Set<Sleeper>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Makes room for one more by putting idle databases to sleep. Does not interrupt busy ones. */
  async makeRoom(): Promise<void> {
    while (this.#awake.size >= this.#limit) {
      const victim = [...this.#awake].find(({ idle }) => idle)
      if (victim === undefined) return
      this.#awake.delete(victim)
      await victim.sleep()
    }
  }

  /** Records that a database is awake and was just used. */
  used(database: Sleeper): void {
    this.#awake.delete(database)
    this.#awake.add(database)
  }

  /** Removes a database that is gone. */
  forget(database: Sleeper): void {
    this.#awake.delete(database)
  }
}
