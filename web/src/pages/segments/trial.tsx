/** A rule that is tried out: the editor beside its live size, and saving it as a new draft. Changes nothing that there is. */
import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { IconCircleCheck, IconDeviceFloppy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { Card, Loading, Problem, Section } from '../../kit/index.ts'
import { AudiencePanel, RuleEditor, Sentence, useLiveRule, type Vocabulary } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'
import { SaveDraft } from './save-draft.tsx'
import classes from './segments.module.css'
import type { Beginning } from './types.ts'

export function Trial({ account, beginning }: { account: Account; beginning: Beginning }) {
  const { data, error, refetch } = useApi('audiences', 'vocabulary', { account: account.systemName })
  if (data) return <Workbench account={account} beginning={beginning} vocabulary={data} />
  return error ? <Problem error={error} retry={refetch} what="What rules may speak of" /> : <Loading rows={2} height={160} what="the editor" />
}

function Workbench({ account, beginning, vocabulary }: { account: Account; beginning: Beginning; vocabulary: Vocabulary }) {
  const [tree, setTree] = useState(beginning.tree)
  const [saving, setSaving] = useState(false)
  const [saved, setSaved] = useState<{ readonly id: string; readonly name: string }>()
  const { checked, faults } = useLiveRule(account, tree, vocabulary)
  const whole = faults.size === 0 && !!checked?.text
  const may = account.scopes.includes('create:segments') && vocabulary.mayCount
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {saved ? (
          <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title="Saved as a draft" role="status">
            <Text size="sm">
              <bdi>{saved.name}</bdi> is a draft until somebody approves it.{' '}
              <Anchor component={Link} to={`/a/${account.systemName}/drafts/${saved.id}`} size="sm">
                Open the draft
              </Anchor>
            </Text>
          </Alert>
        ) : null}
        <RuleEditor account={account} value={tree} onChange={setTree} vocabulary={vocabulary} />
        <Section title="In words">
          <Card>
            <Text component="div" className={classes.words}>
              {checked?.text ? <Sentence text={checked.text} /> : <Text c="dimmed">The rule is said here as soon as it is complete.</Text>}
            </Text>
          </Card>
        </Section>
        {may ? (
          <Group gap="sm">
            <Button leftSection={<IconDeviceFloppy size={17} aria-hidden />} disabled={!whole} onClick={() => setSaving(true)}>
              Save as a new draft
            </Button>
            <Text size="sm" c="dimmed">
              {whole ? 'It takes effect only when somebody approves it.' : 'Complete the rule first.'}
            </Text>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {vocabulary.mayCount
              ? 'You can try rules out. To save one as a draft you need the scope create:segments; an owner of the account grants it.'
              : 'You see only some organizations or brands: somebody who sees the whole account can count rules and save them as drafts.'}
          </Text>
        )}
      </div>
      <aside className={classes.side} aria-label="Size">
        <AudiencePanel account={account} tree={tree} vocabulary={vocabulary} />
      </aside>
      <SaveDraft
        account={account}
        opened={saving}
        beginning={beginning}
        tree={tree}
        onClose={() => setSaving(false)}
        onSaved={(draft) => {
          setSaving(false)
          setSaved(draft)
        }}
      />
    </div>
  )
}
