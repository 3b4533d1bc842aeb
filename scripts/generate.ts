/** `npm run generate`: writes everything in the tree that is made from something else; with --check it writes nothing and fails on a difference. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { indexFiles, type GeneratedFile } from './indexes.ts'
import { wallFiles } from './walls.ts'

const root = resolve(import.meta.dirname, '..')
const check = process.argv.includes('--check')
const stale: string[] = []

// The indexes come first: the documents are made from modules that import them.
await settle([...(await indexFiles(root)), ...(await wallFiles(root))])
const { documents } = await import('./documents.ts')
await settle(documents())

if (check && stale.length) {
  console.error(`Out of date: ${stale.join(', ')}. Run \`npm run generate\` and commit the result.`)
  process.exitCode = 1
} else if (!check) {
  console.log(stale.length ? `Wrote ${stale.join(', ')}` : 'Everything generated is up to date')
}

/** Writes (or, with --check, remembers) the files whose text is not what it should be. */
async function settle(files: GeneratedFile[]): Promise<void> {
  for (const { path, text } of files) {
    const current = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (current === text) continue
    stale.push(path)
    if (check) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
