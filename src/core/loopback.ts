/** Whether a host is this machine itself: one rule for addresses, Host headers and origins. Redirect URIs of apps have a narrower one of their own (RFC 8252). */

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/

/** @param host as in a URL or a Host header, with or without a port */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host)
}

/** @param origin `http://host:port` or `https://host:port` */
export function isLoopbackOrigin(origin: string): boolean {
  return isLoopbackHost(/^https?:\/\/(.*)$/.exec(origin)?.[1] ?? '')
}
