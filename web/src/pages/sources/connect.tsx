/** The second step: what to paste where, and what the platform shows in return. The key is in it once, right after the source was added or its address made anew. */
import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconKey, IconKeyOff, IconPlugConnectedX } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api.ts'
import { Card, Form, Leaving, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { SettingFields } from './setting-fields.tsx'
import { SetupSteps } from './setup-steps.tsx'
import { type Heading, StepTitle } from './step-title.tsx'
import type { SourceAdded, SourceDetail, SourceKind } from './types.ts'
import { useSettings } from './use-settings.ts'
import { secretWord } from './words.ts'

interface ConnectProps {
  readonly account: Account
  readonly source: SourceDetail
  readonly kind: SourceKind
  readonly heading: Heading
  readonly fresh: SourceAdded | undefined
  readonly onFresh: (added: SourceAdded) => void
  readonly onNext: () => void
}

export function Connect({ account, source, kind, heading, fresh, onFresh, onNext }: ConnectProps) {
  const form = useSettings(account, source, kind)
  const navigate = useNavigate()
  // What Mercat made stands in the steps, to be pasted at the platform.
  const asked = kind.settings.filter(({ generated }) => !generated)
  const pull = source.connection === 'pull'
  return (
    <Form onSubmit={() => form.save(onNext)}>
      <Stack gap="lg">
        <StepTitle heading={heading} title={pull ? `Let Mercat read from ${source.title}` : `Tell ${source.connection === 'api' ? 'your program' : source.title} where to send`} />
        {pull ? null : fresh ? <ShownOnce source={source} /> : <NotShown account={account} source={source} onFresh={onFresh} />}
        {fresh && source.connection === 'webhook' && isLoopback(fresh.url) ? <OnlyHere source={source} url={fresh.url} /> : null}
        <Card>
          <SetupSteps steps={fresh?.steps ?? source.steps ?? []} />
        </Card>
        {asked.length > 0 ? (
          <>
            <StepTitle title={pull ? 'What Mercat needs for that' : `What ${source.title} shows you`} />
            <Card>
              <SettingFields form={form} shown={asked} />
            </Card>
          </>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            onClick={() => form.save(() => void navigate({ to: '/a/$account/$page/$item', params: { account: account.systemName, page: 'sources', item: source.id } }), true)}
          >
            Finish later
          </Button>
          <Button type="submit" loading={form.busy}>
            {asked.length > 0 ? 'Save and go on' : 'Go on'}
          </Button>
        </Group>
      </Stack>
      <Leaving dirty={form.dirty && !form.busy} />
    </Form>
  )
}

const isLoopback = (url: string) => /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/]/.test(url)

/** Somebody who tries Mercat out on their own machine would wait in vain for a platform to call. */
function OnlyHere({ source, url }: { source: SourceDetail; url: string }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconPlugConnectedX aria-hidden />} title={`Only this machine reaches ${new URL(url).origin}`}>
      {source.title} cannot call it from anywhere else. Whoever runs Mercat puts it behind HTTPS first and sets MERCAT_PUBLIC_URL (docs/running.md); the addresses here then begin
      with it.
    </Alert>
  )
}

function ShownOnce({ source }: { source: SourceDetail }) {
  const what = secretWord(source)
  return (
    <Alert color="teal" variant="light" icon={<IconKey aria-hidden />} title={`${source.name} is added. Its ${what} is shown only now`} role="status">
      Copy it before you leave this step; keep it as you keep a password. Nothing else is lost when you leave, and you can have a new {what} at any time.
    </Alert>
  )
}

function NotShown({ account, source, onFresh }: Pick<ConnectProps, 'account' | 'source' | 'onFresh'>) {
  const rotate = useChange('sources', 'rotate')
  const what = secretWord(source)
  return (
    <Alert color="mercat" variant="light" icon={<IconKeyOff aria-hidden />} title={`The ${what} is not shown again`}>
      <Stack gap="sm" align="flex-start">
        <span>If it is in place, go on. If you did not keep it, make a new one. The {what} from before still works for 24 hours.</span>
        <Button size="xs" variant="default" loading={rotate.isPending} onClick={() => rotate.mutate({ account: account.systemName, id: source.id }, { onSuccess: onFresh })}>
          Make a new {what}
        </Button>
        {rotate.error ? <Problem error={rotate.error} /> : null}
      </Stack>
    </Alert>
  )
}
