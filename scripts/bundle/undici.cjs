/** Replaces undici's `fetch` in the bundle. `@actions/github` gets its `fetch` from network/. */
exports.fetch = () => {
  throw new Error("undici's `fetch` is not part of this bundle (scripts/bundle/replace.ts)")
}
