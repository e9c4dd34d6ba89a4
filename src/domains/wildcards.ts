import { ownershipOf } from './ownership.ts'

/** How far a wildcard reaches. */
export type WildcardReach =
  /** Only names that the owner of the fixed part controls. */
  | { readonly kind: 'own' }
  /** Names on a platform that anyone can register, but only with a certain beginning or end. */
  | { readonly kind: 'shared'; readonly suffix: string }
  /** Every site under `suffix`, or every site on the internet (`''`). */
  | { readonly kind: 'everyone'; readonly suffix: string }

/** How many characters of a label with a wildcard must be fixed. `a*` matches almost any name. */
const LEAST_FIXED = 3

/**
 * Returns how far a hostname (lower case, with at least one `*`) reaches. A wildcard is the user's
 * own below a registrable domain: `*.preview.example.com`, `*.my-app.vercel.app`. It is shared in the
 * registrable label itself: `my-app-*.vercel.app` also matches a name that a stranger registers. Better Auth's `*` matches dots too
 * (https://github.com/better-auth/better-auth/blob/main/packages/better-auth/src/utils/wildcard.ts).
 */
export const wildcardReach = (hostname: string): WildcardReach => {
  const labels = hostname.split('.')
  const wild = labels.findLastIndex((label) => label.includes('*'))
  const fixed = labels.slice(wild + 1).join('.')
  if (fixed === '') return { kind: 'everyone', suffix: '' }
  // Two sample labels: the list has wildcards of its own, such as `*.ck`.
  const { registrable, suffix, kind } = ownershipOf(`a.b.${fixed}`)
  if (registrable !== undefined && registrable.length <= fixed.length) return { kind: 'own' }
  const fixedInLabel = (labels[wild] ?? '').replace(/[^a-z\d]/g, '').length
  return fixed === suffix && kind === 'platform' && fixedInLabel >= LEAST_FIXED
    ? { kind: 'shared', suffix }
    : { kind: 'everyone', suffix: fixed }
}
