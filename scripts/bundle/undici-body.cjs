/** Replaces undici's forms and streams in the bundle. This action sends only text. */
exports.extractBody = () => {
  throw new Error('Only text can be sent with this bundle (scripts/bundle/replace.ts)')
}
