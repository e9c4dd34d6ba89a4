/**
 * Replaces undici's redirect handler in the bundle. It would send the key along, so network/ does not use it.
 */
module.exports = class {
  constructor() {
    throw new Error('Redirects are not part of this bundle (scripts/bundle/replace.ts)')
  }
}
