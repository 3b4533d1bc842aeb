/** The tool list_organization_webapps. It must not compute anything. */
import { cutWebapps, webappsInput, webappsOutput, webappsText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_organization_webapps',
  title: 'List organization webapps',
  effect: 'read',
  scope: 'read:webapps',
  description: 'Webapps of an organization: languages, branding, content, privacy page, tag manager, Google Analytics property, campaigns that use them.',
  input: webappsInput,
  output: webappsOutput,
  run: ({ input, ctx }) => ctx.organizations.webapps(input),
  render: webappsText,
  list: { count: ({ webapps }) => webapps.length, cut: cutWebapps },
})
