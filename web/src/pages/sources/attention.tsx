/** What a source needs of somebody, above everything else; nothing while it works. */
import { Alert, Button, Stack } from '@mantine/core'
import { IconBan, IconHourglassHigh, IconMoonStars, IconPencil, IconPower } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Checks, Refusal, refusalTitle } from './refusal.tsx'
import type { SourceDetail } from './types.ts'
import { rowWords } from './words.ts'

export function Attention({ account, source }: { account: Account; source: SourceDetail }) {
  const { state, title, missing, waiting, id } = source
  const manages = account.scopes.includes('manage:account')
  const goOn = (step: 2 | 3, words: string) =>
    manages ? (
      <Button component={Link} to={`/a/${account.systemName}/sources/new?source=${id}&step=${step}`} size="xs" variant="default" mt="sm">
        {words}
      </Button>
    ) : null
  switch (state) {
    case 'ok':
      return null
    case 'unfinished':
      return (
        <Alert color="yellow" icon={<IconPencil aria-hidden />} title="It is not set up yet">
          Still needed: {missing.join(', ')}. Until then nothing can be taken from {title}.<div>{goOn(2, 'Go on with the setup')}</div>
        </Alert>
      )
    case 'silent':
      return (
        <Alert color="mercat" icon={<IconMoonStars aria-hidden />} title="Nothing came yet">
          It is ready. What {title} sends appears here as soon as it comes.
          <div>{goOn(3, source.connection === 'pull' ? 'Pull now, and see it come' : 'See a first delivery come')}</div>
        </Alert>
      )
    case 'refusing':
      return (
        <Alert color="red" icon={<IconBan aria-hidden />} title={refusalTitle(source)}>
          <Stack gap="sm">
            <Refusal source={source} />
            <Checks source={source} />
          </Stack>
        </Alert>
      )
    case 'behind':
      return (
        <Alert color="yellow" icon={<IconHourglassHigh aria-hidden />} title={`${rowWords(waiting.items)} ${waiting.items === 1 ? 'waits' : 'wait'} for longer than usual`}>
          The oldest came {waiting.oldestAt === null ? 'a while ago' : <Time at={waiting.oldestAt} />}. They are kept safe, and loaded as soon as that is possible.{' '}
          <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'health' }}>
            Mission control
          </Link>{' '}
          says how Mercat is.
        </Alert>
      )
    case 'off':
      return (
        <Alert color="gray" icon={<IconPower aria-hidden />} title="It is off">
          {source.connection === 'pull' ? `${title} is not asked.` : `What ${title} delivers is refused.`} What came before stays.
        </Alert>
      )
  }
}
