/** Where a link in a document may lead: to the web, to mail, to a section of the same document or another of Mercat's own. Pure. */

/** The document that the link stands in. */
export interface From {
  readonly documentId: string
  readonly source: 'mercat' | 'account'
  /** Its path, with its folder. */
  readonly link: string
}

/** undefined: nowhere that this page could open. */
export function targetOf(href: string, { documentId, source, link }: From): { readonly outside: string } | { readonly item: string } | undefined {
  if (/^(https?:\/\/|mailto:)/i.test(href)) return { outside: href }
  if (href.startsWith('#')) return href.length > 1 ? { item: `${documentId}${href}` } : undefined
  // Documents of an account are known by ids that their paths do not tell.
  if (source !== 'mercat' || !URL.canParse(href, `https://mercat.invalid/${link}`)) return undefined
  const { protocol, host, pathname, hash } = new URL(href, `https://mercat.invalid/${link}`)
  const path = /^\/docs\/(?!adr\/)(.+\.md)$/.exec(pathname)?.[1]
  return protocol === 'https:' && host === 'mercat.invalid' && path !== undefined ? { item: `mercat/${path}${hash}` } : undefined
}
