/** The tool list_organization_branding. It must not compute anything. */
import { brandingOutput, brandingText, cutLooks, looksInput } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_organization_branding',
  title: 'List organization branding',
  effect: 'read',
  description: 'Brandings (webapp themes) of an organization: colours, fonts, shapes, with the page that previews them.',
  input: looksInput,
  output: brandingOutput,
  run: ({ input, ctx }) => ctx.organizations.branding(input),
  render: brandingText,
  list: { count: ({ rows }) => rows.length, cut: cutLooks },
})
