/** The invoices of an organization, newest first, with totals by currency and the lines of one on demand. */
import { Badge, Button, Modal, Select, Text } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useState } from 'react'
import { usePages } from '../../api.ts'
import { Day, decimal, Empty, figure, money, More, Records, StatusBadge, TableBox, Tile, Tiles } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import lineClasses from './invoices.module.css'
import classes from './organizations.module.css'
import { PartOf } from './part.tsx'
import type { Invoice, PartProps } from './types.ts'

const statuses = ['open', 'overdue', 'paid', 'cancelled']

export function Invoices({ account, organizationId }: PartProps) {
  const [status, setStatus] = useState<string | null>(null)
  const [opened, setOpened] = useState<Invoice>()
  const list = usePages('organizations', 'statements', { account: account.systemName, organizationId, ...(status ? { status } : {}) }, { keep: true })
  const invoices = list.data?.pages.flatMap((page) => page.invoices) ?? []
  return (
    <PartOf of={{ ...list, data: list.data?.pages[0] }} what="the invoices">
      {({ totals, coverage }) => (
        <div className={classes.stack}>
          <Totals totals={totals} />
          <div className={lineClasses.head}>
            <Text component="h3" m={0} fw={620} size="md" role="status">
              {figure(coverage.of)} {coverage.of === 1 ? 'invoice' : 'invoices'}
            </Text>
            <Select
              size="xs"
              aria-label="Status of the invoices"
              placeholder="Every status"
              data={statuses.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))}
              value={status}
              onChange={setStatus}
              clearable
              clearButtonProps={{ 'aria-label': 'Every status' }}
              w={160}
            />
          </div>
          {invoices.length > 0 ? (
            <div>
              <Table invoices={invoices} onOpen={setOpened} />
              <More of={list} />
            </div>
          ) : (
            <Empty icon={IconFilterOff} title={status ? `No invoice is ${status}` : 'There is no invoice yet'} />
          )}
          <Modal opened={opened !== undefined} onClose={() => setOpened(undefined)} size="xl" title={opened ? `Invoice ${opened.number}` : ''}>
            {opened ? <Lines invoice={opened} /> : null}
          </Modal>
        </div>
      )}
    </PartOf>
  )
}

function Totals({ totals }: { totals: Output<'organizations', 'statements'>['totals'] }) {
  return (
    <Tiles narrowest="11.5rem">
      {totals.map(({ currency, invoices, invoiced, paid, open, overdue, cancelled }) => (
        <Tile key={currency} title={`Invoiced in ${currency}, ${figure(invoices)} ${invoices === 1 ? 'invoice' : 'invoices'}`} value={money(invoiced, currency)}>
          <dd>Paid {money(paid, currency)}</dd>
          <dd>Open {money(open, currency)}</dd>
          {Number(overdue) > 0 ? <dd>Of it overdue {money(overdue, currency)}</dd> : null}
          {Number(cancelled) > 0 ? <dd>Cancelled besides {money(cancelled, currency)}</dd> : null}
        </Tile>
      ))}
    </Tiles>
  )
}

function Table({ invoices, onOpen }: { invoices: readonly Invoice[]; onOpen: (invoice: Invoice) => void }) {
  return (
    <Records
      label="Invoices"
      rows={invoices}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'cancelled'}
      columns={[
        { title: 'Number', quiet: true, cell: ({ number }) => <span className={classes.name}>{number}</span> },
        { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        { title: 'Issued', cell: ({ issued }) => <Day at={issued} /> },
        { title: 'Due', cell: ({ due }) => <Day at={due} /> },
        { title: 'Year', cell: ({ year }) => year },
        { title: 'Total', end: true, cell: ({ total, currency }) => money(total, currency) },
        {
          title: 'Lines',
          end: true,
          quiet: true,
          cell: (invoice) => {
            const count = invoice.lines.length + (invoice.moreLines ?? 0)
            const words = `${figure(count)} ${count === 1 ? 'line' : 'lines'}`
            return (
              <Button size="xs" variant="default" onClick={() => onOpen(invoice)} aria-haspopup="dialog" aria-label={`${words} of ${invoice.number}`}>
                {words}
              </Button>
            )
          },
        },
      ]}
    />
  )
}

const kinds: Readonly<Record<string, string>> = { platform_fee: 'Platform fee', units: 'Units', other: 'Other', discount: 'Discount', tax: 'Tax' }

function Lines({ invoice: { number, lines, moreLines, currency, total, status, issued, due } }: { invoice: Invoice }) {
  return (
    <div className={classes.stack}>
      <Text size="sm" component="div" className={classes.facts}>
        <StatusBadge status={status} />
        <span>
          Issued <Day at={issued} />
        </span>
        <span>
          Due <Day at={due} />
        </span>
      </Text>
      <TableBox label={`Lines of ${number}`} className={lineClasses.lines}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ kind, description, quantity, unitPrice, amount }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and never change their order
            <tr key={index}>
              <th scope="row">
                {description === undefined ? null : <bdi>{description} </bdi>}
                <Badge size="sm" color="gray" component="span">
                  {kinds[kind] ?? kind}
                </Badge>
                {quantity === undefined ? null : (
                  <div className={classes.small}>
                    {decimal(quantity)}
                    {unitPrice === undefined ? '' : ` × ${money(unitPrice, currency)}`}
                  </div>
                )}
              </th>
              <td>{money(amount, currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total{moreLines === undefined ? '' : `, with ${figure(moreLines)} more lines that are not shown`}</th>
            <td>{money(total, currency)}</td>
          </tr>
        </tfoot>
      </TableBox>
    </div>
  )
}
