/** The fields of a member's access, for inviting and for changing: role, single scopes, restriction. Decides nothing; the server refuses what may not be given. */
import { Badge, Checkbox, Fieldset, Group, MultiSelect, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import type { FormErrors } from '../../kit/index.ts'
import type { Role, Scope } from '../../server.ts'
import { type AccessValues, roleWords, type ScopeState, scopesOfRole, stateOf, toggled, withRole } from './access.ts'
import classes from './access-form.module.css'
import type { Members } from './types.ts'

/** The fields that show the server's errors themselves. */
export const accessFields = ['role', 'scopesAdded', 'scopesRemoved', 'organizations', 'brands'] as const

interface AccessFormProps {
  readonly members: Members
  readonly values: AccessValues
  readonly onChange: (values: AccessValues) => void
  readonly errors: FormErrors
  /** The scopes of the person who gives: nobody gives what they do not hold. */
  readonly own: ReadonlySet<string>
}

const groups: readonly { title: string; has: (scope: Scope, dashboardOnly: boolean) => boolean }[] = [
  { title: 'Through assistants', has: (scope) => scope.endsWith(':mcp') },
  { title: 'In the dashboard, and through assistants where those are allowed', has: (scope, dashboardOnly) => !scope.endsWith(':mcp') && !dashboardOnly },
  { title: 'In the dashboard only, never through assistants', has: (_, dashboardOnly) => dashboardOnly },
]

export function AccessForm({ members, values, onChange, errors, own }: AccessFormProps) {
  const ofRole = scopesOfRole(members, values.role)
  const mayGive = (role: Role) => (role === 'owner' ? members.may.makeOwners : [...scopesOfRole(members, role)].every((scope) => own.has(scope)))
  const scopesError = errors.at('scopesAdded', 'scopesRemoved')
  return (
    <Stack gap="md">
      <Select
        label="Role"
        description={roleWords[values.role]}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={members.roles.map(({ role, title }) => ({ value: role, label: title, disabled: role !== values.role && !mayGive(role) }))}
        value={values.role}
        allowDeselect={false}
        onChange={(role) => role && onChange(withRole(role, scopesOfRole(members, role), values))}
        error={errors.at('role')}
        renderOption={({ option }) => (
          <div>
            <Text size="sm" fw={550}>
              {option.label}
            </Text>
            <Text size="xs" c="dimmed">
              {roleWords[option.value as Role]}
            </Text>
          </div>
        )}
      />
      <Fieldset legend="What they may do" radius="md">
        <Stack gap="lg">
          {groups.map(({ title, has }) => (
            <Fieldset key={title} variant="unstyled" legend={title} classNames={{ legend: classes.legend }}>
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing={10} mt={8}>
                {members.scopes
                  .filter(({ scope, dashboardOnly }) => has(scope, dashboardOnly))
                  .map(({ scope, words }) => (
                    <ScopeBox
                      key={scope}
                      scope={scope}
                      words={words}
                      state={stateOf(scope, ofRole, values)}
                      may={own.has(scope)}
                      onToggle={() => onChange(toggled(scope, ofRole, values))}
                    />
                  ))}
              </SimpleGrid>
            </Fieldset>
          ))}
          {scopesError === undefined ? null : (
            <Text size="sm" c="red" role="alert">
              {scopesError}
            </Text>
          )}
        </Stack>
      </Fieldset>
      <Restriction
        label="Organizations"
        what="organizations"
        options={members.organizations}
        ids={values.organizations}
        onChange={(organizations) => onChange({ ...values, organizations })}
        error={errors.at('organizations')}
      />
      <Restriction label="Brands" what="brands" options={members.brands} ids={values.brands} onChange={(brands) => onChange({ ...values, brands })} error={errors.at('brands')} />
    </Stack>
  )
}

const marks: Record<ScopeState, { color: string; words: string } | undefined> = {
  role: undefined,
  added: { color: 'teal', words: 'added' },
  removed: { color: 'red', words: 'removed' },
  none: undefined,
}

interface ScopeBoxProps {
  readonly scope: Scope
  readonly words: string
  readonly state: ScopeState
  readonly may: boolean
  readonly onToggle: () => void
}

function ScopeBox({ scope, words, state, may, onToggle }: ScopeBoxProps) {
  const mark = marks[state]
  return (
    <Checkbox
      checked={state === 'role' || state === 'added'}
      onChange={onToggle}
      disabled={!may && (state === 'none' || state === 'removed')}
      label={
        <Group gap={8} component="span">
          <span>{words}</span>
          {mark && (
            <Badge size="sm" color={mark.color} component="span">
              {mark.words}
            </Badge>
          )}
        </Group>
      }
      description={[scope, state === 'role' && 'from the role', state === 'removed' && 'the role has it', !may && 'you do not hold it, so you cannot give it']
        .filter(Boolean)
        .join(' · ')}
    />
  )
}

interface RestrictionProps {
  readonly label: string
  readonly what: string
  readonly options: readonly { readonly id: string; readonly name: string }[]
  readonly ids: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
  readonly error: string | undefined
}

/** Ids that no longer exist stay visible, so that they can be taken away. Where there is nothing to choose from, there is no field. */
function Restriction({ label, what, options, ids, onChange, error }: RestrictionProps) {
  const known = new Set(options.map(({ id }) => id))
  const gone = ids.filter((id) => !known.has(id)).map((id) => ({ value: id, label: `${id} (no longer exists)` }))
  const data = [...options.map(({ id, name }) => ({ value: id, label: name })), ...gone]
  if (data.length === 0) return null
  return (
    <MultiSelect
      label={label}
      description={ids.length === 0 ? `They see all ${what}, new ones too. Choose some to restrict them.` : `They see these ${what} only.`}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={ids.length === 0 ? `All ${what}` : ''}
      data={data}
      value={[...ids]}
      onChange={onChange}
      error={error}
      searchable
      clearable
      hidePickedOptions
      clearButtonProps={{ 'aria-label': `Allow all ${what}` }}
      nothingFoundMessage="Nothing of this name"
    />
  )
}
