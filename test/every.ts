/**
 * Returns the step width of a campaign: every how many cases it runs. `npm test` runs a part of each
 * campaign. `npm run interleavings` and `npm run drift` run all of it, or every n-th case with `--every n`.
 */
export const everyOr = (sample: number): number => Number(process.env['EVERY'] ?? sample)
