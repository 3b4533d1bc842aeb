/** The tool get_organization_onboarding_status. It must not compute anything. */
import { onboardingInput, onboardingOutput, onboardingText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_organization_onboarding_status',
  title: 'Get organization onboarding status',
  effect: 'read',
  description: 'The onboarding checklist of an organization: steps with state and date, and what to do next.',
  input: onboardingInput,
  output: onboardingOutput,
  run: ({ input, ctx }) => ctx.organizations.onboarding(input),
  render: onboardingText,
})
