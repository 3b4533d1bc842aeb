/** The documents of the demo: a fictional brand's rules, from examples/docs. Given once; whoever removes them has removed them. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addDocuments, hasHadDocuments } from '../../domain/knowledge/index.ts'
import type { Stores } from '../../domain/index.ts'

const folder = fileURLToPath(new URL('../../../examples/docs/', import.meta.url))

export async function addDemoDocuments(stores: Stores, accountId: string): Promise<void> {
  if (await hasHadDocuments(stores, accountId)) return
  const names = (await readdir(folder)).sort()
  await addDocuments(stores, accountId, 'handbook', await Promise.all(names.map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') }))))
}
