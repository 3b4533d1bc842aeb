/** What the four tools take. Resolves nothing. Short: a client reads all of it with every listing. */
import { z } from 'zod'
import { listUpTo, nameField, textUpTo } from '../../core/arguments.ts'
import { unstorable } from '../../core/text.ts'
import { campaignDefinition, channelNames, streamDefinition, targetGroupDefinition, triggerDefinition } from '../entities/index.ts'
import { writeArguments } from '../writes/index.ts'

const clean = 'Send text without NUL characters and halves of surrogate pairs'
const storable = (value: unknown) => !unstorable.test(JSON.stringify(value))
/** On several lines, as people write it. */
const text = (most: number) => textUpTo(most).refine(storable, clean)
const oneLine = (most: number) => textUpTo(most).refine((value) => /^[^\p{Cc}\p{Cs}]*$/u.test(value), 'Send one line, without control characters')

/** A rule in words. */
const english = text(2000)
const tree = z.looseObject({}).refine(storable, clean)
/** In words, or as a tree. */
const rule = z.union([english, tree])
export type RuleGiven = z.output<typeof rule>
const reference = oneLine(200)
const common = { organizationId: reference.optional(), ...writeArguments }

const { priority } = targetGroupDefinition.shape
export const targetGroupDraftInput = z.strictObject({
  name: nameField,
  description: english.optional().describe('The rule in English: customers in Germany who have not ordered in the last 90 days'),
  tree: tree.optional().describe('Or the rule as audience_size takes it'),
  priority,
  exclusions: listUpTo(20, reference).optional().describe('Target groups to leave out'),
  ...common,
})
export type TargetGroupDraftInput = z.output<typeof targetGroupDraftInput>

const { kind, controlShare, countries } = campaignDefinition.shape
const day = textUpTo(40).optional()
export const campaignDraftInput = z.strictObject({
  name: nameField,
  channel: z.enum(channelNames),
  targetGroup: reference.optional().describe('Id, key or name'),
  audience: rule.optional().describe('Instead of targetGroup: a rule in English or a tree; makes a target group draft too'),
  kind,
  subject: text(1000).optional(),
  preheader: text(1000).optional(),
  content: text(200_000).optional(),
  sendAt: textUpTo(40).optional().describe('yyyy-MM-ddTHH:mm in the account’s zone'),
  variants: z
    .array(z.strictObject({ name: oneLine(100), share: z.number().optional(), subject: text(1000).optional() }))
    .refine((values) => values.length <= 20, 'Send at most 20 variants')
    .optional(),
  controlShare: controlShare.describe('Share held out, 0 to 1'),
  countries: z
    .array(countries.unwrap().element)
    .refine((values) => values.length <= 250, 'Send at most 250 countries')
    .optional(),
  promotion: reference.optional(),
  brand: reference.optional(),
  folder: reference.optional(),
  tags: listUpTo(20, oneLine(100)).optional(),
  startDate: day,
  endDate: day,
  ...common,
})
export type CampaignDraftInput = z.output<typeof campaignDraftInput>

const { windowHours } = triggerDefinition.shape
export const triggerDraftInput = z.strictObject({
  name: nameField,
  description: english.optional().describe('fires on a deposit event with amount greater than 100'),
  event: oneLine(200).optional().describe('Instead of description'),
  where: z
    .array(tree)
    .refine((values) => values.length <= 20, 'Send at most 20 conditions')
    .optional()
    .describe('{field, op, value} on the event'),
  audience: rule.optional().describe('Which customers, in English or a tree; default: all'),
  windowHours,
  followUp: z.strictObject({ flow: reference.optional(), campaign: reference.optional(), delayMinutes: z.int().min(0).max(525_600).optional() }).optional(),
  ...common,
})
export type TriggerDraftInput = z.output<typeof triggerDraftInput>

const { measurementDays } = streamDefinition.shape
export const streamDraftInput = z.strictObject({
  name: nameField,
  campaigns: z
    .array(z.strictObject({ campaign: reference, treatment: oneLine(200).optional(), condition: rule.optional() }))
    .refine((values) => values.length >= 1 && values.length <= 50, 'Send 1 to 50 campaigns')
    .describe('In the order they are tried; condition in English or a tree'),
  measurementDays,
  ...common,
})
export type StreamDraftInput = z.output<typeof streamDraftInput>
