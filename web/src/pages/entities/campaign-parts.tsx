/** A campaign: to whom, when, what it says, its test and what visitors are asked. */
import { Card, figure, Records, Section, Time } from '../../kit/index.ts'
import classes from './entities.module.css'
import { Facts } from './facts.tsx'
import { EntityLink, linkTo } from './linked.tsx'
import { Template } from './template.tsx'
import type { PartsProps } from './types.ts'
import { percent, shown } from './words.ts'

export function CampaignParts({ account, of, definition }: PartsProps<'campaign'>) {
  const { kind, targetGroup, template, schedule, controlShare, countries, promotion, measurementDays } = definition
  return (
    <>
      <Section title="To whom and when">
        <Card>
          <Facts
            of={[
              ['Kind', kind.replaceAll('_', ' ')],
              ['Target group', targetGroup === undefined ? 'None is named' : <EntityLink key="group" account={account} to={linkTo(of.links, 'target_group', targetGroup)} />],
              ['Countries', countries.length > 0 ? countries.join(' ') : 'Everywhere'],
              controlShare !== undefined && ['Held out', `${percent(controlShare)} of the audience, as control group`],
              promotion !== undefined && ['Promotion', <EntityLink key="promotion" account={account} to={linkTo(of.links, 'promotion', promotion)} />],
              schedule?.sendAt !== undefined && ['Goes out', <Time key="send" at={schedule.sendAt} show="exact" />],
              measurementDays !== undefined && ['Uplift', `measured over ${figure(measurementDays)} days`],
            ]}
          />
        </Card>
      </Section>
      {template === undefined ? null : <Template template={template} message={of.message} channel={of.entity.channel} />}
      <Variants of={definition.variants} />
      <Asked {...definition} />
    </>
  )
}

function Variants({ of }: { of: PartsProps<'campaign'>['definition']['variants'] }) {
  if (of.length === 0) return null
  return (
    <Section title="Test" description="Its variants, and the share of the audience that gets each.">
      <Records
        label="Variants"
        rows={of.map((variant, index) => ({ ...variant, index }))}
        keyOf={({ index }) => String(index)}
        columns={[
          { title: 'Variant', quiet: true, cell: ({ name }) => <bdi className={classes.strong}>{name}</bdi> },
          { title: 'Subject', cell: ({ subject }) => <bdi>{shown(subject ?? 'That of the campaign')}</bdi> },
          { title: 'Share', end: true, cell: ({ share }) => (share === undefined ? 'equal' : percent(share)) },
        ]}
      />
    </Section>
  )
}

/** What visitors of its webapp agree to and fill in. */
function Asked({ optIns, form }: Pick<PartsProps<'campaign'>['definition'], 'optIns' | 'form'>) {
  if (optIns.length === 0 && form.length === 0) return null
  const lines = (all: readonly { readonly name: string; readonly label?: string | undefined; readonly required: boolean }[]) => (
    <ul className={classes.lines}>
      {all.map(({ name, label, required }) => (
        <li key={name}>
          <bdi>{label ?? name}</bdi>
          {required ? <span className={classes.small}> required</span> : null}
        </li>
      ))}
    </ul>
  )
  return (
    <Section title="What visitors are asked">
      <Card>
        <Facts of={[optIns.length > 0 && ['Opt-ins', lines(optIns)], form.length > 0 && ['Form', lines(form)]]} />
      </Card>
    </Section>
  )
}
