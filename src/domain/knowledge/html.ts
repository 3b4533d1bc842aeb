/** Turns HTML into Markdown: headings, paragraphs, lists, tables, code. Nothing is run or fetched; scripts, styles, hidden parts and navigation are left out. */
import { Parser } from 'htmlparser2'

/** Elements that hold nothing to read. */
const silent = new Set(
  'script style noscript template svg math canvas iframe object embed video audio map nav footer aside button select textarea input dialog head title'.split(' '),
)
const blocks = new Set(
  'address article blockquote body br center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
/** Blocks with an empty line around them. */
const apart = /^(p|pre|table|h[1-6])$/
/** Deeper than any page a person wrote; the parser's time grows with the square of the depth. */
const deepest = 500
const longestTitle = 1000

/** A page that nests deeper than any real one. */
export class TooDeep extends Error {}

/** @returns Markdown, and the text of `<title>`. Throws TooDeep. */
export function htmlToMarkdown(html: string): { markdown: string; title: string | undefined } {
  const writer = createWriter()
  let depth = 0
  /** How many silent elements we are in. */
  let silence = 0
  let inTitle = false
  let title: string | undefined
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (++depth > deepest) throw new TooDeep(`nests deeper than ${deepest} elements`)
      inTitle = name === 'title' && title === undefined
      if (silence > 0 || isSilent(name, attributes)) silence++
      else writer.open(name)
    },
    onclosetag: (name) => {
      depth--
      if (name === 'title') inTitle = false
      if (silence > 0) silence--
      else writer.close(name)
    },
    ontext: (text) => {
      if (inTitle) title = `${title ?? ''}${text}`.slice(0, longestTitle)
      if (silence === 0) writer.text(text)
    },
  })
  parser.write(html)
  parser.end()
  return { markdown: writer.end(), title: title?.replace(/\s+/g, ' ').trim() || undefined }
}

function isSilent(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return (
    silent.has(name) || 'hidden' in attributes || attributes['aria-hidden'] === 'true' || attributes.role === 'navigation' || /display\s*:\s*none/i.test(attributes.style ?? '')
  )
}

interface Writer {
  readonly open: (name: string) => void
  readonly close: (name: string) => void
  readonly text: (text: string) => void
  /** The Markdown of all that was written. */
  readonly end: () => string
}

function createWriter(): Writer {
  const lines: string[] = []
  let line = ''
  /** Of the block that begins with the next line. */
  let mark = ''
  /** How many `<pre>` we are in: their lines stay as they are. */
  let code = 0
  const lists: { readonly ordered: boolean; count: number }[] = []

  const endLine = () => {
    const text = code > 0 ? line : line.replace(/\s+/g, ' ').trim()
    line = ''
    if (text.trim() === '') return
    lines.push(code > 0 ? text : mark + escaped(text))
    mark = ''
  }
  const blank = () => {
    mark = ''
    if (lines.at(-1) !== '') lines.push('')
  }
  const markOfItem = () => {
    const list = lists.at(-1)
    if (list) list.count++
    return `${'  '.repeat(Math.max(0, Math.min(lists.length, 6) - 1))}${list?.ordered ? `${list.count}.` : '-'} `
  }

  return {
    open: (name) => {
      if (blocks.has(name)) endLine()
      if (apart.test(name)) blank()
      if (/^h[1-6]$/.test(name)) mark = `${'#'.repeat(Number(name[1]))} `
      else if (name === 'ul' || name === 'ol') lists.push({ ordered: name === 'ol', count: 0 })
      else if (name === 'li') mark = markOfItem()
      else if (name === 'blockquote') mark = '> '
      else if (name === 'td' || name === 'th') line += ' | '
      else if (name === 'pre' && code++ === 0) lines.push('```')
    },
    close: (name) => {
      if (blocks.has(name)) endLine()
      if (name === 'ul' || name === 'ol') lists.pop()
      else if (name === 'pre' && code > 0 && --code === 0) lines.push('```')
      if (apart.test(name)) blank()
    },
    text: (text) => {
      if (code === 0) {
        line += text
        return
      }
      // A fence within the code would end ours.
      const [first = '', ...rest] = text.replaceAll('```', "'''").split('\n')
      line += first
      for (const next of rest) {
        lines.push(line)
        line = next
      }
    },
    end: () => {
      endLine()
      if (code > 0) lines.push('```')
      return `${lines
        .join('\n')
        .replace(/\n{3,}/g, '\n\n')
        .trim()}\n`
    },
  }
}

/** What would be a mark of Markdown at the beginning of a line, and is only text. */
function escaped(text: string): string {
  return /^(#{1,6}(\s|$)|=+$|-+$|>|```|~~~|[-+*]\s)/.test(text) ? `\\${text}` : text
}
