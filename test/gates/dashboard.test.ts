/** Proves the gates of the dashboard's build: no code of the server gets into it, it is built when its sources change and only then, and by one process at a time. */
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onlyTypesOfServer } from '../../web/vite.config.ts'

const root = resolve(import.meta.dirname, '../..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-dashboard-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

describe('only types of the server', () => {
  const access = () => relative(folder, join(root, 'src/core/access.ts'))
  const attempt = async (text: string) => {
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, text)
    await build({ configFile: false, root: folder, logLevel: 'silent', plugins: [onlyTypesOfServer], build: { write: false, lib: { entry, formats: ['es'] } } })
  }

  test.each([
    ['an import', () => `import { scopes } from '${access()}'\nconsole.log(scopes)`],
    ['a side effect', () => `import '${access()}'`],
    ['a re-export', () => `export { scopes } from '${access()}'`],
    ['a dynamic import', () => `export const given = import('${access()}')`],
    ['an absolute path', () => `import { scopes } from '${join(root, 'src/core/access.ts')}'\nconsole.log(scopes)`],
  ])('%s of code is refused', async (_, text) => {
    await expect(attempt(text())).rejects.toThrow('which may import only types from src')
  })

  test('a type passes', async () => {
    await attempt(`import type { Scope } from '${access()}'\nexport const scope: Scope = 'read:mcp'`)
  })
})

describe('building', () => {
  let clone: string
  const run = () =>
    new Promise<{ code: number | null; said: string }>((done, fail) => {
      const child = spawn(process.execPath, [join(clone, 'scripts/dashboard.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
      child.once('error', fail)
      child.once('close', (code) => done({ code, said }))
    })
  const built = () => readFile(join(clone, 'web/dist/index.html'), 'utf8')

  beforeAll(async () => {
    clone = join(folder, 'clone')
    await mkdir(join(clone, 'scripts'), { recursive: true })
    for (const file of ['package-lock.json', 'tsconfig.json', 'scripts/dashboard.mjs', 'scripts/install.mjs']) await cp(join(root, file), join(clone, file))
    await cp(join(root, 'web'), join(clone, 'web'), { recursive: true, filter: (path) => !/[\\/]web[\\/]dist/.test(path) })
    // A folder of its own, where the lock lies; the packages are the real ones.
    await mkdir(join(clone, 'node_modules/.bin'), { recursive: true })
    await symlink(process.execPath, join(clone, 'node_modules/.bin/node'))
    for (const name of [
      'vite',
      'react',
      'react-dom',
      'zod',
      '@mantine',
      '@tabler',
      '@tanstack',
      '@simplewebauthn',
      '@vitejs',
      'vite-plugin-singlefile',
      'uqr',
      'markdown-it',
      'recharts',
    ])
      await symlink(join(root, 'node_modules', name), join(clone, 'node_modules', name))
  })

  test('two at once: one builds, the other waits; after that nothing is built until something changes', async () => {
    const both = await Promise.all([run(), run()])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(
      both.filter(({ said }) => said.includes('Building the dashboard')),
      both.map(({ said }) => said).join('\n'),
    ).toHaveLength(1)
    const page = await built()
    expect(page).toContain('/assets/')
    expect(await readFile(join(clone, 'web/dist/views/report.html'), 'utf8')).toContain('</script>')
    expect((await run()).said).not.toContain('Building')
    await writeFile(join(clone, 'web/src/style.css'), 'body{color:red}')
    // Whoever held the lock has died without a word.
    await writeFile(join(clone, 'node_modules/.mercat-dashboard'), '999999999')
    expect((await run()).said).toContain('Building')
    expect(await built()).not.toBe(page)
  })

  test('what cannot be built is told, and what was built before stays', async () => {
    const page = await built()
    await writeFile(join(clone, 'web/src/main.tsx'), "import './nothing.ts'")
    const { code, said } = await run()
    expect(code).not.toBe(0)
    expect(said).toContain('The dashboard could not be built')
    expect(await built()).toBe(page)
  })
})
