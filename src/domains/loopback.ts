const LOOPBACK_V4 = /^127(\.\d{1,3}){3}$/

/** Whether a URL's hostname is this machine itself: `localhost`, `*.localhost`, 127/8 or `[::1]`. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  LOOPBACK_V4.test(hostname)
