/** What a reader would read in a message's HTML, as plain blocks. The markup is parsed into a document that runs and loads nothing, and only its text is taken. */

export interface MailRun {
  readonly text: string
  /** Where a link leads, as written: shown, never followed. */
  readonly href?: string
}
export interface MailBlock {
  readonly kind: 'heading' | 'item' | 'text' | 'image'
  readonly runs: readonly MailRun[]
}

/** Blocks that are shown; a longer message says that it goes on. */
const mostBlocks = 300

const apart =
  'address,article,aside,blockquote,body,center,dd,details,div,dl,dt,figcaption,figure,footer,h1,h2,h3,h4,h5,h6,header,hr,li,main,nav,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul'
const silent = 'script,style,template,head,noscript,iframe,object,svg,math,select,textarea,[hidden]'

export const isHtml = (content: string): boolean => /<[a-z!/]/i.test(content)

export function mailText(html: string): { readonly blocks: readonly MailBlock[]; readonly more: boolean } {
  const body = new DOMParser().parseFromString(html, 'text/html').body
  const blocks: MailBlock[] = []
  let runs: MailRun[] = []
  let place: Element | null = null
  const flush = () => {
    const said = runs.map(({ text, ...rest }) => ({ ...rest, text: text.replace(/\s+/g, ' ') }))
    if (said.some(({ text }) => text.trim() !== '')) blocks.push({ kind: kindOf(place), runs: said })
    runs = []
  }
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  for (let node = walker.nextNode(); node !== null && blocks.length < mostBlocks; node = walker.nextNode()) {
    const parent = node.parentElement
    if (parent === null || parent.closest(silent)) continue
    if (node instanceof Element) {
      if (/^(br|img)$/i.test(node.tagName)) flush()
      const alt = /^img$/i.test(node.tagName) ? node.getAttribute('alt')?.trim() : undefined
      if (alt) blocks.push({ kind: 'image', runs: [{ text: alt }] })
      continue
    }
    const block: Element | null = parent.closest(apart)
    if (block !== place) flush()
    place = block
    const href = parent.closest('a')?.getAttribute('href')?.trim()
    runs.push({ text: node.nodeValue ?? '', ...(href ? { href } : {}) })
  }
  const more = blocks.length >= mostBlocks
  if (!more) flush()
  return { blocks, more }
}

function kindOf(place: Element | null): MailBlock['kind'] {
  if (place && /^h[1-6]$/i.test(place.tagName)) return 'heading'
  return place?.closest('li') ? 'item' : 'text'
}
