/** Documents of an account in the operational store. Every change raises the account's version in the same transaction. Decides nothing about who may read. */
import { MercatError } from '../../core/errors.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import type { Document, Section } from './document.ts'

/** A document as it is listed. */
export interface StoredDocument {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly title: string
  readonly hash: string
  readonly bytes: number
  readonly updatedAt: Date
}

/** What to put in place of what is stored. */
export interface DocumentChange {
  readonly document: Document
  readonly hash: string
  readonly bytes: number
}

/** The number of the account's present set of documents; 0: it never had any. */
export async function versionOf(db: DbOrTransaction, accountId: string): Promise<number> {
  const row = await db.selectFrom('document_sets').select('version').where('account_id', '=', accountId).executeTakeFirst()
  return row?.version ?? 0
}

/** All documents of the account without their text, by source and path. */
export async function listStored(db: DbOrTransaction, accountId: string): Promise<StoredDocument[]> {
  const rows = await db
    .selectFrom('documents')
    .select(['id', 'source', 'path', 'title', 'hash', 'bytes', 'updated_at'])
    .where('account_id', '=', accountId)
    .orderBy('source')
    .orderBy('path')
    .execute()
  return rows.map(({ updated_at, ...row }) => ({ ...row, updatedAt: updated_at }))
}

/** Puts the documents in place of those of the same ids, and removes the others named: all or nothing. */
export async function writeDocuments(db: Db, accountId: string, now: Date, put: readonly DocumentChange[], remove: readonly string[]): Promise<void> {
  const gone = [...put.map(({ document }) => document.id), ...remove]
  if (gone.length === 0) return
  await db.transaction().execute(async (transaction) => {
    await raiseVersion(transaction, accountId)
    await transaction.deleteFrom('documents').where('account_id', '=', accountId).where('id', 'in', gone).execute()
    for (const { document, hash, bytes } of put) {
      const { id, source, path, title, sections } = document
      await transaction.insertInto('documents').values({ account_id: accountId, id, source, path, title, hash, bytes, updated_at: now }).execute()
      for (let at = 0; at < sections.length; at += 200)
        await transaction
          .insertInto('document_sections')
          .values(sections.slice(at, at + 200).map((section, index) => ({ account_id: accountId, document_id: id, position: at + index, ...section, trail: [...section.trail] })))
          .execute()
    }
  })
}

/** First in the transaction: its row is the lock under which two commands change an account's documents one after the other. */
async function raiseVersion(transaction: DbOrTransaction, accountId: string): Promise<void> {
  const raised = await transaction
    .insertInto('document_sets')
    .columns(['account_id', 'version'])
    .expression((eb) =>
      eb
        .selectFrom('accounts')
        .select((select) => ['id', select.val(1).as('version')])
        .where('id', '=', accountId)
        .where('leaving_at', 'is', null),
    )
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet((eb) => ({ version: eb('document_sets.version', '+', 1) })))
    .executeTakeFirst()
  if (raised.numInsertedOrUpdatedRows === 0n) throw new MercatError('not_found', 'The account is gone, or is being deleted')
}

/** The document with its sections; undefined when the account has none of this id. */
export async function findDocument(db: DbOrTransaction, accountId: string, id: string): Promise<(Document & { readonly hash: string }) | undefined> {
  const row = await db.selectFrom('documents').select(['id', 'source', 'path', 'title', 'hash']).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const sections = await db
    .selectFrom('document_sections')
    .select(['anchor', 'level', 'heading', 'trail', 'text'])
    .where('account_id', '=', accountId)
    .where('document_id', '=', id)
    .orderBy('position')
    .execute()
  return { ...row, sections }
}

/** Every section of the account, by source and path, a few at a time: an index is made from them without holding the process or the store for long. */
export async function* readSections(db: Db, accountId: string): AsyncGenerator<{ document: Omit<Document, 'sections'>; section: Section }[]> {
  let after = { source: '', path: '', position: -1 }
  for (;;) {
    const rows = await db
      .selectFrom('document_sections as s')
      .innerJoin('documents as d', (join) => join.onRef('d.account_id', '=', 's.account_id').onRef('d.id', '=', 's.document_id'))
      .select(['d.id', 'd.source', 'd.path', 'd.title', 's.position', 's.anchor', 's.level', 's.heading', 's.trail', 's.text'])
      .where('d.account_id', '=', accountId)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('d.source', 'd.path', 's.position'), '>', tuple(after.source, after.path, after.position)))
      .orderBy('d.source')
      .orderBy('d.path')
      .orderBy('s.position')
      .limit(200)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    after = { source: last.source, path: last.path, position: last.position }
    yield rows.map(({ id, source, path, title, anchor, level, heading, trail, text }) => ({
      document: { id, source, path, title },
      section: { anchor, level, heading, trail, text },
    }))
  }
}
