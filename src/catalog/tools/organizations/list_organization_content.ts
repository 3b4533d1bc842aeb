/** The tool list_organization_content. It must not compute anything. */
import { contentOutput, contentText, cutLooks, looksInput } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_organization_content',
  title: 'List organization content',
  effect: 'read',
  description: 'Content profiles of an organization’s webapps: images, texts by language and section, which are missing.',
  input: looksInput,
  output: contentOutput,
  run: ({ input, ctx }) => ctx.organizations.content(input),
  render: contentText,
  list: { count: ({ rows }) => rows.length, cut: cutLooks },
})
