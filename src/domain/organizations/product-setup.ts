/** Links products to a campaign that is not switched on yet, and both to a theme set: only adds links, and never takes one away. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { textUpTo } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { inline } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, entityType, listOrganizations } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { lockDefinition, type NextStep, nextStepSchema, nextStepText, once, writeArguments, writeDefinition } from '../writes/index.ts'
import { type Installation, linkTo, toolOf } from './context.ts'
import { entityOf, nameArgument } from './find.ts'
import type { Row } from './rows-repository.ts'

export const productSetupInput = z.strictObject({
  campaignId: nameArgument.describe('Id, key or exact name of a campaign that is a draft'),
  products: z
    .array(textUpTo(200))
    .refine((values) => values.length >= 1 && values.length <= 50, 'Send 1 to 50 product configurations')
    .describe('Product configurations: ids, keys or exact names'),
  themeSetId: textUpTo(200).optional().describe('Theme set of the organization: id, key or exact name'),
  ...writeArguments,
})
type Input = z.output<typeof productSetupInput>

const ref = z.object({ id: z.string(), key: z.string(), name: z.string(), status: z.string() })
export const productSetupOutput = z.object({
  validateOnly: z.boolean(),
  repeated: z.boolean().describe('true: an earlier call with this idempotencyKey did it'),
  campaign: ref,
  added: z.array(ref).describe('Products that were not linked before'),
  already: z.array(ref),
  themeSet: ref.nullable(),
  themeSetAdded: z.array(z.string()).describe('Links the theme set gained'),
  warnings: z.array(z.string()),
  link: z.string().nullable(),
  nextStep: nextStepSchema,
})
export type ProductSetup = z.output<typeof productSetupOutput>
type Ref = z.output<typeof ref>

interface Plan {
  readonly campaign: Row
  readonly products: readonly Row[]
  readonly themeSet: Row | undefined
}

const refOf = ({ id, key, name, status }: Row): Ref => ({ id, key, name, status })
const listIn = (definition: Record<string, unknown>, field: string): string[] => (definition[field] as string[] | undefined) ?? []

export async function setUpProducts(stores: Stores, principal: Principal, input: Input, installation: Installation): Promise<ProductSetup> {
  requireScopes(principal, 'create:campaigns')
  const { validateOnly, idempotencyKey, ...wanted } = input
  const plan = await planOf(stores.db, principal, input)
  const { result, repeated } = validateOnly
    ? { result: changesOf(plan, plan.campaign.definition, plan.themeSet?.definition), repeated: false }
    : await once(stores, principal, { tool: 'campaign_product_setup', idempotencyKey, arguments: wanted }, async (transaction) => {
        const { id: accountId } = principal.account
        // What is linked is decided by the rows as they are now, locked: two calls at once add to each other.
        const campaign = await lockDefinition(transaction, accountId, plan.campaign.id)
        assertDraft(plan.campaign, campaign.status)
        const themeSet = plan.themeSet && (await lockDefinition(transaction, accountId, plan.themeSet.id))
        const changes = changesOf(plan, campaign.definition, themeSet?.definition)
        const { products, themeSetProducts, themeSetCampaigns } = changes
        if (changes.added.length) await write(transaction, accountId, 'campaign', plan.campaign.id, { ...campaign.definition, products }, stores.clock())
        if (plan.themeSet && themeSet && changes.themeSetAdded.length) {
          await write(transaction, accountId, 'theme_set', plan.themeSet.id, { ...themeSet.definition, products: themeSetProducts, campaigns: themeSetCampaigns }, stores.clock())
        }
        return changes
      })
  const { campaign, themeSet } = plan
  const organization = campaign.organizationId
  return {
    validateOnly,
    repeated,
    campaign: refOf(campaign),
    added: [...result.added],
    already: [...result.already],
    themeSet: themeSet ? refOf(themeSet) : null,
    themeSetAdded: [...result.themeSetAdded],
    warnings: warningsOf(plan),
    link: organization === null ? null : linkTo(installation, principal.account, organization, 'campaigns'),
    nextStep: await nextOf(stores.db, principal, plan, validateOnly, installation),
  }
}

async function planOf(db: DbOrTransaction, principal: Principal, input: Input): Promise<Plan> {
  const campaign = await entityOf(db, principal, 'campaign', input.campaignId, 'campaignId')
  assertDraft(campaign, campaign.status)
  const products: Row[] = []
  for (const [index, given] of input.products.entries()) {
    const argument = `products[${index}]`
    const product = await entityOf(db, principal, 'product_configuration', given, argument)
    if (product.status === 'archived')
      throw new MercatError('conflict', `The product ${JSON.stringify(label(product.name))} is archived`, {
        argument,
        value: label(product.name),
        hint: 'Choose another; list_product_catalog shows the status of each.',
      })
    if (!products.some(({ id }) => id === product.id)) products.push(product)
  }
  if (!input.themeSetId?.trim()) return { campaign, products, themeSet: undefined }
  if (campaign.organizationId === null)
    throw new MercatError('conflict', 'The campaign belongs to no organization, and theme sets do', { argument: 'themeSetId', hint: 'Leave themeSetId out.' })
  return { campaign, products, themeSet: await entityOf(db, principal, 'theme_set', input.themeSetId, 'themeSetId', campaign.organizationId) }
}

/** What people have switched on, only people change. */
function assertDraft({ name, id }: Row, status: string): void {
  if (status === 'draft') return
  throw new MercatError('conflict', `The campaign ${JSON.stringify(label(name))} (${id}) is ${status}: only drafts are set up here`, {
    argument: 'campaignId',
    value: label(name),
    hint: 'A person changes it in the dashboard.',
  })
}

/** The links as they would be, and which of them are new. */
function changesOf({ campaign, products, themeSet }: Plan, before: Record<string, unknown>, ofThemeSet: Record<string, unknown> | undefined) {
  const linked = new Set(listIn(before, 'products'))
  const keys = products.map(({ key }) => key)
  const together = (old: readonly string[], more: readonly string[]) => [...new Set([...old, ...more])]
  const themeProducts = listIn(ofThemeSet ?? {}, 'products')
  const themeCampaigns = listIn(ofThemeSet ?? {}, 'campaigns')
  const gained = themeSet ? [...keys.filter((key) => !themeProducts.includes(key)), ...[campaign.key].filter((key) => !themeCampaigns.includes(key))] : []
  return {
    added: products.filter(({ key }) => !linked.has(key)).map(refOf),
    already: products.filter(({ key }) => linked.has(key)).map(refOf),
    products: together([...linked], keys),
    themeSetProducts: together(themeProducts, keys),
    themeSetCampaigns: together(themeCampaigns, [campaign.key]),
    themeSetAdded: gained,
  }
}

async function write(
  transaction: Parameters<typeof writeDefinition>[0],
  accountId: string,
  type: EntityType,
  id: string,
  definition: Record<string, unknown>,
  now: Date,
): Promise<void> {
  const checked = entityType(type).definition.safeParse(definition)
  if (!checked.success) throw new MercatError('conflict', `The ${entityType(type).title.toLowerCase()} would hold more links than it may`, { hint: 'Link fewer products.' })
  await writeDefinition(transaction, accountId, id, checked.data, now)
}

function warningsOf({ products, themeSet }: Plan): string[] {
  return products.flatMap(({ name, status, definition }) => [
    ...(status === 'draft' ? [`The product ${label(name)} is a draft itself: it is not offered until somebody activates it.`] : []),
    ...(listIn(definition, 'artwork').length === 0 && !themeSet ? [`The product ${label(name)} has no artwork, and no theme set is linked.`] : []),
  ])
}

async function nextOf(db: DbOrTransaction, principal: Principal, { campaign }: Plan, validateOnly: boolean, installation: Installation): Promise<NextStep> {
  if (validateOnly)
    return { by: 'tool', what: 'if this is right, do it: the same arguments without validateOnly, and an idempotencyKey.', tool: toolOf(installation, 'campaign_product_setup') }
  const own = (await listOrganizations(db, principal)).find(({ id }) => id === campaign.organizationId)
  return {
    by: 'tool',
    what: 'step 4 of 4: a person with approve:drafts switches the campaign on in the dashboard; the checklist says how far it is.',
    tool: toolOf(installation, 'get_organization_onboarding_status'),
    arguments: own ? { organizationId: own.id } : {},
  }
}

export function productSetupText({ validateOnly, repeated, campaign, added, already, themeSet, themeSetAdded, warnings, link, nextStep }: ProductSetup): string {
  const names = (rows: readonly Ref[]) => rows.map(({ id, name }) => `${inline(label(name))} (${id})`).join(', ')
  const head = validateOnly ? 'Would set up' : repeated ? 'Was set up before by this call' : 'Set up'
  return [
    `${head}: campaign **${inline(label(campaign.name))}** (${campaign.id}, ${campaign.status})`,
    `- products ${validateOnly ? 'to link' : 'linked'}: ${names(added) || 'none new'}${already.length ? `; linked before: ${names(already)}` : ''}`,
    ...(themeSet
      ? [
          `- theme set ${inline(label(themeSet.name))} (${themeSet.id}): ${themeSetAdded.length ? `gains links to ${themeSetAdded.map(label).map(inline).join(', ')}` : 'has the links already'}`,
        ]
      : []),
    ...warnings.map((line) => `- Mind: ${inline(line)}`),
    ...(link && !validateOnly ? [link] : []),
    nextStepText(nextStep),
  ].join('\n')
}
