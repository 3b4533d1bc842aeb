/** The tool get_doc. It must not read a store. */
import { cutPage, getDocInput, getDocOutput, pageText, stepsOf } from '../../../domain/knowledge/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_doc',
  title: 'Get document',
  effect: 'read',
  description: 'The text of a section or document that search_docs found, in Markdown; long ones in pages.',
  input: getDocInput,
  output: getDocOutput,
  run: ({ input, ctx }) => ctx.knowledge.get(input),
  render: pageText,
  list: { count: stepsOf, cut: cutPage },
})
