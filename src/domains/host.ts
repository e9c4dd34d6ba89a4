import type { Entry } from './entry.ts'
import { isLoopback } from './loopback.ts'
import { likelyValue, missingWord } from './placeholders.ts'

const MAX_LABEL_LENGTH = 63
const MAX_HOST_LENGTH = 253
const IPV4 = /^\d+(\.\d+){3}$/

/** Returns whether a URL's hostname is an IP address. */
export const isIpAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || IPV4.test(hostname)

const ipFault = (hostname: string, { scheme, host }: Entry): string | undefined => {
  if (IPV4.test(hostname) && host !== hostname)
    return `this is a number, which URLs read as the address ${hostname}. Pass the URL of the preview`
  if (scheme === undefined && !isLoopback(hostname))
    return 'this is a number or an address without a scheme. If this is intentional, put https:// in front of it'
  return hostname === '[::]' || hostname.startsWith('0.')
    ? 'servers listen on this address, but no page has it as its origin. Use the address that people open'
    : undefined
}

const emptyPartFault = (labels: readonly string[]): string | undefined => {
  const index = labels.findIndex((label) => label === '' || /^[-_]|[-_]$/.test(label))
  const label = labels[index]
  if (label === undefined) return undefined
  const before = labels.slice(0, index).join('.')
  const after = labels.slice(index + 1).join('.')
  if (label === '') {
    const position = [before && ` after "${before}."`, after && ` before ".${after}"`].filter(
      Boolean,
    )
    return `its host has an empty part${position.join(' and')}; the template value there was probably empty: ${likelyValue('')}`
  }
  return /[-_]$/.test(label)
    ? `"${label}" ends with "${label.at(-1)}"; the template value after it was probably empty: ${likelyValue(label)}`
    : `"${label}" starts with "${label[0]}"; the template value before it was probably empty: ${likelyValue('')}`
}

const lengthFault = (hostname: string, labels: readonly string[]): string | undefined => {
  const longLabel = labels.find(({ length }) => length > MAX_LABEL_LENGTH)
  const advice =
    'platforms shorten long branch names, so the preview is on another host. Take its URL from the deployment'
  if (longLabel !== undefined)
    return `"${longLabel.slice(0, 20)}..." has ${longLabel.length} characters, but a part of a host can have at most ${MAX_LABEL_LENGTH}; ${advice}`
  return hostname.length > MAX_HOST_LENGTH
    ? `its host has ${hostname.length} characters, but a host can have at most ${MAX_HOST_LENGTH}; ${advice}`
    : undefined
}

const missingValueFault = (
  labels: readonly string[],
  names: readonly string[],
  registeredDomain: string | undefined,
): string | undefined => {
  for (const [index, label] of labels.entries()) {
    // Somebody registered `null-island.com`, so no template produced the words in it.
    if (labels.slice(index).join('.') === registeredDomain) return undefined
    const word = missingWord(label, names)
    if (word === undefined) continue
    const value = likelyValue(label.slice(0, label.lastIndexOf(word)))
    return `"${label}" contains "${word}", probably because a template value was missing: ${value}`
  }
  return undefined
}

/** The context of a host. */
export interface HostContext {
  /** Names that platforms build hosts from, such as the head ref. Words in them are not missing values. */
  readonly names: readonly string[]
  /** The registrable domain, if its suffix belongs to a registry. */
  readonly registeredDomain: string | undefined
}

/**
 * Returns why a hostname cannot be a preview's, or `undefined` if it can. Typical causes are an empty template
 * value and a label that is too long. `hostname` is as `new URL` returns it, without a trailing dot. Never
 * throws.
 */
export const hostFault = (
  hostname: string,
  entry: Entry,
  { names, registeredDomain }: HostContext,
): string | undefined => {
  if (isIpAddress(hostname)) return ipFault(hostname, entry)
  const forbidden = /[^a-z\d._*-]/.exec(hostname)?.[0]
  if (forbidden !== undefined)
    return `its host contains "${forbidden}", which is not allowed in a host name`
  const labels = hostname.split('.')
  const fault = emptyPartFault(labels) ?? missingValueFault(labels, names, registeredDomain)
  if (fault !== undefined) return fault
  const isSingleLabel = !/[.*]/.test(hostname) && !isLoopback(hostname)
  if (isSingleLabel && entry.scheme === undefined)
    return 'this is not a host name: it has no dot. If this is intentional, use the full URL'
  return lengthFault(hostname, labels)
}
