/** What a document is once it is read: a title and sections, in Markdown. Pure; knows no store. */

/** A piece of a document from one heading to the next. */
export interface Section {
  /** Names the section within its document, in links and citations. */
  readonly anchor: string
  /** 1–6; 0: what stands before the first heading. */
  readonly level: number
  /** Plain text. The document's title where the section has none. */
  readonly heading: string
  /** The headings above it, outermost first; the document's title, where it is none of them, begins the trail. */
  readonly trail: readonly string[]
  /** Markdown, its heading included. All texts of a document in order are the document. */
  readonly text: string
}

export interface Document {
  /** `doc_…`, or `mercat/<file>` for Mercat's own. */
  readonly id: string
  /** The name of the folder it came from; `mercat` for Mercat's own. */
  readonly source: string
  /** Within the folder, with /. */
  readonly path: string
  readonly title: string
  readonly sections: readonly Section[]
}

/** A file as it is given to Mercat. Its kind is told by its path: `.md`, `.markdown`, `.html` or `.htm`. */
export interface DocumentFile {
  /** Within the source, with /. */
  readonly path: string
  readonly text: string
}

/** What no account exceeds: its index is held in memory. */
export const limits = {
  /** Bytes of a file. */
  file: 1 << 20,
  documents: 10_000,
  /** Sections of a document: later headings are text of the last. */
  sections: 2_000,
  /** Bytes of all texts of an account together. */
  account: 32 << 20,
  /** Characters of a path, a title, a heading. */
  name: 300,
} as const

/** Paths of files that are documents. */
export const documentPath = /\.(md|markdown|html?)$/i

/** Where a person finds the section: a path of the project, or of the account's folder. */
export function linkOf(document: Pick<Document, 'source' | 'path'>, anchor?: string): string {
  const folder = document.source === ownSource ? 'docs' : document.source
  return `${folder}/${document.path}${anchor ? `#${anchor}` : ''}`
}

/** The source of Mercat's own documentation; no folder of an account may have this name. */
export const ownSource = 'mercat'

/** What get_doc opens: a document, or one section of it with those below it. */
export function citation(documentId: string, anchor?: string): string {
  return anchor ? `${documentId}#${anchor}` : documentId
}
