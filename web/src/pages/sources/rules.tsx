/** Which campaign a message belongs to: rules in their order, of which the first that finds something decides. */
import { Button, Group, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { useChange } from '../../api.ts'
import { Card, Confirm, done, Form, Problem, Section } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { emptyRule, type RuleForm, ruleOf, ruleWords, wrongIn } from './rule-form.ts'
import { RuleRow } from './rule-row.tsx'
import { useTold } from './settings.tsx'
import classes from './rules.module.css'
import type { CampaignRule, SourceDetail } from './types.ts'

const mostRules = 10

interface RulesProps {
  readonly account: Account
  readonly source: SourceDetail
  readonly rules: readonly CampaignRule[]
  readonly onUnsaved: (unsaved: boolean) => void
}

export function Rules({ account, source, rules, onUnsaved }: RulesProps) {
  return (
    <Section
      title="Which campaign a message belongs to"
      description="The first rule that finds something decides. A campaign that Mercat does not know yet is made under what was found, and can be named later. New rules hold for new messages; those counted already stay where they are."
    >
      <Card>
        {account.scopes.includes('manage:account') ? (
          <Editor account={account} source={source} rules={rules} onUnsaved={onUnsaved} />
        ) : (
          <ol className={classes.plainRules}>
            {rules.map((rule) => (
              <li key={ruleWords(rule)}>{ruleWords(rule)}</li>
            ))}
          </ol>
        )}
      </Card>
    </Section>
  )
}

/** Compared as they are saved: what is stored may name its members in another order. */
const said = (forms: readonly RuleForm[]) => JSON.stringify(forms.map(ruleOf))
const formsOf = (rules: readonly CampaignRule[]): readonly RuleForm[] => rules.map((rule, id) => ({ id, rule }))

function Editor({ account, source: { id, title }, rules, onUnsaved }: RulesProps) {
  /** Undefined: nothing was touched, and what is stored is shown. */
  const [edited, setEdited] = useState<readonly RuleForm[]>()
  const [marked, setMarked] = useState(false)
  const [resetting, setResetting] = useState(false)
  const change = useChange('sources', 'change')
  const reset = useChange('sources', 'change')
  const forms = edited ?? formsOf(rules)
  const dirty = edited !== undefined && said(edited) !== said(formsOf(rules))
  useTold(dirty, onUnsaved)
  const of = { account: account.systemName, id }
  const set = (next: readonly RuleForm[]) => {
    setEdited(next)
    change.reset()
  }
  const discard = () => {
    setEdited(undefined)
    setMarked(false)
    change.reset()
  }
  const move = (from: number, to: number) => {
    const next = [...forms]
    next.splice(to, 0, ...next.splice(from, 1))
    // Drawn at once: the one that moves keeps the focus.
    flushSync(() => set(next))
  }
  const save = () => {
    const wrong = forms.some((form) => wrongIn(form) !== undefined)
    setMarked(wrong)
    if (!wrong) change.mutate({ ...of, campaignRules: forms.map(ruleOf) }, { onSuccess: () => [discard(), done('The rules are saved')] })
  }
  return (
    <Form onSubmit={save}>
      <Stack gap="md">
        <ol className={classes.rules}>
          {forms.map((form, index) => (
            <RuleRow
              key={form.id}
              form={form}
              place={index + 1}
              of={forms.length}
              title={title}
              error={marked ? wrongIn(form) : undefined}
              onChange={(rule) => set(forms.map((one) => (one.id === form.id ? { ...one, rule } : one)))}
              onMove={(by) => move(index, index + by)}
              onRemove={() => set(forms.filter((one) => one.id !== form.id))}
            />
          ))}
        </ol>
        {change.error ? <Problem error={change.error} /> : null}
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={forms.length >= mostRules}
              onClick={() => set([...forms, { id: Math.max(0, ...forms.map((one) => one.id)) + 1, rule: emptyRule('metadata') }])}
            >
              Add a rule
            </Button>
            <Button variant="default" onClick={() => setResetting(true)}>
              Reset to default
            </Button>
          </Group>
          <Group gap="xs" ml="auto" justify="flex-end">
            {dirty ? (
              <Button variant="default" onClick={discard} disabled={change.isPending}>
                Discard changes
              </Button>
            ) : null}
            <Button type="submit" loading={change.isPending} disabled={!dirty}>
              Save the rules
            </Button>
          </Group>
        </Group>
      </Stack>
      <Confirm
        title="Use the usual rules again?"
        action="Reset to default"
        dangerous={false}
        change={reset}
        input={resetting ? { ...of, campaignRules: null } : undefined}
        onDone={() => [discard(), done('The usual rules hold again')]}
        onClose={() => setResetting(false)}
      >
        The rules that Mercat has for {title} take the place of these. What is loaded already keeps its campaigns.
      </Confirm>
    </Form>
  )
}
