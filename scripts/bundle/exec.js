/** Replaces `@actions/exec` in the bundle: this action starts no process. */
export const getExecOutput = () => {
  throw new Error('`@actions/exec` is not part of this bundle (scripts/bundle/replace.ts)')
}
