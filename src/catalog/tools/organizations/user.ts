/** The tool user. It must not compute anything. */
import { userInput, userOutput, userText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'user',
  title: 'User',
  effect: 'read',
  always: true,
  description: 'Who you are here: role, scopes, toolsets, and the organizations and brands you see, with their ids.',
  input: userInput,
  output: userOutput,
  run: ({ ctx }) => ctx.organizations.user(),
  render: userText,
})
