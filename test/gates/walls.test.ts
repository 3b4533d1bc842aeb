/** Proves that the gates close: every forbidden import, cycle, oversized file and loosened type fails Biome, and every allowed import passes. The cases are written out by hand, not made from the table they test. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** From file, imported. Each must be refused by noRestrictedImports. */
const forbidden: [string, string][] = [
  ['src/core/a.ts', '../storage/operational/schema.ts'],
  ['src/core/a.ts', '../domain/index.ts'],
  ['src/core/a.ts', '../config.ts'],
  ['src/core/deep/a.ts', '../../config.ts'],
  ['src/storage/a.ts', '../domain/index.ts'],
  ['src/storage/operational/a.ts', '../../ingest/index.ts'],
  ['src/storage/analytics/a.ts', '../../identity/index.ts'],
  ['src/storage/a.ts', '../catalog/define.ts'],
  ['src/domain/reports/a.ts', '../../ingest/index.ts'],
  ['src/domain/reports/a.ts', '../../catalog/define.ts'],
  ['src/domain/reports/a.ts', '../../identity/index.ts'],
  ['src/domain/reports/a.ts', '../../edge/http.ts'],
  ['src/domain/reports/a.ts', '../../cli/define.ts'],
  ['src/domain/reports/a.ts', '../../config.ts'],
  ['src/domain/reports/a.ts', '../facts/refresh.ts'],
  ['src/domain/reports/metrics/a.ts', '../../facts/refresh.ts'],
  ['src/domain/a.ts', './accounts/settings.ts'],
  ['src/ingest/a.ts', '../domain/facts/refresh.ts'],
  ['src/ingest/a.ts', '../catalog/define.ts'],
  ['src/ingest/a.ts', '../config.ts'],
  ['src/ingest/demo/a.ts', '../../identity/index.ts'],
  ['src/identity/a.ts', '../domain/accounts/members.ts'],
  ['src/identity/oauth/a.ts', '../../catalog/define.ts'],
  ['src/identity/oauth/a.ts', '../../edge/http.ts'],
  ['src/identity/oauth/a.ts', '../../ingest/index.ts'],
  ['src/catalog/a.ts', '../storage/operational/schema.ts'],
  ['src/catalog/tools/reports/a.ts', '../../../domain/reports/plan.ts'],
  ['src/catalog/tools/reports/a.ts', '../../../identity/index.ts'],
  ['src/catalog/tools/reports/a.ts', '../../../ingest/index.ts'],
  ['src/catalog/tools/reports/a.ts', '../../../config.ts'],
  ['src/edge/a.ts', '../storage/operational/open.ts'],
  ['src/edge/a.ts', '../domain/reports/plan.ts'],
  ['src/edge/a.ts', '../ingest/index.ts'],
  ['src/edge/a.ts', '../cli/define.ts'],
  ['src/edge/mcp.ts', '../storage/operational/open.ts'],
  ['src/edge/a.ts', '../app.ts'],
  ['src/cli/commands/a.ts', '../../storage/open.ts'],
  ['src/cli/commands/a.ts', '../../ingest/mapping.ts'],
  ['src/cli/commands/a.ts', '../../edge/admin.ts'],
  ['src/cli/commands/a.ts', '../../domain/accounts/members.ts'],
  ['src/cli/a.ts', '../main.ts'],
  ['src/cli/a.ts', '../app.ts'],
  ['src/edge/http.ts', '@modelcontextprotocol/server'],
  ['src/catalog/a.ts', '@modelcontextprotocol/server'],
  ['src/catalog/a.ts', '@modelcontextprotocol/sdk/types.js'],
  ['src/domain/reports/a.ts', 'hono'],
  ['src/cli/a.ts', '@hono/node-server'],
  ['src/catalog/a.ts', 'hono/cors'],
  ['src/edge/a.ts', 'kysely'],
  ['src/storage/analytics/a.ts', 'kysely'],
  ['src/domain/reports/a.ts', 'kysely'],
  ['src/domain/reports/a.ts', '@clickhouse/client'],
  ['src/storage/operational/a.ts', '@clickhouse/client'],
  ['src/ingest/a.ts', 'chdb/connection'],
  ['src/domain/a.ts', 'pg'],
  ['src/storage/operational/migrate.ts', '@electric-sql/pglite'],
  ['src/edge/a.ts', 'oidc-provider'],
  ['src/identity/a.ts', 'oidc-provider'],
  ['src/edge/a.ts', 'commander'],
  ['src/domain/a.ts', 'pino'],
  ['src/domain/organizations/a.ts', '@google-analytics/data'],
  ['src/domain/organizations/funnel/own-events.ts', 'google-gax/build/src/fallback.js'],
  ['src/edge/a.ts', 'google-auth-library'],
  ['web/src/a.ts', '../../src/core/access.ts'],
  ['web/src/pages/a.ts', '../../../src/edge/api/endpoints/index.gen.ts'],
  ['web/src/pages/members/a.ts', '../../../../src/config.ts'],
]

/** Each must pass. */
const allowed: [string, string][] = [
  ['src/storage/a.ts', '../core/ids.ts'],
  ['src/storage/a.ts', '../config.ts'],
  ['src/domain/reports/a.ts', '../../storage/analytics/run.ts'],
  ['src/domain/reports/a.ts', '../facts/index.ts'],
  ['src/domain/reports/metrics/a.ts', '../plan.ts'],
  ['src/domain/reports/a.ts', '../channels.ts'],
  ['src/ingest/demo/a.ts', '../../domain/entities/index.ts'],
  ['src/ingest/a.ts', '../storage/operational/schema.ts'],
  ['src/identity/a.ts', '../domain/accounts/index.ts'],
  ['src/identity/oauth/a.ts', '../../config.ts'],
  ['src/catalog/tools/reports/a.ts', '../../../domain/index.ts'],
  ['src/catalog/tools/reports/a.ts', '../../define.ts'],
  ['src/edge/a.ts', '../identity/index.ts'],
  ['src/edge/a.ts', '../catalog/call.ts'],
  ['src/edge/a.ts', '../config.ts'],
  ['src/cli/commands/a.ts', '../../ingest/index.ts'],
  ['src/cli/commands/a.ts', '../../domain/accounts/index.ts'],
  ['src/main.ts', './storage/open.ts'],
  ['src/app.ts', './edge/http.ts'],
  ['src/edge/mcp.ts', '@modelcontextprotocol/server'],
  ['src/edge/http.ts', 'hono'],
  ['src/identity/login.ts', '@hono/node-server'],
  ['src/identity/oauth/provider.ts', 'oidc-provider'],
  ['src/storage/operational/schema.ts', 'kysely'],
  ['src/storage/operational/postgres.ts', 'pg'],
  ['src/storage/operational/pglite.ts', '@electric-sql/pglite'],
  ['src/storage/operational/open.ts', 'kysely'],
  ['src/storage/analytics/open.ts', 'chdb/connection'],
  ['src/domain/accounts/repository.ts', 'kysely'],
  ['src/domain/accounts/members-repository.ts', 'kysely'],
  ['src/core/log.ts', 'pino'],
  ['src/domain/organizations/funnel/google-analytics.ts', '@google-analytics/data'],
  ['src/cli/run.ts', 'commander'],
  ['src/domain/reports/plan.test.ts', '../../../test/stores.ts'],
  ['src/storage/store.test.ts', '@clickhouse/client'],
  ['web/src/server.ts', '../../src/core/access.ts'],
  ['web/src/pages/a.ts', '../kit/index.ts'],
  ['web/src/a.ts', 'react'],
]

/** Other gates: a file and the rule that must refuse it. */
const long = (lines: number) => Array.from({ length: lines }, (_, index) => `export const line${index} = ${index}`).join('\n')
const rules: [string, string, string][] = [
  ['src/core/any.ts', 'noExplicitAny', 'export const loose = (value: any): string => String(value)\n'],
  ['src/core/long.ts', 'noExcessiveLinesPerFile', `${long(301)}\n`],
  ['test/long.test.ts', 'noExcessiveLinesPerFile', `${long(501)}\n`],
  ['src/core/cycle-a.ts', 'noImportCycles', "import { b } from './cycle-b.ts'\nexport const a = (): string => b()\n"],
  ['src/core/cycle-b.ts', 'noImportCycles', "import { a } from './cycle-a.ts'\nexport const b = (): string => a()\n"],
  ['src/core/type-cycle-a.ts', 'noImportCycles', "import type { B } from './type-cycle-b.ts'\nexport type A = B | undefined\n"],
  ['src/core/type-cycle-b.ts', 'noImportCycles', "import type { A } from './type-cycle-a.ts'\nexport type B = A[]\n"],
  ['src/core/env.ts', 'noProcessEnv', "import process from 'node:process'\nexport const home = process.env['HOME']\n"],
  ['src/core/console.ts', 'noConsole', "console.log('x')\n"],
  ['src/core/enum.ts', 'noEnum', 'export enum Colour {\n  Red = 1,\n}\n'],
  ['src/core/unused.ts', 'noUnusedVariables', 'const unused = 1\n'],
  ['src/core/float.ts', 'noFloatingPromises', 'async function work(): Promise<void> {}\nexport function start(): void {\n  work()\n}\n'],
  ['src/core/dependency.ts', 'noUndeclaredDependencies', "import left from 'left-pad'\nexport { left }\n"],
  ['test/skip.test.ts', 'noSkippedTests', "import { test } from 'vitest'\ntest.skip('x', () => {})\n"],
]

/** The ways of writing an import; a wall that stops only one of them is none. */
const forms: [string, (specifier: string) => string][] = [
  ['import', (specifier) => `import { thing } from '${specifier}'\nexport { thing as given }\n`],
  ['type import', (specifier) => `import type { Thing } from '${specifier}'\nexport type Given = Thing\n`],
  ['side effect', (specifier) => `import '${specifier}'\n`],
  ['re-export', (specifier) => `export { thing } from '${specifier}'\n`],
  ['dynamic import', (specifier) => `export const given = () => import('${specifier}')\n`],
]

/** Lint errors as `path rule`, of the forbidden imports and of everything else: apart, because some cases are one and the same file. */
let refused: Set<string>
let others: Set<string>

beforeAll(async () => {
  refused = await lintFiles(
    forbidden.flatMap(([path, specifier], index) =>
      isNamed(path) ? [[path, forms[0]![1](specifier)] as const] : forms.map(([, write], form) => [casePath(path, `bad${index}_${form}`), write(specifier)] as const),
    ),
  )
  others = await lintFiles([
    ...allowed.map(([path, specifier], index) => [casePath(path, `good${index}`), `import '${specifier}'\n`] as const),
    ...rules.map(([path, , text]) => [path, text] as const),
  ])
})

describe('forbidden', () => {
  test.each(forbidden.map(([path, specifier], index) => ({ path, specifier, index })))('$path may not import $specifier', ({ path, index }) => {
    if (isNamed(path)) expect(refused).toContain(`${path} noRestrictedImports`)
    else for (const [form, [name]] of forms.entries()) expect(refused, name).toContain(`${casePath(path, `bad${index}_${form}`)} noRestrictedImports`)
  })
})

describe('allowed', () => {
  test.each(allowed.map(([path, specifier], index) => ({ path, specifier, index })))('$path may import $specifier', ({ path, index }) => {
    expect(others).not.toContain(`${casePath(path, `good${index}`)} noRestrictedImports`)
  })
})

describe('rules', () => {
  test.each(rules.map(([path, rule]) => ({ path, rule })))('$rule refuses $path', ({ path, rule }) => {
    expect(others).toContain(`${path} ${rule}`)
  })
})

/** Some rules are for one named file (`edge/mcp.ts`); all other cases, written as `a.ts`, get a file of their own. */
function isNamed(path: string): boolean {
  return !path.endsWith('/a.ts')
}

function casePath(path: string, name: string): string {
  return isNamed(path) ? path : join(dirname(path), `${name}.ts`)
}

/** Lints the files in a temporary folder under this project's own configuration. */
async function lintFiles(files: readonly (readonly [string, string])[]): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-walls-'))
  try {
    for (const file of ['biome.json', 'biome.walls.json', 'package.json', '.gitignore']) await copyFile(join(root, file), join(folder, file))
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return await lint(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All lint errors of a folder as `path rule`. */
function lint(folder: string): Promise<Set<string>> {
  return new Promise((done, fail) => {
    execFile(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', '--diagnostic-level=error'],
      { cwd: folder, maxBuffer: 64 << 20 },
      (_, stdout, stderr) => {
        try {
          const report = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string | { file: string } } }[] }
          done(
            new Set(report.diagnostics.map(({ category, location }) => `${typeof location.path === 'string' ? location.path : location.path.file} ${category.split('/').at(-1)}`)),
          )
        } catch {
          fail(new Error(`Biome gave no report: ${stderr || stdout}`))
        }
      },
    )
  })
}
