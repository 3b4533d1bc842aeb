/** The way to the sign-in page and where it leads back to: a path of this origin or nothing. Pure. */

const longest = 2048
/** Browsers drop tabs and line breaks in a URL, and read a backslash as a slash: `/\evil.example` and `/<tab>/evil.example` would leave the origin. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const treacherous = /[\u0000-\u0020\u007f-\u00a0\\]/

/** The path to go on to; `/` for everything that could lead to another site, or is no path. */
export function safeReturnTo(given: string | null | undefined): string {
  if (!given || given.length > longest || !given.startsWith('/') || given.startsWith('//') || treacherous.test(given)) return '/'
  const base = 'https://mercat.invalid'
  const url = URL.parse(given, base)
  // Resolving dots can leave two slashes at the front (`/.//evil.example`): whoever resolves the result once more would leave.
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/'
  return url.pathname + url.search + url.hash
}

/** The uid of the app's request that a path belongs to. */
export function interactionOf(returnTo: string): string | undefined {
  return /^\/interaction\/([\w-]{1,128})$/.exec(returnTo)?.[1]
}

/** The sign-in page that leads there. @param again asks for proof even where somebody is signed in */
export function signInPath(returnTo: string, { again = false } = {}): string {
  return `/sign-in?${new URLSearchParams({ return_to: returnTo, ...(again && { again: '1' }) }).toString()}`
}
