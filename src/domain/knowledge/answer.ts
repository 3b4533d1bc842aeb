/** The arguments and answers of the knowledge tools, and how they are cut. Pure. */
import { z } from 'zod'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { type Coverage, coverageSchema, encodeCursor, pageAt, rowsBefore } from '../../core/page.ts'

export const searchDocsInput = z.strictObject({
  query: textUpTo(500).refine((text) => text.trim() !== '', 'Send some words'),
  source: z.enum(['mercat', 'account']).optional().describe('mercat: Mercat’s documentation; account: the account’s. Default: both'),
  limit: limitUpTo(50).describe('Default: 6'),
  cursor,
})
export type SearchDocsInput = z.output<typeof searchDocsInput>

export const searchDocsOutput = z.object({
  query: z.string(),
  source: z.enum(['mercat', 'account']).nullable(),
  passages: z.array(
    z.object({
      id: z.string().describe('Opens the section with get_doc'),
      title: z.string().describe('Of the document'),
      section: z.string().describe('Headings down to the section, outermost first'),
      source: z.enum(['mercat', 'account']),
      link: z.string().describe('Path within the documentation, or within the folder that was added'),
      snippet: z.string(),
    }),
  ),
  coverage: coverageSchema.describe('Of the best 100 sections'),
  nearest: z.array(z.string()).describe('Where nothing matches: headings like the query'),
  nextCursor: z.string().nullable(),
  edition: z.string(),
})
export type Passages = z.output<typeof searchDocsOutput>

/** The same passages, fewer. */
export function cutPassages(answer: Passages, count: number): Passages {
  if (count >= answer.passages.length) return answer
  const { coverage, edition } = answer
  return { ...answer, passages: answer.passages.slice(0, count), ...pageAt(rowsBefore(coverage), count, coverage.of, questionOf(answer), edition) }
}

/** What a cursor of search_docs belongs to. */
export const questionOf = ({ query, source }: { query: string; source?: 'mercat' | 'account' | null | undefined }) => ({ query, source: source ?? null })

export const getDocInput = z.strictObject({
  id: z
    .string()
    .refine((value) => value.length <= 400, 'Send an id that search_docs gave')
    .describe('From search_docs: a section; without its #… the whole document'),
  cursor,
})
export type GetDocInput = z.output<typeof getDocInput>

export const getDocOutput = z.object({
  id: z.string(),
  title: z.string(),
  section: z.string().nullable(),
  source: z.enum(['mercat', 'account']),
  link: z.string(),
  text: z.string().describe('Markdown'),
  coverage: coverageSchema.describe('Characters'),
  nextCursor: z.string().nullable(),
  edition: z.string(),
})
export type DocPage = z.output<typeof getDocOutput>

export const listDocsInput = z.strictObject({ limit: limitUpTo(200), cursor })
export type ListDocsInput = z.output<typeof listDocsInput>

/** Documents without their text. `updatedAt`: ISO 8601; null: it comes with Mercat. */
export interface DocList {
  readonly documents: readonly {
    readonly id: string
    readonly title: string
    readonly source: 'mercat' | 'account'
    readonly link: string
    readonly updatedAt: string | null
  }[]
  readonly coverage: Coverage
  readonly nextCursor: string | null
}

/** Pages end on a multiple of this many characters, or before it at the end of a line. */
const step = 200

/** How many steps a page has. */
export const stepsOf = ({ text }: DocPage): number => Math.ceil(text.length / step)

/** The same page, shorter: it ends with a whole line where that costs no more than a step. */
export function cutPage(page: DocPage, steps: number): DocPage {
  const end = cleanEnd(page.text, steps * step)
  if (end >= page.text.length) return page
  return {
    ...page,
    text: page.text.slice(0, end),
    coverage: { ...page.coverage, shown: end },
    nextCursor: encodeCursor(page.coverage.from - 1 + end, { id: page.id }, page.edition),
  }
}

/** Where to cut a text at or before `most` characters: after a line, or at least not within a character. */
export function cleanEnd(text: string, most: number): number {
  if (most >= text.length) return text.length
  const line = text.lastIndexOf('\n', most - 1) + 1
  if (line > most - step && line > 0) return line
  const code = text.charCodeAt(most - 1)
  return most > 1 && code >= 0xd800 && code <= 0xdbff ? most - 1 : most
}
