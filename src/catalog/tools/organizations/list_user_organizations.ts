/** The tool list_user_organizations. It must not compute anything. */
import { cutOrganizations, listOrganizationsInput, listOrganizationsOutput, organizationsText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_user_organizations',
  title: 'List user organizations',
  effect: 'read',
  scope: 'manage:organization',
  description: 'The organizations you see, with currency, campaigns, webapps and how far each one’s onboarding is.',
  input: listOrganizationsInput,
  output: listOrganizationsOutput,
  run: ({ input, ctx }) => ctx.organizations.list(input),
  render: organizationsText,
  list: { count: ({ organizations }) => organizations.length, cut: cutOrganizations },
})
