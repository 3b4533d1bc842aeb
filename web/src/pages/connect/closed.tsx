/** Why nothing can be connected yet, and who can change that. */
import { Alert, Button, Text } from '@mantine/core'
import { IconLock, IconPower } from '@tabler/icons-react'
import { useChange } from '../../api.ts'
import { done, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { useSession } from '../../session.ts'

export function Closed({ account }: { account: Account }) {
  return account.mcpEnabled ? <NoAccess account={account} /> : <TurnedOff account={account} />
}

function TurnedOff({ account }: { account: Account }) {
  const { user } = useSession()
  const setMcp = useChange('settings', 'setMcp')
  return (
    <Alert color="yellow" variant="light" icon={<IconPower aria-hidden />} title={`MCP is off for ${account.name}`}>
      {user.operator ? (
        <>
          <Text size="sm">No assistant can connect until it is on. Members connect with what their role allows, and see nothing more than in the dashboard.</Text>
          {setMcp.error ? <Problem error={setMcp.error} /> : null}
          <Button
            mt="sm"
            size="sm"
            loading={setMcp.isPending}
            onClick={() => setMcp.mutate({ account: account.systemName, enabled: true }, { onSuccess: () => done(`MCP is on for ${account.name}`) })}
          >
            Turn MCP on
          </Button>
        </>
      ) : (
        <Text size="sm">
          No assistant can connect until a platform operator turns it on. Ask whoever runs this Mercat; the command is <code>mercat account mcp {account.systemName} on</code>.
        </Text>
      )}
    </Alert>
  )
}

function NoAccess({ account }: { account: Account }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconLock aria-hidden />} title="Your role has no access through assistants yet">
      <Text size="sm">
        Ask an owner of {account.name}, or whoever runs this Mercat, for the scope <code>read:mcp</code> (“Use Mercat through an assistant”). It works at once, here and in the
        assistant. Nobody can give it to themselves.
      </Text>
    </Alert>
  )
}
