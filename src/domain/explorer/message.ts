/** What a reader would read in a message's HTML, as plain blocks: nothing of the markup is kept, run or fetched. Pure. */
import { Parser } from 'htmlparser2'

export interface MessageRun {
  readonly text: string
  /** Where a link leads, as it is written: to be shown, not followed. */
  readonly href?: string
}
export interface MessageBlock {
  /** Of an image: what it is said to show. */
  readonly kind: 'heading' | 'item' | 'text' | 'image'
  readonly runs: readonly MessageRun[]
}
export interface Message {
  readonly blocks: readonly MessageBlock[]
  /** There is more than the blocks say. */
  readonly more: boolean
}

const mostBlocks = 300
const longestHref = 2000
/** The parser's time grows with the square of the depth; what no mail nests as deep is left unread. */
const deepest = 500

const apart = new Set(
  'address article aside blockquote body br center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr img li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
)
const silent = new Set('script style template head title noscript iframe object embed svg math select textarea audio video canvas map'.split(' '))
const isHeading = (name: string) => /^h[1-6]$/.test(name)

/** @returns undefined for what has no markup: it is its own text */
export function readMessage(content: string): Message | undefined {
  if (!/<[a-z!/]/i.test(content)) return undefined
  const writer = createWriter()
  let [depth, silence] = [0, 0]
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth++
      if (depth > deepest || writer.full()) return parser.reset()
      if (silence > 0 || silent.has(name) || 'hidden' in attributes || /display\s*:\s*none/i.test(attributes.style ?? '')) silence++
      else writer.open(name, attributes)
    },
    onclosetag: (name) => {
      depth--
      if (silence > 0) silence--
      else writer.close(name)
    },
    ontext: (text) => {
      if (silence === 0) writer.text(text)
    },
  })
  parser.write(content)
  const more = depth > deepest || writer.full()
  if (!more) parser.end()
  return { blocks: writer.blocks(), more }
}

function createWriter() {
  const blocks: MessageBlock[] = []
  const links: (string | undefined)[] = []
  let runs: MessageRun[] = []
  let [headings, items] = [0, 0]

  const flush = () => {
    const said = runs.map((run) => ({ ...run, text: run.text.replace(/\s+/g, ' ') }))
    runs = []
    if (said.some(({ text }) => text.trim() !== '')) blocks.push({ kind: headings > 0 ? 'heading' : items > 0 ? 'item' : 'text', runs: said })
  }
  const count = (name: string, change: 1 | -1) => {
    if (isHeading(name)) headings += change
    if (name === 'li') items += change
  }
  return {
    open: (name: string, attributes: Readonly<Record<string, string>>) => {
      if (apart.has(name)) flush()
      count(name, 1)
      if (name === 'a') links.push(attributes.href?.trim().slice(0, longestHref) || undefined)
      const alt = name === 'img' ? attributes.alt?.trim() : undefined
      if (alt) blocks.push({ kind: 'image', runs: [{ text: alt }] })
    },
    close: (name: string) => {
      if (apart.has(name)) flush()
      count(name, -1)
      if (name === 'a') links.pop()
    },
    text: (text: string) => {
      const href = links.at(-1)
      const last = runs.at(-1)
      // Entities come as texts of their own.
      if (last && last.href === href) runs[runs.length - 1] = { ...last, text: last.text + text }
      else runs.push({ text, ...(href === undefined ? {} : { href }) })
    },
    full: () => blocks.length >= mostBlocks,
    blocks: () => {
      flush()
      return blocks.slice(0, mostBlocks)
    },
  }
}
