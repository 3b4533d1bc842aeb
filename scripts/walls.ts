/** Who may import whom, as one table; `npm run generate` turns it into biome.walls.json, and test/gates/walls.test.ts proves that Biome enforces it. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratedFile } from './indexes.ts'

/** Each layer, and the layers it may import. `index` allows only the index.ts files of that layer. Reasons for deviations: docs/adr/0001-layers.md. */
export const layers: Record<string, { all?: string[]; index?: string[] }> = {
  core: {},
  storage: { all: ['core', 'config'] },
  domain: { all: ['storage', 'core'] },
  ingest: { all: ['storage', 'core'], index: ['domain'] },
  identity: { all: ['storage', 'core', 'config'], index: ['domain'] },
  catalog: { all: ['core'], index: ['domain'] },
  edge: { all: ['catalog', 'identity', 'core', 'config'], index: ['domain'] },
  cli: { all: ['catalog', 'identity', 'core', 'config'], index: ['domain', 'ingest'] },
}

/** Third-party packages that stay behind a wall, and the only files (under src) that may import them. */
export const walls: { packages: string[]; only: string[] }[] = [
  { packages: ['@modelcontextprotocol/*', '@modelcontextprotocol/**'], only: ['edge/mcp.ts', 'edge/plain-call.ts'] },
  { packages: ['hono', 'hono/**', '@hono/*', '@hono/**'], only: ['edge/**', 'identity/**'] },
  { packages: ['kysely', 'kysely/**'], only: ['storage/operational/**', 'domain/**/*repository.ts', 'identity/**/*repository.ts'] },
  { packages: ['pg', 'pg/**', '@electric-sql/pglite', '@electric-sql/pglite/**'], only: ['storage/operational/pglite.ts', 'storage/operational/postgres.ts'] },
  { packages: ['@clickhouse/*', '@clickhouse/**', 'chdb', 'chdb/**'], only: ['storage/analytics/**'] },
  { packages: ['pg-boss', 'pg-boss/**'], only: ['storage/operational/**'] },
  { packages: ['oidc-provider', 'oidc-provider/**'], only: ['identity/oauth/**'] },
  { packages: ['otpauth', '@simplewebauthn/server', '@simplewebauthn/server/**', 'openid-client', 'openid-client/**'], only: ['identity/sign-in/**'] },
  { packages: ['@google-analytics/*', '@google-analytics/**', 'google-gax', 'google-gax/**', 'google-auth-library'], only: ['domain/organizations/funnel/google-analytics.ts'] },
  { packages: ['commander'], only: ['cli/**'] },
  { packages: ['pino'], only: ['core/log.ts'] },
]

/** The folders of src/domain: one may import another only by its index.ts. */
const domains = [
  'accounts',
  'administration',
  'audit',
  'billing',
  'builders',
  'drafts',
  'entities',
  'explorer',
  'facts',
  'knowledge',
  'operations',
  'organizations',
  'predicates',
  'reports',
  'segments',
  'sources',
  'webhooks',
  'writes',
]

/** What only the composition root and the process entry may be: imported by no layer. */
const roots = ['main', 'app']

interface Pattern {
  group: string[]
  message: string
}

/** biome.walls.json as it should be now: one override per set of files with the same permissions, since a later override replaces an earlier one's options. */
export async function wallFiles(root: string): Promise<GeneratedFile[]> {
  const folders = (await readdir(join(root, 'src/domain'), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const unknown = folders.filter((name) => !domains.includes(name))
  if (unknown.length) throw new Error(`src/domain/${unknown[0]} is not in the list of domains: add it to scripts/walls.ts`)
  const overrides: object[] = []
  for (const layer of Object.keys(layers)) {
    const inner = layerPatterns(layer)
    overrides.push(override([`src/${layer}/**`], [...inner, ...wallPatterns(walls.filter((wall) => !wall.only.includes(`${layer}/**`)))]))
    // Files inside the layer that stand behind a narrower wall: the layer's own rules, minus those packages.
    const doors = new Set(walls.flatMap((wall) => wall.only.filter((glob) => glob.startsWith(`${layer}/`) && glob !== `${layer}/**`)))
    for (const door of [...doors].sort((a, b) => Number(!a.endsWith('/**')) - Number(!b.endsWith('/**')))) {
      const closed = walls.filter((wall) => !wall.only.some((glob) => glob === door || glob === `${layer}/**` || (glob.endsWith('/**') && door.startsWith(glob.slice(0, -2)))))
      overrides.push(override([`src/${door}`], [...inner, ...wallPatterns(closed)]))
    }
  }
  // A test stands outside the layers: it may open real stores and speak any protocol.
  overrides.push({ includes: ['src/**/*.test.ts'], linter: { rules: { style: { noRestrictedImports: 'off', noProcessEnv: 'off' } } } })
  const json = { $schema: './node_modules/@biomejs/biome/configuration_schema.json', overrides }
  return [{ path: 'biome.walls.json', text: `${JSON.stringify(json, null, 2)}\n` }]
}

function layerPatterns(layer: string): Pattern[] {
  const { all = [], index = [] } = layers[layer] ?? {}
  const patterns: Pattern[] = []
  for (const other of [...Object.keys(layers), 'config']) {
    if (other === layer || all.includes(other)) continue
    const group = other === 'config' ? ['**/config.ts'] : [`**/${other}/**`]
    if (index.includes(other)) group.push(`!**/${other}/index.ts`, `!**/${other}/*/index.ts`)
    patterns.push({ group, message: index.includes(other) ? `${layer} may import ${other} only by its index.ts.` : `${layer} may not import ${other} (docs/adr/0001-layers.md).` })
  }
  if (layer === 'domain') {
    patterns.push({ group: domains.flatMap((name) => [`**/${name}/**`, `!**/${name}/index.ts`]), message: 'One domain may import another only by its index.ts.' })
  }
  patterns.push({ group: roots.map((name) => `**/${name}.ts`), message: 'Nothing imports the composition root.' })
  return patterns
}

function wallPatterns(closed: typeof walls): Pattern[] {
  return closed.map((wall) => ({ group: wall.packages, message: `Only ${wall.only.map((glob) => `src/${glob}`).join(', ')} may import this package (docs/adr/0001-layers.md).` }))
}

function override(includes: string[], patterns: Pattern[]): object {
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } } }
}
