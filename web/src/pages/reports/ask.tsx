/** The same question for an assistant: the exact tool call, and a sentence that leads to it. */
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMessageChatbot } from '@tabler/icons-react'
import { CopyField } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { useSession } from '../../session.ts'
import { type Arguments, type Tab, tabs } from './question.ts'
import { sentenceOf } from './sentence.ts'
import type { Choices } from './types.ts'

export function Ask({ account, tab, asked, choices }: { account: Account; tab: Tab; asked: Arguments; choices: Choices | undefined }) {
  const [opened, { open, close }] = useDisclosure(false)
  const { toolPrefix, accounts } = useSession()
  const tool = toolPrefix + tabs[tab].tool
  return (
    <>
      <Button variant="default" leftSection={<IconMessageChatbot size={17} aria-hidden />} onClick={open}>
        Ask this in your assistant
      </Button>
      <Modal opened={opened} onClose={close} title="Ask this in your assistant" size="lg">
        <Stack gap="md">
          <div>
            <Text size="sm" mb={6}>
              Paste this into a chat with a connected assistant:
            </Text>
            <CopyField block label="Sentence" value={sentenceOf(tool, tab, asked, choices)} />
          </div>
          <div>
            <Text size="sm" mb={6}>
              The tool call behind this page, which gives the same figures:
            </Text>
            <Stack gap="xs">
              <CopyField label="Tool" value={tool} />
              <CopyField block label="Arguments" value={JSON.stringify(asked, null, 2)} />
            </Stack>
          </div>
          {accounts.length > 1 ? (
            <Text size="sm" c="dimmed">
              Where the assistant is connected to several of your accounts, the call also needs <code>"account": "{account.systemName}"</code>.
            </Text>
          ) : null}
        </Stack>
      </Modal>
    </>
  )
}
