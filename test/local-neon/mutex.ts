/** Lets one at a time in, in the order of asking. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve()
  #holders = 0

  /** Whether nobody is in or waiting. */
  get idle(): boolean {
    return this.#holders === 0
  }

  /** Waits for one's turn; the function it gives must be called to leave. Leaving twice is harmless. */
  async enter(): Promise<() => void> {
    this.#holders += 1
    const before = this.#tail
    const turn = Promise.withResolvers<void>()
    this.#tail = turn.promise
    await before
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#holders -= 1
      turn.resolve()
    }
  }
}
