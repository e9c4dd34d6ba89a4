/** A lock that grants access to one caller at a time, first come, first served. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve()
  #entered = 0

  /** Whether nobody holds the lock or waits for it. */
  get idle(): boolean {
    return this.#entered === 0
  }

  /** Waits for the lock. Returns the function that releases it. Releasing twice is harmless. */
  async enter(): Promise<() => void> {
    this.#entered += 1
    const before = this.#tail
    const turn = Promise.withResolvers<void>()
    this.#tail = turn.promise
    await before
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#entered -= 1
      turn.resolve()
    }
  }
}
