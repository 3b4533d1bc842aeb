/** Finds and reads the documents of a folder for `mercat docs add`. Stays within the folder: links are not followed. Parses nothing. */
import { constants } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { MercatError } from '../core/errors.ts'
import { type DocumentFile, documentLimits, documentPath } from '../domain/knowledge/index.ts'

const deepest = 32
const text = new TextDecoder('utf-8', { fatal: true })

export interface FolderContent {
  readonly files: readonly DocumentFile[]
  /** What looked like a document and is not taken, and why. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[]
}

/** All Markdown and HTML files under the folder, by path. Names that begin with a dot are passed over. Throws `not_found` for what is no folder, `too_large` for more than an account may hold. */
export async function readFolder(folder: string, signal: AbortSignal): Promise<FolderContent> {
  const root = await realpath(folder).catch(() => folder)
  const paths: string[] = []
  const refused: { path: string; reason: string }[] = []
  const walk = async (at: string, depth: number): Promise<void> => {
    signal.throwIfAborted()
    const entries = await readdir(at, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (depth === 0) throw new MercatError('not_found', `${folder} is not a folder that can be read (${error.code ?? 'unknown reason'})`)
      refused.push({ path: nameOf(at), reason: `cannot be read (${error.code ?? 'unknown reason'})` })
      return []
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(at, entry.name)
      if (entry.isDirectory()) {
        if (depth < deepest) await walk(path, depth + 1)
        else refused.push({ path: nameOf(path), reason: `lies deeper than ${deepest} folders` })
      } else if (documentPath.test(entry.name)) {
        // What a link within the folder leads to is found under its own name.
        if (entry.isFile()) paths.push(path)
        else refused.push({ path: nameOf(path), reason: entry.isSymbolicLink() ? 'is a link; links are not followed' : 'is not a file' })
      }
      if (paths.length > documentLimits.documents)
        throw new MercatError('too_large', `${folder} holds more than ${documentLimits.documents} documents`, { hint: 'Add the folders within it that matter, one by one.' })
    }
  }
  const nameOf = (path: string) => relative(root, path).split(sep).join('/')
  await walk(root, 0)

  const files: DocumentFile[] = []
  let bytes = 0
  for (const path of paths) {
    signal.throwIfAborted()
    const content = await readDocument(path)
    if (typeof content === 'string') {
      refused.push({ path: nameOf(path), reason: content })
      continue
    }
    bytes += content.bytes
    if (bytes > documentLimits.account)
      throw new MercatError('too_large', `${folder} holds more than ${documentLimits.account >> 20} MB of documents`, {
        hint: 'Add the folders within it that matter, one by one.',
      })
    files.push({ path: nameOf(path), text: content.text })
  }
  return { files, refused }
}

/** The text of a file, or why it is not taken. What the name leads to is looked at once it is open, so that nothing can be put in its place meanwhile. */
async function readDocument(path: string): Promise<{ text: string; bytes: number } | string> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const { size } = await file.stat()
    if (size > documentLimits.file) return `is larger than ${documentLimits.file >> 20} MB`
    const bytes = await file.readFile()
    if (bytes.length > documentLimits.file) return `is larger than ${documentLimits.file >> 20} MB`
    return { text: text.decode(bytes), bytes: bytes.length }
  } catch (error) {
    if (error instanceof TypeError) return 'is not text in UTF-8'
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`
  }
}
