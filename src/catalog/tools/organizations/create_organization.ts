/** The tool create_organization. It must not compute anything. */
import { createdOrganizationText, createOrganizationInput, createOrganizationOutput } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_organization',
  title: 'Create organization',
  effect: 'write',
  scope: 'manage:organization',
  description: 'Makes an organization (a client): step 1 of 4 of its onboarding. It is there at once, for everyone. Ask the person first; validateOnly shows what would be made.',
  input: createOrganizationInput,
  output: createOrganizationOutput,
  run: ({ input, ctx }) => ctx.organizations.create(input),
  render: createdOrganizationText,
})
