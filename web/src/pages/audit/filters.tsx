/** What the audit log is narrowed to. Holds nothing: the address does. */
import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { effects, outcomeWords } from './words.ts'
import type { AuditEntry, AuditPageOf, AuditQuestion } from './types.ts'

interface FiltersProps {
  readonly question: AuditQuestion
  /** What there is to choose from; undefined until the first answer. */
  readonly choices: Pick<AuditPageOf, 'people' | 'apps' | 'tools' | 'outcomes'> | undefined
  readonly onChange: (change: Record<string, string | undefined>) => void
  readonly onClear: () => void
  /** The message of the server for a field. */
  readonly errorAt: (name: string) => string | undefined
}

type Choice = { value: string; label: string }

/** What is asked for stays visible, also when no entry has it any more. */
function withAsked(choices: readonly Choice[] = [], asked: string | undefined): Choice[] {
  return asked === undefined || choices.some(({ value }) => value === asked) ? [...choices] : [...choices, { value: asked, label: asked }]
}

export function Filters({ question, choices, onChange, onClear, errorAt }: FiltersProps) {
  const day = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="date"
      label={label}
      value={question[name] ?? ''}
      min={name === 'to' ? question.from : undefined}
      max={name === 'from' ? question.to : undefined}
      onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value || undefined })}
      error={errorAt(name)}
    />
  )
  const one = (name: 'person' | 'app' | 'tool' | 'effect' | 'outcome', label: string, all: string, data: readonly Choice[] | undefined) => (
    <Select
      label={label}
      placeholder={all}
      data={withAsked(data, question[name])}
      value={question[name] ?? null}
      onChange={(value) => onChange({ [name]: value ?? undefined })}
      searchable={(data?.length ?? 0) > 7}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      nothingFoundMessage="Nothing of this name"
      error={errorAt(name)}
    />
  )
  const any = Object.keys(question).length > 0
  return (
    <search aria-label="Filters of the audit log">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="sm">
        {day('from', 'From')}
        {day('to', 'To')}
        {one(
          'person',
          'Person',
          'Everybody',
          choices?.people.map(({ id, name }) => ({ value: id, label: name })),
        )}
        {one(
          'app',
          'App',
          'Every app',
          choices?.apps.map(({ id, name }) => ({ value: id, label: name })),
        )}
        {one(
          'tool',
          'What',
          'Everything',
          choices?.tools.map(({ name, title }) => ({ value: name, label: title })),
        )}
        {one(
          'effect',
          'Effect',
          'Every effect',
          (Object.keys(effects) as AuditEntry['effect'][]).map((effect) => ({ value: effect, label: effects[effect].words })),
        )}
        {one(
          'outcome',
          'Outcome',
          'Every outcome',
          choices?.outcomes.map((outcome) => ({ value: outcome, label: outcomeWords(outcome) })),
        )}
        {any && (
          <Group align="flex-end">
            <Button variant="default" onClick={onClear}>
              Clear filters
            </Button>
          </Group>
        )}
      </SimpleGrid>
    </search>
  )
}
