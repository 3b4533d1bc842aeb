/** What an organization has committed to, used, was invoiced and owes. Currencies stand side by side and are never added. */
import { Text } from '@mantine/core'
import { IconFileInvoice } from '@tabler/icons-react'
import { useApi } from '../../api.ts'
import { Day, Empty, Section } from '../../kit/index.ts'
import { Budgets, Units } from './budget.tsx'
import { Invoices } from './invoices.tsx'
import classes from './organizations.module.css'
import { PartOf } from './part.tsx'
import type { PartProps } from './types.ts'

export function Billing({ account, organizationId }: PartProps) {
  const report = useApi('organizations', 'clientReport', { account: account.systemName, organizationId })
  return (
    <Section id="billing" title="Billing" description={report.data ? <Known asOf={report.data.asOf} /> : undefined}>
      <PartOf of={report} what="the bills" height={480}>
        {(data) =>
          data.years.length === 0 ? (
            <Empty icon={IconFileInvoice} title="There is no contract and no invoice yet">
              Both come from your platform’s files: <code>mercat import</code>.
            </Empty>
          ) : (
            <div className={classes.stack}>
              <Budgets report={data} />
              <Units report={data} />
              <Invoices account={account} organizationId={organizationId} />
              {data.cautions.length > 0 ? (
                <Text size="xs" c="dimmed" component="ul" className={classes.notes}>
                  {data.cautions.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </Text>
              ) : null}
            </div>
          )
        }
      </PartOf>
    </Section>
  )
}

function Known({ asOf }: { asOf: string }) {
  return (
    <>
      As of <Day at={asOf} />. Each currency for itself.
    </>
  )
}
