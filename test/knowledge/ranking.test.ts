/** How well search_docs ranks, on a public collection with judged answers: documents added, stored, indexed and asked as an account's are. */
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addDocuments, createKnowledge } from '../../src/domain/knowledge/index.ts'
import { ndcg10, readScifact } from '../fixtures/scifact.ts'
import { realData } from '../ingest/support.ts'
import { makeAccount, openTestOperational, principalOf } from '../stores.ts'

const corpus = realData('scifact/corpus.jsonl.gz')

test.runIf(corpus)('nDCG@10 over the 300 claims of SciFact is at least 0.69', async () => {
  const { files, queries } = readScifact(dirname(corpus ?? ''))
  expect([files.length, queries.length]).toEqual([5183, 300])
  const stores = await openTestOperational()
  onTestFinished(stores.close)
  const account = await makeAccount(stores.db)
  const added = await addDocuments(stores, account.id, 'scifact', files)
  expect(added).toMatchObject({ unchanged: 0, removed: [], refused: [], sections: 5183 })
  expect(added.added).toHaveLength(5183)

  const knowledge = createKnowledge(stores)(principalOf(account))
  let sum = 0
  for (const { text, relevant } of queries) {
    const { passages } = await knowledge.search({ query: text, source: 'account', limit: 10 })
    sum += ndcg10(
      passages.map(({ link }) => /\/(\d+)\.md/.exec(link)?.[1] ?? ''),
      relevant,
    )
  }
  const ndcg = sum / queries.length
  console.log(`nDCG@10 on SciFact: ${ndcg.toFixed(4)}`)
  expect(ndcg).toBeGreaterThanOrEqual(0.69)
})
