/** Replaces undici's forms and streams in the bundle: the bodies of this action are text. */
exports.extractBody = () => {
  throw new Error('Only text can be sent with this bundle (scripts/bundle/replace.ts)')
}
