/** Replaces what describes the runner's platform in the bundle: it would start processes. */
export const getDetails = () => {
  throw new Error('`core.platform` is not part of this bundle (scripts/bundle/replace.ts)')
}
