/** A promotion: what the customer gets, what it costs, when it is valid and its codes. */
import { Card, figure, money, Section } from '../../kit/index.ts'
import type { Definitions } from '../../server.ts'
import { Facts } from './facts.tsx'
import { Period } from './table.tsx'
import type { PartsProps } from './types.ts'

type Reward = NonNullable<Definitions['promotion']['reward']>

const kinds: Readonly<Record<Reward['kind'], string>> = {
  percentage: 'A percentage off',
  amount: 'An amount off',
  free_shipping: 'Free shipping',
  gift: 'A gift',
  points: 'Points',
}

export function PromotionParts({ of: { entity }, definition: { reward, cost, codes } }: PartsProps<'promotion'>) {
  const { startsAt, endsAt } = entity
  return (
    <Section title="What it offers">
      <Card>
        <Facts
          of={[
            ['Reward', reward === undefined ? 'Not said' : <bdi key="reward">{rewardWords(reward)}</bdi>],
            ['Cost of one redemption', cost === undefined ? 'Not known' : money(cost.amount, cost.currency)],
            ['Valid', startsAt === undefined && endsAt === undefined ? 'Without limit' : <Period key="valid" from={startsAt} to={endsAt} />],
            ['Codes', codesWords(codes)],
          ]}
        />
      </Card>
    </Section>
  )
}

function rewardWords({ kind, value, money: amount, gift }: Reward): string {
  if (kind === 'percentage' && value !== undefined) return `${value}% off`
  if (kind === 'amount' && amount) return `${money(amount.amount, amount.currency)} off`
  if (kind === 'points' && value !== undefined) return `${figure(value)} points`
  return kind === 'gift' && gift !== undefined ? `A gift: ${gift}` : kinds[kind]
}

function codesWords(codes: Definitions['promotion']['codes']) {
  if (codes === undefined) return 'None'
  if ('unique' in codes) return `${figure(codes.unique)}, one for each customer`
  return (
    <>
      One for all: <code>{codes.shared}</code>
    </>
  )
}
