/** `localhost` and `*.localhost`, with or without a final dot. */
const LOOPBACK_NAME = /(^|\.)localhost\.?$/
const LOOPBACK_V4 = /^127(\.\d{1,3}){3}$/
/** 127.0.0.0/8 as an IPv4-mapped IPv6 address, as `new URL` writes it. */
const LOOPBACK_MAPPED = /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/

/** Returns whether a URL's hostname is this machine: `localhost`, `*.localhost`, 127.0.0.0/8, or `[::1]`. */
export const isLoopback = (hostname: string): boolean =>
  LOOPBACK_NAME.test(hostname) ||
  hostname === '[::1]' ||
  LOOPBACK_V4.test(hostname) ||
  LOOPBACK_MAPPED.test(hostname)
