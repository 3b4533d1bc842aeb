/** Documentation that matches the tree: every link, every file and npm script it names, and every document that the code names, exists. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = tracked.filter((path) => path.endsWith('.md'))

test.each(documents)('%s links to what exists', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
  const broken = links.filter((link) => !/^(https?:|mailto:)/.test(link) && !existsSync(join(root, dirname(path), link)))
  expect(broken).toEqual([])
})

test.each(documents)('%s names npm scripts that exist', (path) => {
  const named = [...read(path).matchAll(/npm run ([a-z][\w-]*)/g)].map(([, name = '']) => name)
  expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([])
})

test('every document that the code names exists', () => {
  const sources = tracked.filter((path) => /\.(ts|mjs|sql|ya?ml|json)$/.test(path) && !path.endsWith('package-lock.json') && !path.startsWith('test/gates/'))
  const missing = sources.flatMap((path) =>
    [...read(path).matchAll(/\bdocs\/[\w/-]+\.(?:md|json)\b/g)].filter(([name]) => !existsSync(join(root, name))).map(([name]) => `${path}: ${name}`),
  )
  expect(missing).toEqual([])
})

test('every dependency has its line in docs/dependencies.md, and no line is left over', () => {
  const { dependencies, devDependencies, optionalDependencies } = packageJson
  const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter((name) => !name.startsWith('@types/'))
  const listed = [...read('docs/dependencies.md').matchAll(/^\| ([^|]+) \|/gm)]
    .flatMap(([, cell = '']) => cell.split(','))
    .map((name) => name.replace('(optional)', '').trim())
    .filter((name) => !['package', '@types/*'].includes(name) && !name.startsWith('--'))
  expect(listed.sort()).toEqual(used.sort())
})
