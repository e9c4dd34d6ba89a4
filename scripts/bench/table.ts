/** Returns the median, or 0 if there are no values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** Prints a figure and its target. */
export const row = (name: string, value: string, target = ''): void =>
  console.log(`  ${name.padEnd(46)} ${value.padEnd(38)} ${target && `target: ${target}`}`.trimEnd())

/** Prints the name of a group of figures. */
export const heading = (text: string): void => console.log(`\n${text}\n`)
