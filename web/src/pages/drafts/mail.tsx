/** The HTML of a message as plain parts: its text, lists and emphasis, made anew from a short list of elements. Nothing of the original reaches the page: no attribute, no style, no script, no image, no link that leads anywhere. */
import type { ReactNode } from 'react'
import classes from './message.module.css'

/** More is not drawn: a preview is to be looked at. */
const mostNodes = 2_000
const mostDepth = 30
const longest = 50_000

const skipped = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT', 'SVG', 'MATH', 'IFRAME', 'OBJECT', 'EMBED', 'AUDIO', 'VIDEO', 'SELECT', 'TEXTAREA', 'INPUT'])
const blocks = new Set('ADDRESS ARTICLE ASIDE BLOCKQUOTE CENTER DD DIV DL DT FIELDSET FIGURE FOOTER FORM HEADER MAIN NAV P PRE SECTION TABLE TBODY TD TFOOT TH THEAD TR'.split(' '))
const kept: Readonly<Record<string, 'b' | 'i' | 'u' | 'ul' | 'ol' | 'li'>> = { B: 'b', STRONG: 'b', I: 'i', EM: 'i', U: 'u', UL: 'ul', OL: 'ol', LI: 'li' }

export const looksLikeHtml = (content: string): boolean => /<[a-z!/][^>]*>/i.test(content)

/** A tag with what is quoted in it; bounded, so that no text makes it slow. */
const tag = /<[a-z](?:"[^"]{0,2000}"|'[^']{0,2000}'|[^>"']){0,2000}>/gi

function documentOf(content: string): Document {
  // An inert document loads and runs nothing. The page's policy complains of styles and handlers even there: they are taken out of the tags first.
  const bare = content
    .slice(0, longest)
    .replace(/<style[\s\S]*?(<\/style>|$)/gi, '')
    .replace(tag, (whole) => whole.replace(/([\s"'/])(?:style|on\w+)\s*=/gi, '$1data-none='))
  return new DOMParser().parseFromString(bare, 'text/html')
}

/** Its text alone, for channels that know nothing else. */
export function textIn(content: string): string {
  if (!looksLikeHtml(content)) return content
  const { body } = documentOf(content)
  for (const element of body.querySelectorAll('script, style, template, noscript')) element.remove()
  return (body.textContent ?? '').replace(/[ \t]+/g, ' ').trim()
}

export function mailOf(content: string): ReactNode {
  if (!looksLikeHtml(content)) return <div className={classes.plain}>{content}</div>
  const left = { nodes: mostNodes }
  const parts = childrenOf(documentOf(content).body, left, 0)
  return (
    <>
      {parts}
      {left.nodes < 0 || content.length > longest ? <div className={classes.note}>… and more: this is its beginning.</div> : null}
    </>
  )
}

function childrenOf(node: Node, left: { nodes: number }, depth: number): ReactNode[] {
  const parts: ReactNode[] = []
  for (const child of node.childNodes) {
    if (left.nodes < 0) break
    left.nodes -= 1
    parts.push(partOf(child, left, depth, parts.length))
  }
  return parts
}

function partOf(node: Node, left: { nodes: number }, depth: number, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (!(node instanceof Element)) return null
  const name = node.tagName.toUpperCase()
  if (skipped.has(name)) return null
  if (depth > mostDepth) return node.textContent
  if (name === 'BR') return <br key={key} />
  if (name === 'HR') return <hr key={key} className={classes.rule} />
  if (name === 'IMG') return <ImageOf key={key} alt={node.getAttribute('alt')} />
  const inner = childrenOf(node, left, depth + 1)
  const Kept = kept[name]
  if (Kept) return <Kept key={key}>{inner}</Kept>
  return wrapped(name, inner, key)
}

const inline: Readonly<Record<string, string | undefined>> = { A: classes.link, BUTTON: classes.button }

function wrapped(name: string, inner: ReactNode[], key: number): ReactNode {
  // No headings and no links: they would be some of the page around.
  if (Object.hasOwn(inline, name)) {
    return (
      <span key={key} className={inline[name]}>
        {inner}
      </span>
    )
  }
  const level = /^H([1-6])$/.exec(name)?.[1]
  if (level === undefined && !blocks.has(name)) return <span key={key}>{inner}</span>
  return (
    <div key={key} className={level === undefined ? classes.block : classes.heading} data-level={level}>
      {inner}
    </div>
  )
}

function ImageOf({ alt }: { alt: string | null }) {
  return <span className={classes.image}>{alt ? `Image: ${alt.slice(0, 200)}` : 'Image'}</span>
}
