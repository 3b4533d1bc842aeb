/** A report that is always too long to wait for, and lasts as long as a test wants: for tests of jobs. */
import { z } from 'zod'
import { type CatalogEntry, defineTool, type ToolContext } from '../../src/catalog/define.ts'

/** @param work what the report does; what it resolves to is its answer */
export function slowReport(work: (n: number, ctx: ToolContext) => Promise<string>): CatalogEntry {
  const tool = defineTool({
    name: 'slow_report',
    title: 'Slow report',
    effect: 'read',
    scope: 'read:reports',
    description: 'Reads much.',
    input: z.strictObject({ n: z.number().int(), startDate: z.string().optional() }),
    output: z.object({ n: z.number(), said: z.string() }),
    cost: async () => Number.MAX_SAFE_INTEGER,
    run: async ({ input, ctx }) => ({ n: input.n, said: await work(input.n, ctx) }),
    render: ({ n, said }) => `Report ${n}: ${said}`,
  })
  return { toolset: 'reports', tool } as unknown as CatalogEntry
}
