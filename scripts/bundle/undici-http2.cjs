/** Replaces undici's HTTP/2 client in the bundle. It is off by default. */
module.exports = () => {
  throw new Error('HTTP/2 is not part of this bundle (scripts/bundle/replace.ts)')
}
