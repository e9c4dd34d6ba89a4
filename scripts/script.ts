// What scripts share: how they fail, and how they print the time that they took.

/** Prints an error and exits with code 2. */
export const fail = (message: string): never => {
  console.error(message)
  process.exit(2)
}

/** Exits if the options select nothing, so that a mistyped option does not look like success. */
export const expectSome = (selected: readonly unknown[]): void => {
  const options = process.argv.slice(2).join(' ') || 'the default options'
  if (selected.length === 0) fail(`Nothing to run: no case matches ${options}`)
}

/** Returns the seconds since `started`, a value of `performance.now()`, as text with `digits` decimals. */
export const secondsSince = (started: number, digits = 0): string =>
  ((performance.now() - started) / 1000).toFixed(digits)
