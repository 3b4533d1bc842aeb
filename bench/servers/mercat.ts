/** Mercat as it is: sign-in, token check, scopes, rate budget, audit, output cap and 20 tools, of which one is as trivial as its rivals'. Prints its port, path and a token. */
import { z } from 'zod'
import { type CatalogEntry, defineTool } from '../../src/catalog/define.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { startApp } from '../../test/app.ts'

const offered = 20

const trivial = (name: string) =>
  defineTool({
    name,
    title: 'Echo',
    effect: 'read',
    scope: 'read:reports',
    description: 'Says it back.',
    input: z.strictObject({ text: z.string() }),
    output: z.object({ text: z.string() }),
    run: async ({ input }) => ({ text: input.text }),
    render: ({ text }) => text,
  })
const names = ['echo', ...Array.from({ length: offered - tools.length - 1 }, (_, index) => `echo_${index + 2}`)]
const catalog: CatalogEntry[] = [...tools, ...names.map((name): CatalogEntry => ({ toolset: 'reports', tool: trivial(name) }))]

const app = await startApp({ tools: catalog })
console.log(`listening ${app.port} /c/acme ${await app.token('analyst', 'c/acme')}`)
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)))
