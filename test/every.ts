/**
 * Returns the stride of a campaign: n, if it runs every n-th case. `npm test` uses `sample`. `npm run
 * interleavings` and `npm run drift` run every case by default, or every n-th with `--every n`. For other test files, set
 * `EVERY`.
 */
export const everyOr = (sample: number): number => Number(process.env['EVERY'] ?? sample)
