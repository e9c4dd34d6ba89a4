/** This action's version, as in package.json (the contract tests compare them). */
export const VERSION = '1.0.0'
