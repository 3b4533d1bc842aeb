/** The product catalog of the account: what can be made, and how each product is configured for campaigns. */
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFilterOff, IconPhotoSquareRounded, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi, usePages } from '../api.ts'
import { Empty, figure, Loading, More, Page, Problem, Section } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { ProductCard } from './products/product-card.tsx'
import classes from './products/products.module.css'

function Products({ account }: { account: Account }) {
  const [wanted, setWanted] = useState('')
  const [kind, setKind] = useState<string | null>(null)
  const [name] = useDebouncedValue(wanted.trim(), 250)
  const asked = { account: account.systemName, ...(kind ? { kind } : {}), ...(name ? { nameContains: name } : {}) }
  const list = usePages('organizations', 'products', asked, { keep: true })
  // Of the whole catalog, whatever it is narrowed to.
  const all = useApi('organizations', 'products', { account: account.systemName, limit: 200 })
  const kinds = [...new Set(all.data?.products.flatMap((product) => product.kind ?? []))].sort()
  const first = list.data?.pages[0]
  const products = list.data?.pages.flatMap((page) => page.products) ?? []
  const narrowed = kind !== null || name !== ''
  const clear = () => {
    setKind(null)
    setWanted('')
  }
  return (
    <Page wide title="Products" description={`What campaigns of ${account.name} can offer: base products, and how each is configured.`}>
      {first || !list.error ? (
        <>
          {narrowed || wanted || (first?.coverage.of ?? 0) > 0 ? (
            <search aria-label="Filters of the products">
              <Group gap="sm" align="flex-end">
                <TextInput
                  label="Name"
                  placeholder="Any name"
                  value={wanted}
                  onChange={({ currentTarget }) => setWanted(currentTarget.value)}
                  leftSection={<IconSearch size={16} aria-hidden />}
                  type="search"
                  maxLength={200}
                  w={{ base: '100%', xs: 240 }}
                />
                <Select
                  label="Kind"
                  placeholder="Every kind"
                  data={kinds}
                  value={kind}
                  onChange={setKind}
                  clearable
                  clearButtonProps={{ 'aria-label': 'Every kind' }}
                  searchable={kinds.length > 7}
                  nothingFoundMessage="No such kind"
                  w={{ base: '100%', xs: 200 }}
                />
              </Group>
            </search>
          ) : null}
          {first ? (
            products.length > 0 ? (
              <Section title={`${figure(first.coverage.of)} ${first.coverage.of === 1 ? 'product' : 'products'}`}>
                <div className={classes.products}>
                  {products.map((product) => (
                    <ProductCard key={product.id} product={product} />
                  ))}
                </div>
                <More of={list} />
              </Section>
            ) : (
              <Nothing narrowed={narrowed} onClear={clear} />
            )
          ) : (
            <Loading rows={4} height={120} what="the products" />
          )}
        </>
      ) : (
        <Problem error={list.error} retry={list.refetch} what="The products" />
      )}
    </Page>
  )
}

function Nothing({ narrowed, onClear }: { narrowed: boolean; onClear: () => void }) {
  if (narrowed) {
    return (
      <Empty
        icon={IconFilterOff}
        title="No product matches"
        action={
          <Button variant="default" onClick={onClear}>
            Show all
          </Button>
        }
      />
    )
  }
  return (
    <Empty icon={IconPhotoSquareRounded} title="The catalog is empty">
      Products and their configurations come from your platform’s files: <code>mercat import</code>. Campaigns offer the configurations.
    </Empty>
  )
}

export default definePage({ path: 'products', title: 'Products', icon: IconPhotoSquareRounded, group: 'library', order: 60, place: 'account', component: Products })
