/** The indexes a process holds, one for each account that asked: made when first needed, made anew when the account's documents have changed, the least used let go. */
import type { Db } from '../../storage/operational/schema.ts'
import { readSections, versionOf } from './documents-repository.ts'
import { ownDocuments } from './own.ts'
import { buildIndex, type IndexedSection, type SearchIndex } from './search-index.ts'

export interface Indexes {
  /**
   * Gives the account's index, with Mercat's own documentation in it, as the documents are now; making one takes about a second for 10,000 documents.
   * `use` must not wait: the index may be let go afterwards.
   */
  readonly use: <Result>(accountId: string, use: (index: SearchIndex, version: number) => Result) => Promise<Result>
}

/** Bytes of text in all indexes together; one that is larger is held alone. */
const mostBytes = 64 << 20

interface Held {
  readonly version: number
  readonly index: Promise<SearchIndex>
  bytes: number
}

/** @param db where the documents are */
export function createIndexes(db: Db): Indexes {
  // In the order of use, the least recent first. Accounts without documents share one, under the empty name.
  const held = new Map<string, Held>()

  const letGo = (name: string) => {
    const gone = held.get(name)
    held.delete(name)
    // After those who have it in hand.
    gone?.index.then(
      (index) => setImmediate(() => index.close()),
      () => {},
    )
  }

  const make = (name: string, version: number): Held => {
    const made: Held = { version, index: buildIndex(sectionsOf(db, name)), bytes: 0 }
    held.set(name, made)
    made.index.then(
      ({ bytes }) => {
        made.bytes = bytes
        let sum = [...held.values()].reduce((total, one) => total + one.bytes, 0)
        for (const [other, { bytes: freed }] of held) {
          if (sum <= mostBytes) break
          if (other === name) continue
          letGo(other)
          sum -= freed
        }
      },
      // Whoever waits hears of it; the next one tries again.
      () => void (held.get(name) === made && held.delete(name)),
    )
    return made
  }

  return {
    use: async (accountId, use) => {
      const version = await versionOf(db, accountId)
      const name = version === 0 ? '' : accountId
      let one = held.get(name)
      if (one && one.version < version) {
        letGo(name)
        one = undefined
      }
      if (one) {
        held.delete(name)
        held.set(name, one)
      }
      one ??= make(name, version)
      return use(await one.index, one.version)
    },
  }
}

async function* sectionsOf(db: Db, accountId: string): AsyncGenerator<readonly IndexedSection[]> {
  for (const { sections, ...document } of await ownDocuments()) yield sections.map((section) => ({ document, section }))
  if (accountId !== '') yield* readSections(db, accountId)
}
