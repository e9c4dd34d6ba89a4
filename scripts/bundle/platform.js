/** Replaces the platform description in the bundle. The original starts processes. */
export const getDetails = () => {
  throw new Error('`core.platform` is not part of this bundle (scripts/bundle/replace.ts)')
}
