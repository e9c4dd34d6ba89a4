// What scripts share: how they report a mistake in their options, and how long they took.

/** Prints a mistake in the options, and exits. */
export const fail = (message: string): never => {
  console.error(message)
  process.exit(2)
}

/** Exits if the options select nothing. Otherwise, a mistyped option would look like a success. */
export const expectSome = (selected: readonly unknown[]): void => {
  if (selected.length === 0)
    fail(`Nothing to run: no case matches ${process.argv.slice(2).join(' ')}`)
}

/** Returns the seconds since `started`, a value of `performance.now()`. */
export const secondsSince = (started: number, digits = 0): string =>
  ((performance.now() - started) / 1000).toFixed(digits)
