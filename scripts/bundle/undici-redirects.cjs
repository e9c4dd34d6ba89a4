/**
 * Replaces the redirect handler in the bundle. This action follows no redirect, because that would send the key
 * along.
 */
module.exports = class {
  constructor() {
    throw new Error('Redirects are not part of this bundle (scripts/bundle/replace.ts)')
  }
}
