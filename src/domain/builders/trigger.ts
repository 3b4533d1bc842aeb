/** Proposes a trigger, from a sentence or from an event and its conditions. */
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { type Condition, conditionSchema, type DidPredicate, type Predicate } from '../predicates/index.ts'
import { newRow } from '../writes/index.ts'
import type { DraftAnswer, UnderstoodPhrase } from './answer.ts'
import type { Context } from './context.ts'
import { withEvent } from './events.ts'
import type { TriggerDraftInput } from './inputs.ts'
import { type Plan, propose } from './propose.ts'
import { refOf } from './references.ts'
import { phrasesOf, ruleOf, triggerOf } from './rules.ts'

export async function proposeTrigger(context: Context, input: TriggerDraftInput): Promise<DraftAnswer> {
  requireScopes(context.principal, 'create:flows')
  return await propose(context, 'create_trigger_draft', input, planOf)
}

/** What sets it off, and for whom. */
interface Meaning {
  readonly event: string
  readonly where: readonly Condition[]
  readonly audience: Predicate | undefined
  readonly windowHours: number | undefined
  readonly delayMinutes: number | undefined
  readonly phrases: readonly UnderstoodPhrase[]
}

async function planOf(context: Context, input: TriggerDraftInput): Promise<Plan> {
  const meaning = await meaningOf(context, input)
  const { event, where } = await eventOf(context, meaning, input.description === undefined ? '' : 'description')
  const followUp = await followUpOf(context, input, meaning.delayMinutes)
  const windowHours = input.windowHours ?? meaning.windowHours
  const definition = {
    event,
    where,
    ...(meaning.audience ? { audience: meaning.audience } : {}),
    ...(windowHours === undefined ? {} : { windowHours }),
    ...(followUp ? { followUp } : {}),
  }
  return { rows: async (db) => [await newRow(db, context.principal, 'trigger', input.name, definition)], understood: meaning.phrases, description: input.description }
}

async function meaningOf(context: Context, { description, event, where, audience }: TriggerDraftInput): Promise<Meaning> {
  const own = audience === undefined ? undefined : await ruleOf(context, audience, 'audience')
  if (description === undefined) {
    if (!event?.trim()) throw wrong('Nothing says which event fires it', 'event', 'Send description (fires on a deposit event with amount greater than 100), or event and where.')
    return { event, where: conditionsOf(where ?? []), audience: own?.tree, windowHours: undefined, delayMinutes: undefined, phrases: own?.phrases ?? [] }
  }
  if (event !== undefined || where !== undefined) throw wrong('The event is given twice: in description and beside it', 'description', 'Send description, or event and where.')
  const words = await triggerOf(context, description, 'description')
  if (words.audience && own) throw wrong('The audience is given twice: in description and as audience', 'audience', 'Say it in one of the two.')
  const tree = words.audience ? (await ruleOf(context, words.audience as unknown as Record<string, unknown>, 'description')).tree : own?.tree
  return {
    event: words.event,
    where: words.where,
    audience: tree,
    windowHours: words.windowHours ?? undefined,
    delayMinutes: words.delayMinutes ?? undefined,
    phrases: [...phrasesOf(words), ...(own?.phrases ?? [])],
  }
}

const wrong = (message: string, argument: string, hint: string) => new MercatError('invalid_arguments', message, { argument, hint })

function conditionsOf(given: readonly Record<string, unknown>[]): Condition[] {
  return given.map((one, index) => {
    const parsed = conditionSchema.safeParse(one)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    const path = [`where[${index}]`, ...(issue?.path ?? []).map(String)].join('.')
    throw wrong(`${path}: ${issue?.message ?? 'is no condition'}`, path, 'A condition is {field, op, value}, such as {"field": "amount", "op": ">", "value": 100}.')
  })
}

/** The event by its name in the account, and its conditions in one form. @param at where they stand in the arguments */
async function eventOf(context: Context, { event, where }: Meaning, at: string): Promise<{ event: string; where: readonly Condition[] }> {
  const vocabulary = withEvent(await context.vocabulary(), event, where)
  const did = { did: event.trim(), ...(where.length ? { where: [...where] } : {}) }
  const { tree } = await context.audience.understood(did, at, vocabulary)
  const understood = tree as DidPredicate
  return { event: understood.did, where: understood.where ?? [] }
}

/** @param said the delay that the description names */
async function followUpOf(context: Context, { followUp }: TriggerDraftInput, said: number | undefined) {
  if (!followUp) return said === undefined ? undefined : { delayMinutes: said }
  const { flow, campaign, delayMinutes = said } = followUp
  if ((flow === undefined) === (campaign === undefined)) throw wrong('followUp names no flow or campaign, or both', 'followUp', 'Send followUp.flow or followUp.campaign.')
  const ref = flow === undefined ? await refOf(context, 'campaign', campaign ?? '', 'followUp.campaign') : await refOf(context, 'flow', flow, 'followUp.flow')
  return { [flow === undefined ? 'campaign' : 'flow']: ref.key, ...(delayMinutes === undefined ? {} : { delayMinutes }) }
}
