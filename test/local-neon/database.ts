import type { PGlite } from '@electric-sql/pglite'
import { hasAuthSchema, type ProjectConfig, readConfig } from './auth-schema.ts'
import { Mutex } from './mutex.ts'
import type { OpenDatabases, Sleeper } from './open-databases.ts'
import { type Image, pristineImage, startPostgres } from './pristine.ts'

/** What is known of a database without waking it. */
export interface Facts {
  readonly authSchema: boolean
  /** The row of `neon_auth.project_config`, if there is one. */
  readonly config: ProjectConfig | null
}

/** A change: the facts after it, and the work that makes them true in Postgres. */
export interface Change {
  facts: Facts
  work: (postgres: PGlite) => Promise<void>
}

/** Postgres, awake and reserved. */
export interface Hold {
  postgres: PGlite
  release: () => void
  /** To be called when something was written, so that the sleeping image is made anew. */
  wrote: () => void
}

/**
 * One database of one branch: a Postgres of its own, started when it is first needed.
 *
 * Asleep, it is an image plus the changes still to be made to it, so that creating, configuring and
 * copying hundreds of branches starts no Postgres at all. Its facts are true in either state.
 */
export class Database implements Sleeper {
  readonly #mutex = new Mutex()
  readonly #open: OpenDatabases
  #postgres: PGlite | undefined
  /** Undefined stands for the pristine image, which is only made when one is needed. */
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

  /** Reserves Postgres until it is released, waking it first. Others wait for their turn. */
  async hold(): Promise<Hold> {
    const release = await this.#mutex.enter()
    try {
      const postgres = await this.#wake()
      const wrote = () => {
        this.#stale = true
      }
      return { postgres, release, wrote }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Works on Postgres alone; `write` says whether something may be different afterwards. */
  async use<T>(kind: 'read' | 'write', work: (postgres: PGlite) => Promise<T>): Promise<T> {
    const { postgres, release, wrote } = await this.hold()
    try {
      if (kind === 'write') wrote()
      return await work(postgres)
    } finally {
      // Somebody may have changed the schema or the row with SQL of their own.
      if (kind === 'write') await this.#readFacts(postgres)
      release()
    }
  }

  /** Changes the database: at once when it is awake, at its next waking when it sleeps. */
  async change(decide: (facts: Facts) => Change): Promise<void> {
    if (this.#postgres !== undefined || !this.idle) {
      return this.use('write', (postgres) => decide(this.#facts).work(postgres))
    }
    const { facts, work } = decide(this.#facts)
    this.#pending.push(work)
    this.#facts = facts
  }

  /** An independent copy. */
  async copy(): Promise<Database> {
    const release = await this.#mutex.enter()
    try {
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

  /** Stops Postgres and keeps an image of it. */
  async sleep(): Promise<void> {
    const release = await this.#mutex.enter()
    try {
      await this.#refreshImage()
      await this.#stop()
    } finally {
      release()
    }
  }

  /** Stops Postgres for good. */
  async close(): Promise<void> {
    this.#closed = true
    const release = await this.#mutex.enter()
    this.#open.forget(this)
    await this.#stop()
    release()
  }

  async #wake(): Promise<PGlite> {
    if (this.#closed) throw new Error('this database was deleted or closed')
    if (this.#postgres === undefined) {
      await this.#open.makeRoom()
      this.#postgres = await this.#start()
    }
    this.#open.used(this)
    return this.#postgres
  }

  async #start(): Promise<PGlite> {
    this.#image ??= await pristineImage()
    const postgres = await startPostgres(this.#image)
    for (const work of this.#pending) await work(postgres)
    this.#stale = this.#pending.length > 0
    this.#pending = []
    return postgres
  }

  async #stop(): Promise<void> {
    await this.#postgres?.close()
    this.#postgres = undefined
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
