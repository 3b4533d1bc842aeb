/** The full-text index of one set of documents: SQLite's FTS5 in memory, BM25 over Porter stems. A cache that can be made again at any time; knows no account. */
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { type Document, ownSource, type Section } from './document.ts'
import { snippetOf } from './snippet.ts'

/** A section as a hit shows it; its text stays in the index. */
export interface Hit {
  readonly document: Omit<Document, 'sections'>
  readonly anchor: string
  readonly heading: string
  readonly trail: readonly string[]
  /** Words around the match, on one line. */
  readonly snippet: string
}

export interface SearchIndex {
  /** The best sections first: those from `from` on, at most `count`, and how many there are in all, at most `mostHits`. Takes some milliseconds, without a pause. */
  readonly search: (query: string, source: 'mercat' | 'account' | undefined, from: number, count: number) => { readonly hits: readonly Hit[]; readonly of: number }
  /** Headings of all sections, each once. */
  readonly headings: () => string[]
  /** Bytes of the texts in it; it takes about twice as much memory. */
  readonly bytes: number
  readonly close: () => void
}

/** Further hits are not ranked: nobody reads them. */
export const mostHits = 100
/** Words of a query that count; the longest questions have about 30. */
const mostWords = 40
/** Rows inserted before others may run. */
const slice = 100

/** Weights of heading, trail and body in BM25, by nDCG@10 on SciFact and the questions about Mercat's own documentation (docs/knowledge.md, "Ranking"). */
const rank = 'bm25(0, 3, 1, 1)'

/** Words of questions that say nothing about what is asked. A query of nothing else is taken as it is. */
const stopWords = new Set(
  'a an and are as at be by can did do does for from had has have how i if in into is it its me my no not of on or our so such that the their them then there these they this to was we were what when where which who why will with work works you your'.split(
    ' ',
  ),
)

/** @param parts sections in any order, a few at a time; between them other work goes on */
export async function buildIndex(parts: AsyncIterable<readonly IndexedSection[]> | Iterable<readonly IndexedSection[]>): Promise<SearchIndex> {
  const database = new DatabaseSync(':memory:')
  // The rows of a hit: rowid is the place in this list, from 1.
  const entries: Omit<Hit, 'snippet'>[] = []
  let bytes = 0
  database.exec(`CREATE VIRTUAL TABLE sections USING fts5(own UNINDEXED, heading, trail, body, tokenize = 'porter unicode61 remove_diacritics 2')`)
  const insert = database.prepare('INSERT INTO sections (rowid, own, heading, trail, body) VALUES (?, ?, ?, ?, ?)')
  for await (const part of parts) {
    for (let at = 0; at < part.length; at += slice) {
      database.exec('BEGIN')
      for (const { document, section } of part.slice(at, at + slice)) {
        const body = bodyOf(section)
        // Nothing but headings below it: they are found themselves, with this one in their trail.
        if (body.trim() === '' && section.level > 0) continue
        entries.push({ document, anchor: section.anchor, heading: section.heading, trail: section.trail })
        insert.run(entries.length, document.source === ownSource ? 1 : 0, section.heading, section.trail.join(' '), body)
        bytes += Buffer.byteLength(body)
      }
      database.exec('COMMIT')
      await breathe()
    }
  }
  const matching = (where: string) => `FROM sections WHERE sections MATCH ? ${where}`
  const prepare = (where: string) => ({
    // In this form FTS5 sorts by itself, and reads the text of those rows only that it gives.
    page: database.prepare(`SELECT rowid AS id, body ${matching(`${where} AND rank MATCH '${rank}'`)} ORDER BY rank LIMIT ? OFFSET ?`),
    count: database.prepare(`SELECT count(*) AS of FROM (SELECT 1 ${matching(where)} LIMIT ${mostHits})`),
  })
  const statements = { all: prepare(''), mercat: prepare('AND own = 1'), account: prepare('AND own = 0') }
  return {
    search: (query, source, from, count) => {
      const asked = readQuery(query)
      if (asked === undefined) return { hits: [], of: 0 }
      const statement = statements[source ?? 'all']
      const hits = statement.page.all(asked.match, Math.max(0, Math.min(count, mostHits - from)), from).flatMap(({ id, body }): Hit[] => {
        const entry = entries[Number(id) - 1]
        return entry ? [{ ...entry, snippet: snippetOf(String(body), asked.words) }] : []
      })
      return { hits, of: Number(statement.count.get(asked.match)?.of ?? 0) }
    },
    headings: () => [...new Set(entries.map(({ heading }) => heading))],
    bytes,
    close: () => database.close(),
  }
}

export interface IndexedSection {
  readonly document: Omit<Document, 'sections'>
  readonly section: Section
}

/** The text below the heading, which has a column of its own. */
function bodyOf({ level, text }: Section): string {
  return level === 0 ? text : text.replace(/^\s*#{1,6}[^\n]*\n?|^[^\n]*\n {0,3}(?:=+|-+)[ \t]*(?:\n|$)/, '')
}

/**
 * Any of the words, and names made of several (`campaign_report`, `read:mcp`, `follow-up`) once more as a phrase, so that the name is worth more than its words.
 * Of a single word, twice in a row is how a heading like `Campaign (campaign)` begins: the section of that very name, among the many that speak of it.
 * Every term is quoted and holds letters and digits only: nothing of a query reaches FTS5 as syntax. undefined: there is no word in it.
 */
function readQuery(query: string): { match: string; words: readonly string[] } | undefined {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])].slice(0, mostWords)
  const telling = words.filter((word) => !stopWords.has(word))
  const names = (query.match(/[\p{L}\p{N}]+(?:[_:.-][\p{L}\p{N}]+)+/gu) ?? []).slice(0, mostWords)
  const kept = telling.length ? telling : words
  const terms = [...kept, ...names.map((name) => name.replace(/[_:.-]/g, ' ')), ...(kept.length === 1 ? [`${kept[0]} ${kept[0]}`] : [])]
  return terms.length ? { match: terms.map((term) => `"${term}"`).join(' OR '), words: kept } : undefined
}
