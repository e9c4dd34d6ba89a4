/** A queue that keeps everything that arrived and hands it out one by one. */
export class Inbox<T> {
  readonly arrived: T[] = []
  #taken = 0
  readonly #waiting: ((item: T) => void)[] = []

  /** Adds an item. The caller that has waited longest gets it. */
  put(item: T): void {
    this.arrived.push(item)
    const waiting = this.#waiting.shift()
    if (waiting === undefined) return
    this.#taken += 1
    waiting(item)
  }

  /** Resolves with the oldest item that was not taken yet, as soon as there is one. */
  next(): Promise<T> {
    const item = this.arrived[this.#taken]
    if (item === undefined) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#taken += 1
    return Promise.resolve(item)
  }
}
