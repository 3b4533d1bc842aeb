/** Brings a folder's documents into an account, and takes them out again. Reads no files: whoever calls has read them. */
import { sha256 } from '../../core/hash.ts'
import { MercatError } from '../../core/errors.ts'
import type { Stores } from '../stores.ts'
import { type DocumentFile, limits, ownSource } from './document.ts'
import { type DocumentChange, listStored, type StoredDocument, versionOf, writeDocuments } from './documents-repository.ts'
import { parseDocument, readingVersion } from './parse.ts'

/** What became of a folder's files, by path. */
export interface AddResult {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly unchanged: number
  /** No longer in the folder, and so no longer in the account. */
  readonly removed: readonly string[]
  /** Files that are no documents, and why; what was stored of them before stays. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[]
  readonly sections: number
}

/** Documents written in one transaction: the store is not held for long. */
const batch = 50

/**
 * Makes the account's documents of this source those of the files: new and changed ones are stored, the others of the source go.
 * @param source the name of the folder; a later call with the same name replaces what this one stored
 * @param files all of the folder that could be read; `unread` are paths of the others, of files or of whole folders: what is stored of them stays. Throws before anything is stored: `too_large` when the account would exceed its limits, `conflict` when the source
 * holds documents of which none is among the files, so that another folder of the same name does not take its place by mistake.
 */
export async function addDocuments(
  stores: Pick<Stores, 'db' | 'clock'>,
  accountId: string,
  source: string,
  files: readonly DocumentFile[],
  options: { readonly unread?: readonly string[]; readonly signal?: AbortSignal; readonly onProgress?: (done: number, of: number) => void } = {},
): Promise<AddResult> {
  const { db, clock } = stores
  checkName(source)
  const all = await listStored(db, accountId)
  const stored = new Map(all.filter((document) => document.source === source).map((document) => [document.path, document]))
  const unread = [...stored.values()].filter(({ path }) => options.unread?.some((one) => path === one || path.startsWith(`${one}/`)))
  if (stored.size > 0 && unread.length === 0 && !files.some(({ path }) => stored.has(path)))
    throw new MercatError('conflict', `None of the ${stored.size} documents of ${JSON.stringify(source)} is in this folder`, {
      hint: 'If it is another folder, give it another name; if it takes the place of the first, remove that one before.',
    })
  checkRoom([...all.filter((document) => document.source !== source), ...unread], files)

  const result = { added: [] as string[], changed: [] as string[], unchanged: 0, removed: [] as string[], refused: [] as { path: string; reason: string }[], sections: 0 }
  const kept = new Set(unread.map(({ id }) => id))
  let changes: DocumentChange[] = []
  const write = async () => {
    await writeDocuments(db, accountId, clock(), changes, [])
    changes = []
  }
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted()
    options.onProgress?.(index, files.length)
    const hash = sha256(`${readingVersion}\n${file.text}`)
    const before = stored.get(file.path)
    if (before?.hash === hash) {
      kept.add(before.id)
      result.unchanged++
      continue
    }
    const document = parseDocument(accountId, source, file)
    if ('refused' in document) {
      result.refused.push({ path: file.path, reason: document.refused })
      if (before) kept.add(before.id)
      continue
    }
    kept.add(document.id)
    result.sections += document.sections.length
    result[before ? 'changed' : 'added'].push(file.path)
    changes.push({ document, hash, bytes: document.sections.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) })
    if (changes.length >= batch) await write()
  }
  await write()
  const gone = [...stored.values()].filter(({ id }) => !kept.has(id))
  await removeAll(stores, accountId, gone)
  result.removed.push(...gone.map(({ path }) => path))
  options.onProgress?.(files.length, files.length)
  return result
}

/** Takes a folder's documents out of the account. Throws `unknown_value` when it has none of this name. @returns how many */
export async function removeDocuments(stores: Pick<Stores, 'db' | 'clock'>, accountId: string, source: string): Promise<number> {
  const all = await listStored(stores.db, accountId)
  const gone = all.filter((document) => document.source === source)
  if (gone.length === 0) {
    const names = [...new Set(all.map((document) => document.source))]
    throw new MercatError(
      'unknown_value',
      `The account has no documents of ${JSON.stringify(source)}`,
      names.length ? { allowed: names.slice(0, 20) } : { hint: 'It has no documents at all.' },
    )
  }
  await removeAll(stores, accountId, gone)
  return gone.length
}

/** A folder of documents, as an account has it. */
export interface DocumentSource {
  readonly source: string
  readonly documents: number
  readonly bytes: number
  /** When the last of them was stored. */
  readonly updatedAt: Date
}

/** The folders an account has documents of, by name. */
export async function listSources({ db }: Pick<Stores, 'db'>, accountId: string): Promise<DocumentSource[]> {
  const sources = new Map<string, DocumentSource>()
  for (const { source, bytes, updatedAt } of await listStored(db, accountId)) {
    const so = sources.get(source) ?? { source, documents: 0, bytes: 0, updatedAt }
    sources.set(source, { source, documents: so.documents + 1, bytes: so.bytes + bytes, updatedAt: new Date(Math.max(Number(updatedAt), Number(so.updatedAt))) })
  }
  return [...sources.values()]
}

/** Whether documents were ever added to the account, though they may all have been removed. */
export async function hasHadDocuments({ db }: Pick<Stores, 'db'>, accountId: string): Promise<boolean> {
  return (await versionOf(db, accountId)) > 0
}

async function removeAll({ db, clock }: Pick<Stores, 'db' | 'clock'>, accountId: string, gone: readonly StoredDocument[]): Promise<void> {
  for (let at = 0; at < gone.length; at += 500)
    await writeDocuments(
      db,
      accountId,
      clock(),
      [],
      gone.slice(at, at + 500).map(({ id }) => id),
    )
}

/** The name stands in links and citations. */
function checkName(source: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u.test(source))
    throw new MercatError('invalid_arguments', `${JSON.stringify(source.slice(0, 80))} cannot be the name of a folder of documents`, {
      hint: 'A name has 1 to 60 letters, digits, spaces, dots, hyphens or underscores, and begins with a letter or digit.',
    })
  if (source.toLowerCase() === ownSource)
    throw new MercatError('invalid_arguments', `${JSON.stringify(source)} is the name of Mercat’s own documentation`, { hint: 'Give the folder another name.' })
}

/** An account's index is held in memory: what it may hold is bounded, whatever the folders. */
function checkRoom(others: readonly StoredDocument[], files: readonly DocumentFile[]): void {
  const count = others.length + files.length
  if (count > limits.documents)
    throw new MercatError('too_large', `The account would have ${count} documents; at most ${limits.documents} are allowed`, { hint: 'Add fewer folders.' })
  const bytes = others.reduce((sum, document) => sum + document.bytes, 0) + files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes > limits.account)
    throw new MercatError('too_large', `The documents of the account would have ${Math.ceil(bytes / (1 << 20))} MB of text; at most ${limits.account >> 20} MB are allowed`, {
      hint: 'Add fewer folders.',
    })
}
