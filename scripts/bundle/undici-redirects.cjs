/** Replaces what follows redirects in the bundle: the key would go with them, so none is followed. */
module.exports = class {
  constructor() {
    throw new Error('Redirects are not part of this bundle (scripts/bundle/replace.ts)')
  }
}
