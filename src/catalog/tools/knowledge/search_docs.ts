/** The tool search_docs. It must not rank anything. */
import { cutPassages, passagesText, searchDocsInput, searchDocsOutput } from '../../../domain/knowledge/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'search_docs',
  title: 'Search documents',
  effect: 'read',
  description: 'How Mercat works (tools, metrics, scopes, settings) and what the account’s own documents say: the sections that match best. Open one with get_doc; cite its link.',
  input: searchDocsInput,
  output: searchDocsOutput,
  run: ({ input, ctx }) => ctx.knowledge.search(input),
  render: passagesText,
  list: { count: ({ passages }) => passages.length, cut: cutPassages },
})
