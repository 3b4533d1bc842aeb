/** The knowledge service: searches Mercat's documentation and the account's documents, and opens what was found. Bound to a principal; never writes. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { nearNames } from '../../core/match.ts'
import { decodeCursor, encodeCursor, pageAt } from '../../core/page.ts'
import { clip, nearest } from '../../core/text.ts'
import type { Stores } from '../stores.ts'
import { cleanEnd, type DocList, type DocPage, type GetDocInput, type ListDocsInput, type Passages, questionOf, type SearchDocsInput } from './answer.ts'
import { citation, type Document, linkOf, ownSource, type Section } from './document.ts'
import { findDocument, listStored, versionOf } from './documents-repository.ts'
import { createIndexes } from './indexes.ts'
import { ownDocuments } from './own.ts'
import type { SearchIndex } from './search-index.ts'

/** Documents are the account's: every member who may use Mercat through an assistant sees all of them, whatever else they are restricted to. */
export interface KnowledgeService {
  /** Throws `invalid_cursor` when the documents have changed since the first page. */
  readonly search: (input: SearchDocsInput) => Promise<Passages>
  /** Throws `not_found` for an unknown document or section, and in the same words for another account's. */
  readonly get: (input: GetDocInput) => Promise<DocPage>
  /** The account's documents by source and path, then Mercat's own. Throws `invalid_cursor` when they have changed since the first page. */
  readonly list: (input: ListDocsInput) => Promise<DocList>
}

const usualPassages = 6
const usualDocuments = 50
const idForm = /^doc_[0-9a-z]+$/
/** Characters of a page before the pipeline cuts it to its budget: about as many as that holds of English. */
const longestPage = 24_000

export function createKnowledge(stores: Stores): (principal: Principal) => KnowledgeService {
  const indexes = createIndexes(stores.db)
  return (principal) => ({
    search: async (input) => {
      return await indexes.use(principal.account.id, (index, version) => answerSearch(index, version, input))
    },
    get: async ({ id, cursor }) => {
      const [documentId = '', anchor] = id.split('#', 2)
      const document = documentId.startsWith(`${ownSource}/`)
        ? (await ownDocuments()).find((own) => own.id === documentId)
        : idForm.test(documentId)
          ? await findDocument(stores.db, principal.account.id, documentId)
          : undefined
      if (!document) throw await unknownDocument(id)
      return pageOf(document, anchor, cursor)
    },
    list: async (input) => {
      return await listAll(stores, principal.account.id, input)
    },
  })
}

function answerSearch(index: SearchIndex, version: number, input: SearchDocsInput): Passages {
  const question = questionOf(input)
  const edition = String(version)
  const from = positionIn(input.cursor, question, edition)
  const { hits, of } = index.search(input.query, input.source, from, input.limit ?? usualPassages)
  return {
    ...question,
    passages: hits.map(({ document, anchor, heading, trail, snippet }) => ({
      id: citation(document.id, anchor),
      title: document.title,
      section: [...trail, heading].join(' › '),
      source: kindOf(document),
      link: linkOf(document, anchor),
      snippet,
    })),
    nearest: of === 0 ? nearNames(input.query, index.headings()) : [],
    ...pageAt(from, hits.length, of, question, edition),
    edition,
  }
}

const kindOf = ({ source }: Pick<Document, 'source'>): 'mercat' | 'account' => (source === ownSource ? 'mercat' : 'account')

async function listAll({ db }: Stores, accountId: string, { cursor, limit = usualDocuments }: ListDocsInput): Promise<DocList> {
  const edition = String(await versionOf(db, accountId))
  const question = { list: 'documents' }
  const from = positionIn(cursor, question, edition)
  const stored = (await listStored(db, accountId)).map((document) => ({ ...document, updatedAt: document.updatedAt.toISOString() }))
  const own = (await ownDocuments()).map((document) => ({ ...document, updatedAt: null }))
  const all = [...stored, ...own]
  const shown = all.slice(from, from + limit)
  return {
    documents: shown.map((document) => ({ id: document.id, title: document.title, source: kindOf(document), link: linkOf(document), updatedAt: document.updatedAt })),
    ...pageAt(from, shown.length, all.length, question, edition),
  }
}

/** Where the page begins. Throws when what is paged through is no longer what it was. */
function positionIn(cursor: string | undefined, question: unknown, edition: string): number {
  if (cursor === undefined) return 0
  const { position, asOf } = decodeCursor(cursor, question)
  if (typeof position === 'number' && asOf === edition) return position
  throw new MercatError('invalid_cursor', 'The documents have changed since the first page', { argument: 'cursor', hint: 'Leave cursor out to start again.' })
}

function pageOf(document: Document & { readonly hash?: string }, anchor: string | undefined, cursor: string | undefined): DocPage {
  const found = anchor === undefined ? document.sections : withBelow(document.sections, anchor)
  const [first] = found
  const id = citation(document.id, anchor)
  if (!first) throw unknownSection(document, id, anchor ?? '')
  const whole = found.map(({ text }) => text).join('')
  const edition = (document.hash ?? sha256(whole)).slice(0, 8)
  const from = Math.min(positionIn(cursor, { id }, edition), whole.length)
  const end = from + cleanEnd(whole.slice(from), longestPage)
  return {
    id,
    title: document.title,
    section: anchor === undefined ? null : [...first.trail, first.heading].join(' › '),
    source: kindOf(document),
    link: linkOf(document, anchor),
    text: whole.slice(from, end),
    coverage: { from: from + 1, shown: end - from, of: whole.length },
    nextCursor: end < whole.length ? encodeCursor(end, { id }, edition) : null,
    edition,
  }
}

/** The section and those below it, up to the next heading of its level. */
function withBelow(sections: readonly Section[], anchor: string): readonly Section[] {
  const start = sections.findIndex((section) => section.anchor === anchor)
  const level = sections[start]?.level
  if (level === undefined) return []
  const length = level === 0 ? 1 : sections.slice(start + 1).findIndex((section) => section.level <= level) + 1
  return sections.slice(start, length > 0 ? start + length : undefined)
}

async function unknownDocument(id: string): Promise<MercatError> {
  const own = (await ownDocuments()).map((document) => document.id)
  return new MercatError('not_found', `No document has the id ${JSON.stringify(clip(id, 100))}`, {
    argument: 'id',
    value: clip(id, 100),
    ...(id.startsWith(`${ownSource}/`) ? { nearest: nearest(clip(id.split('#', 1)[0] ?? '', 100), own) } : {}),
    hint: 'Send an id as search_docs gave it; documents that were removed have none.',
  })
}

function unknownSection(document: Document, id: string, anchor: string): MercatError {
  const anchors = document.sections.map((section) => citation(document.id, section.anchor))
  return new MercatError('not_found', `The document ${document.id} has no section ${JSON.stringify(clip(anchor, 100))}`, {
    argument: 'id',
    value: clip(id, 100),
    nearest: nearest(clip(id, 200), anchors),
    hint: 'Send an id as search_docs gave it, or the part before # for the whole document.',
  })
}
