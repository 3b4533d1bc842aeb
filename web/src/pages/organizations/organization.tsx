/** One organization: what it is, how far its onboarding is, and its campaigns, webapps, artwork and bills, each part for those who may see it. */
import { Text } from '@mantine/core'
import { IconBuildingOff } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import { type ComponentType, type ReactNode, useEffect } from 'react'
import { useApi } from '../../api.ts'
import { Absent, BackLink, CopyField, Day, Page } from '../../kit/index.ts'
import type { Account, Output, Scope } from '../../server.ts'
import { Artwork } from './artwork.tsx'
import { Billing } from './billing.tsx'
import { Campaigns } from './campaigns.tsx'
import { OnboardingSection } from './onboarding.tsx'
import classes from './organizations.module.css'
import type { Onboarding, PartProps } from './types.ts'
import { Webapps } from './webapps.tsx'

/** In the order of the page. The names are those of the links that tools give (src/domain/organizations/context.ts). */
const parts: readonly { readonly id: string; readonly title: string; readonly scope: Scope; readonly part: ComponentType<PartProps> }[] = [
  { id: 'campaigns', title: 'Campaigns', scope: 'read:campaigns', part: Campaigns },
  { id: 'webapps', title: 'Webapps', scope: 'read:webapps', part: Webapps },
  { id: 'artwork', title: 'Artwork', scope: 'read:artwork', part: Artwork },
  { id: 'billing', title: 'Billing', scope: 'read:billing', part: Billing },
]

/** Who has it sees the list of organizations, and whom to speak to there. */
export const ofTheList: Scope = 'manage:organization'

export function Organization({ account, item }: { account: Account; item: string }) {
  const { data, error, refetch } = useApi('organizations', 'one', { account: account.systemName, organizationId: item })
  const back = account.scopes.includes(ofTheList) && (
    <BackLink account={account} path="organizations">
      Organizations
    </BackLink>
  )
  if (data) return <Found key={data.organization.id} account={account} data={data} back={back} />
  return <Absent account={account} path="organizations" one="organization" many="organizations" icon={IconBuildingOff} back={back} error={error} retry={refetch} />
}

function Found({ account, data, back }: { account: Account; data: Onboarding; back: ReactNode }) {
  const { id, key, name, currency } = data.organization
  const contact = useApi('organizations', 'contact', { account: account.systemName, organizationId: id }, { enabled: account.scopes.includes(ofTheList) }).data
  const since = data.steps.find(({ step }) => step === 'organization')?.date
  const shown = parts.filter(({ scope }) => account.scopes.includes(scope))
  useAnchor()
  return (
    <Page
      wide
      title={name}
      back={back}
      description={
        <Text size="sm" component="div" className={classes.facts}>
          <span>
            Key <bdi>{key}</bdi>
          </span>
          <span>Currency {currency}</span>
          {since === undefined ? null : (
            <span>
              Since <Day at={since} />
            </span>
          )}
          {contact ? <Facts {...contact} /> : null}
        </Text>
      }
      actions={<CopyField value={id} label="organization id" />}
    >
      {shown.length > 1 ? (
        <nav aria-label="Parts of this page">
          <ul className={classes.parts}>
            {shown.map((part) => (
              <li key={part.id}>
                <Link to="." hash={part.id} activeOptions={{ includeHash: true }}>
                  {part.title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      <OnboardingSection onboarding={data} />
      {shown.map(({ id: name, part: Part }) => (
        <Part key={name} account={account} organizationId={id} />
      ))}
    </Page>
  )
}

/** Whom people speak to there. */
function Facts({ country, website, contact }: Output<'organizations', 'contact'>) {
  return (
    <>
      {country === undefined ? null : <span>{country}</span>}
      {website === undefined ? null : (
        <a href={website} target="_blank" rel="noreferrer noopener">
          {new URL(website).host}
        </a>
      )}
      {contact === undefined ? null : (
        <span>
          Contact{' '}
          {[
            contact.name === undefined ? undefined : <bdi key="name">{contact.name}</bdi>,
            contact.email === undefined ? undefined : (
              <a key="email" href={`mailto:${contact.email}`}>
                {contact.email}
              </a>
            ),
            contact.phone === undefined ? undefined : <bdi key="phone">{contact.phone}</bdi>,
          ]
            .filter((part) => part !== undefined)
            .flatMap((part, index) => (index > 0 ? [', ', part] : [part]))}
        </span>
      )}
    </>
  )
}

/** Parts above the one that the address leads to come in later and push it down: it is brought back until somebody moves, for a while. */
function useAnchor(): void {
  const { hash } = useLocation()
  useEffect(() => {
    if (!hash) return
    const watch = new ResizeObserver(() => document.getElementById(hash)?.scrollIntoView())
    const stop = () => watch.disconnect()
    watch.observe(document.body)
    const timer = setTimeout(stop, 10_000)
    const moves = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const
    for (const move of moves) addEventListener(move, stop, { passive: true })
    return () => {
      stop()
      clearTimeout(timer)
      for (const move of moves) removeEventListener(move, stop)
    }
  }, [hash])
}
