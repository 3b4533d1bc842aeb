/** The tool list_organization_theme_sets. It must not compute anything. */
import { cutLooks, looksInput, themeSetsOutput, themeSetsText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_organization_theme_sets',
  title: 'List organization theme sets',
  effect: 'read',
  scope: 'read:artwork',
  description: 'Theme sets of an organization: artwork templates, and the products and campaigns they are linked to.',
  input: looksInput,
  output: themeSetsOutput,
  run: ({ input, ctx }) => ctx.organizations.themeSets(input),
  render: themeSetsText,
  list: { count: ({ rows }) => rows.length, cut: cutLooks },
})
