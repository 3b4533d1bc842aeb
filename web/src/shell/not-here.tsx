/** An address that leads nowhere, or to something that is not this person's: both look the same. */
import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Empty, Page } from '../kit/index.ts'

export function NotHere() {
  return (
    <Page title="There is nothing here">
      <Empty
        icon={IconCompass}
        title="This page does not exist, or you have no access to it"
        action={
          <Button component={Link} to="/" mt="xs">
            Go to the start
          </Button>
        }
      >
        Check the address. If somebody sent it to you, ask them to add you to the account.
      </Empty>
    </Page>
  )
}
