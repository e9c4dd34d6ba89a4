import { parse } from 'tldts'

const example = (suffix: string): string =>
  `give the wildcard a part that is yours, as in https://*.my-app.${suffix || 'example.com'}`

/**
 * Throws an `Error` when `hostname` (lower case, with at least one `*`) would trust sites of other
 * people: its fixed part is only a public suffix (`*.com`, `*.vercel.app`), or the label that
 * somebody registers is not fixed. Under the suffixes of hosting platforms a label may be fixed in
 * part (`my-app-*-team.vercel.app`), as previews there are named. What counts as a public suffix
 * is the Public Suffix List's to say (https://publicsuffix.org), private part included.
 *
 * In its own module, loaded for wildcards only: the list is a tenth of the bundle.
 */
export const refuseWildcard = (hostname: string): void => {
  const labels = hostname.replace(/\.$/, '').split('.')
  const lastWild = labels.findLastIndex((label) => /[*?]/.test(label))
  const fixed = labels.slice(lastWild + 1).join('.')
  // A sample in the wildcard's place: the suffix is the same for every host that it stands for.
  const sample = parse(`sample.${fixed}`, { allowPrivateDomains: true })
  const suffix = fixed === '' ? '' : (sample.publicSuffix ?? fixed)
  if (fixed !== suffix) return

  const partlyFixed = /[a-z0-9]/.test(labels[lastWild] ?? '')
  if (suffix !== '' && partlyFixed && sample.isPrivate) return
  throw new Error(
    suffix === ''
      ? `it would trust every site there is; ${example('')}`
      : `it would trust every site under ${suffix}, whoever owns it; ${example(suffix)}`,
  )
}
