/** Mercat's own documentation: the Markdown files that come with it, read once. The same for every account. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Document, ownSource } from './document.ts'
import { splitMarkdown } from './markdown.ts'

const folder = fileURLToPath(new URL('../../../docs/', import.meta.url))
/** What people read; decisions about the code (docs/adr) are not of the product. */
const parts = ['', 'generated/']

let documents: Promise<readonly Document[]> | undefined

/** All of them, by path. */
export function ownDocuments(): Promise<readonly Document[]> {
  documents ??= read()
  return documents
}

async function read(): Promise<Document[]> {
  const paths = (
    await Promise.all(
      parts.map(async (part) =>
        (
          await readdir(join(folder, part))
        )
          .filter((name) => name.endsWith('.md'))
          .sort()
          .map((name) => part + name),
      ),
    )
  ).flat()
  return await Promise.all(paths.map(async (path) => ({ id: `${ownSource}/${path}`, source: ownSource, path, ...splitMarkdown(await readFile(join(folder, path), 'utf8'), path) })))
}
