/** The end of a list that has more pages. */
import { Button } from '@mantine/core'

interface MoreProps {
  /** What `usePages` gave. */
  readonly of: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown }
}

export function More({ of }: MoreProps) {
  if (!of.hasNextPage) return null
  return (
    <Button mt="sm" variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      Load more
    </Button>
  )
}
