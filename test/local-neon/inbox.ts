/** What has arrived, and a way to take it one by one. */
export class Inbox<T> {
  readonly arrived: T[] = []
  #taken = 0
  readonly #waiting: ((item: T) => void)[] = []

  /** Puts something in, for the one who has waited longest. */
  put(item: T): void {
    this.arrived.push(item)
    const waiting = this.#waiting.shift()
    if (waiting === undefined) return
    this.#taken += 1
    waiting(item)
  }

  /** The oldest that was not taken yet, as soon as there is one. */
  next(): Promise<T> {
    const item = this.arrived[this.#taken]
    if (item === undefined) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#taken += 1
    return Promise.resolve(item)
  }
}
