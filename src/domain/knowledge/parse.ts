/** Reads a file as a document. Pure: what the file says is text, nothing of it is run, fetched or believed. */
import { derivedId } from '../../core/ids.ts'
import { type Document, type DocumentFile, limits } from './document.ts'
import { htmlToMarkdown, TooDeep } from './html.ts'
import { splitMarkdown } from './markdown.ts'

/** Raised when the same file would give other sections: then files are read anew though they have not changed. */
export const readingVersion = 1

/** The document, or why the file is none. */
export function parseDocument(accountId: string, source: string, { path, text }: DocumentFile): Document | { readonly refused: string } {
  if (Buffer.byteLength(text) > limits.file) return { refused: `larger than ${limits.file >> 20} MB` }
  if (path.length > limits.name) return { refused: `its path is longer than ${limits.name} characters` }
  try {
    const { title, sections } = splitMarkdown(...markdownOf(path, text))
    if (sections.every((section) => section.text.trim() === '')) return { refused: 'holds no text' }
    return { id: derivedId('document', accountId, source, path), source, path, title, sections }
  } catch (error) {
    if (error instanceof TooDeep) return { refused: error.message }
    throw error
  }
}

/** Markdown and the title it has when it names none itself. */
function markdownOf(path: string, text: string): [markdown: string, fallback: string] {
  const name =
    (path.split('/').at(-1) ?? path)
      .replace(/\.\w+$/, '')
      .replace(/[-_]+/g, ' ')
      .trim() || path
  if (/\.(md|markdown)$/i.test(path)) return [text, name]
  const { markdown, title } = htmlToMarkdown(text)
  return [markdown, title?.slice(0, limits.name) ?? name]
}
