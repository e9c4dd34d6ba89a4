import type { PGlite } from '@electric-sql/pglite'
import { hasAuthSchema, type ProjectConfig, readConfig } from './auth-schema.ts'
import { Mutex } from './mutex.ts'
import type { OpenDatabases, Sleeper } from './open-databases.ts'
import { type Image, startPostgres } from './pristine.ts'
import { SPARES } from './spare-postgres.ts'

/** What is known about a database without waking it. */
export interface Facts {
  readonly authSchema: boolean
  /** The row of `neon_auth.project_config`, if there is one. */
  readonly config: ProjectConfig | null
}

/** A change: the facts after it, and the work that applies it in Postgres. */
export interface Change {
  facts: Facts
  work: (postgres: PGlite) => Promise<void>
}

/** A running Postgres that is reserved for one caller. */
export interface Hold {
  postgres: PGlite
  release: () => void
  /** Call this before a write, so that the image is refreshed before the database goes to sleep. */
  willWrite: () => void
}

/**
 * One database of one branch. It has its own Postgres, which starts when it is first needed.
 *
 * While asleep, a database is an image plus the changes that still have to be applied. So creating,
 * configuring, and copying hundreds of branches by itself starts no Postgres. The facts do not include what a caller
 * of {@link hold} writes.
 */
export class Database implements Sleeper {
  readonly #mutex = new Mutex()
  readonly #open: OpenDatabases
  #postgres: PGlite | undefined
  /** `undefined` until the first image is taken. Before that, Postgres starts empty. */
  #image: Image | undefined
  #pending: Change['work'][] = []
  #facts: Facts = { authSchema: false, config: null }
  #stale = false
  #closed = false

  constructor(open: OpenDatabases) {
    this.#open = open
  }

  get facts(): Facts {
    return this.#facts
  }

  get idle(): boolean {
    return this.#mutex.idle
  }

  /** Wakes Postgres and reserves it until it is released. Other callers wait for their turn. */
  async hold(): Promise<Hold> {
    const release = await this.#mutex.enter()
    try {
      const postgres = await this.#wake()
      const willWrite = () => {
        this.#stale = true
      }
      return { postgres, release, willWrite }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Runs `work` on Postgres while nobody else uses it. `write` means that it may change something. */
  async use<T>(kind: 'read' | 'write', work: (postgres: PGlite) => Promise<T>): Promise<T> {
    const { postgres, release, willWrite } = await this.hold()
    try {
      if (kind === 'write') willWrite()
      return await work(postgres)
    } finally {
      try {
        // SQL from outside may have changed the schema or the row.
        if (kind === 'write') await this.#readFacts(postgres)
      } finally {
        release()
      }
    }
  }

  /**
   * Changes the database. If it is awake or busy, waits until it is free; otherwise, the change is applied when it
   * wakes up.
   */
  async change(decide: (facts: Facts) => Change): Promise<void> {
    this.#assertOpen()
    if (this.#postgres !== undefined || !this.idle) {
      return this.use('write', (postgres) => decide(this.#facts).work(postgres))
    }
    const { facts, work } = decide(this.#facts)
    this.#pending.push(work)
    this.#facts = facts
  }

  /** Returns an independent copy. */
  async copy(): Promise<Database> {
    const release = await this.#mutex.enter()
    try {
      this.#assertOpen()
      await this.#refreshImage()
      const copy = new Database(this.#open)
      copy.#image = this.#image
      copy.#pending = [...this.#pending]
      copy.#facts = this.#facts
      return copy
    } finally {
      release()
    }
  }

  /** Takes an image and gives up Postgres. */
  async sleep(): Promise<void> {
    const release = await this.#mutex.enter()
    try {
      await this.#refreshImage()
      if (this.#postgres) await SPARES.give(this.#postgres)
      this.#postgres = undefined
    } finally {
      release()
    }
  }

  /** Closes the database for good. Its Postgres stops or becomes a spare. */
  async close(): Promise<void> {
    this.#closed = true
    const release = await this.#mutex.enter()
    this.#open.forget(this)
    try {
      if (this.#postgres) await SPARES.give(this.#postgres)
      this.#postgres = undefined
    } finally {
      release()
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('this database was deleted or closed')
  }

  async #wake(): Promise<PGlite> {
    this.#assertOpen()
    if (this.#postgres === undefined) {
      await this.#open.makeRoom()
      this.#postgres = await this.#start()
    }
    this.#open.used(this)
    return this.#postgres
  }

  async #start(): Promise<PGlite> {
    const postgres = await (this.#image ? startPostgres(this.#image) : SPARES.take())
    try {
      for (const work of this.#pending) await work(postgres)
    } catch (error) {
      await postgres.close()
      throw error
    }
    this.#stale = this.#pending.length > 0
    this.#pending = []
    return postgres
  }

  async #refreshImage(): Promise<void> {
    if (this.#postgres === undefined || !this.#stale) return
    this.#image = await this.#postgres.dumpDataDir('none')
    this.#stale = false
  }

  async #readFacts(postgres: PGlite): Promise<void> {
    const authSchema = await hasAuthSchema(postgres)
    this.#facts = { authSchema, config: await readConfig(postgres) }
  }
}
