/** One entity in full: its definition, its predicates in words, what it is linked to, and what a person may do with it. Changes nothing. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label, nearNames } from '../../core/match.ts'
import { clip } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type CampaignDefinition, entityType, type EntityType, type EntityTypeDefinition, nextSteps } from '../entities/index.ts'
import { explain, type Predicate, type ShownNames } from '../predicates/index.ts'
import type { Stores } from '../stores.ts'
import { mayRead, requireType, typesNamed } from './access.ts'
import type { EntityDetails, Link, OpenedEntity } from './answer.ts'
import type { GetEntityInput } from './arguments.ts'
import { fitDefinition } from './fit-definition.ts'
import { toListed } from './listed.ts'
import { type Message, readMessage } from './message.ts'
import { findNames, findNamed, nameOfUser, namesOf, type Row } from './rows-repository.ts'

const mostMatches = 20
/** Names that a wrong one is compared with. */
const mostNames = 50_000
const mostLinks = 50
const mostPredicates = 120

/** The form for answers to assistants: short. Throws `campaign_not_found` or `not_found` with the nearest names, and `unknown_value` with the ids where several entities have the name. */
export async function getEntity({ db }: Stores, principal: Principal, input: GetEntityInput): Promise<EntityDetails> {
  const { type, kind, row, listed, createdBy, said, definition } = await read(db, principal, input)
  const predicates = said.flatMap(({ path, parts }) => parts.map((part) => ({ path: [path, part.path].filter(Boolean).join('.'), text: clip(part.text, 300) })))
  const { links, more } = await linksOf(db, principal, definition ? kind.links(definition) : [], mostLinks)
  const { value, clipped } = fitDefinition(row.definition)
  return {
    type,
    entity: { ...listed, ...createdBy },
    definition: value as Record<string, unknown>,
    clipped,
    links,
    explanation: clip([`${kind.title}: ${listed.summary}.`, ...said.map(({ text }) => `${text}.`)].join(' '), 3000),
    predicates: predicates.slice(0, mostPredicates),
    nextSteps: stepsOf(kind, row),
    notes: [
      ...notesOf(kind, row),
      ...(more > 0 ? [`${more} more links are not listed.`] : []),
      ...(predicates.length > mostPredicates ? [`${predicates.length - mostPredicates} more predicates are not listed.`] : []),
    ],
  }
}

/** The same entity whole, for the dashboard. Throws as `getEntity`. */
export async function openEntity({ db }: Stores, principal: Principal, input: GetEntityInput): Promise<OpenedEntity> {
  const { type, kind, row, listed, createdBy, said, definition } = await read(db, principal, input)
  const flow = type === 'campaign' && row.flow_id !== null && mayRead(principal, 'flow') ? await findNames(db, principal, 'flow', 'id', [row.flow_id]) : []
  const { links } = await linksOf(db, principal, definition ? kind.links(definition) : [], Number.POSITIVE_INFINITY)
  return {
    type,
    entity: { ...listed, ...createdBy },
    definition: definition ?? null,
    rules: said.map(({ path, text }) => ({ path, text })),
    message: messageOf(type, definition),
    links: [...flow.map((one) => ({ rel: 'part of', type: 'flow', ...one })), ...links],
    nextSteps: stepsOf(kind, row),
    notes: notesOf(kind, row),
  }
}

async function read(db: DbOrTransaction, principal: Principal, input: GetEntityInput) {
  const [type] = typesNamed([input.type], 'type')
  if (type === undefined) throw new Error('A name means a type, or is refused')
  requireType(principal, type)
  const row = await find(db, principal, type, input.entity.trim())
  const kind = entityType(type)
  // Checked when it was written; a later version of the type may ask for more than is stored.
  const definition = kind.definition.safeParse(row.definition).data
  const [listed] = await toListed(db, principal, type, [row])
  if (!listed) throw new Error('A row makes a listed row')
  const rules = definition ? kind.rules(definition) : []
  const names = await namesIn(
    db,
    principal,
    rules.map(({ tree }) => tree),
  )
  const said = rules.map(({ path, tree }) => ({ path, ...explain(tree, names) }))
  const name = row.created_by === null ? undefined : await nameOfUser(db, row.created_by)
  return { type, kind, row, listed, createdBy: name === undefined ? {} : { createdBy: name }, said, definition }
}

function messageOf(type: EntityType, definition: Readonly<Record<string, unknown>> | undefined): Message | null {
  const content = type === 'campaign' ? (definition as CampaignDefinition | undefined)?.template?.content : undefined
  return (content !== undefined && readMessage(content)) || null
}

const stepsOf = (kind: EntityTypeDefinition, { status }: Row) => nextSteps(kind, status).map(({ action, to, scope }) => ({ action, to, scope }))

const notesOf = ({ inSettings }: EntityTypeDefinition, { origin }: Row): string[] => [
  ...(origin === 'observed' ? ['Seen in events, not imported yet: only its key is known.'] : []),
  ...(inSettings ? ['A setting of the account: an owner changes it in the settings.'] : []),
]

async function find(db: DbOrTransaction, principal: Principal, type: EntityType, given: string): Promise<Row> {
  const rows = await findNamed(db, principal, type, given, mostMatches + 1)
  const [row] = rows
  const { title } = entityType(type)
  const value = clip(given, 60)
  if (!row) {
    const names = (await namesOf(db, principal, type, mostNames)).map(label)
    throw new MercatError(type === 'campaign' ? 'campaign_not_found' : 'not_found', `${title} not found`, {
      argument: 'entity',
      value,
      nearest: nearNames(given, names),
      hint: 'Send an id, a key or an exact name; list_entities with nameContains finds parts of names.',
    })
  }
  if (rows.length === 1) return row
  throw new MercatError(
    'unknown_value',
    `${rows.length > mostMatches ? `More than ${mostMatches}` : rows.length} entities of the type ${type} are called ${JSON.stringify(value)}`,
    {
      argument: 'entity',
      value,
      allowed: rows.slice(0, mostMatches).map(({ id }) => id),
      hint: 'Send the id of one.',
    },
  )
}

/** Names of the campaigns, flows, brands and folders that trees speak of by id or key. */
async function namesIn(db: DbOrTransaction, principal: Principal, trees: readonly Predicate[]): Promise<ShownNames> {
  const texts = new Set<string>()
  const walk = (node: unknown): void => {
    if (typeof node === 'string' && texts.size < 500) texts.add(node)
    else if (typeof node === 'object' && node !== null) for (const inner of Object.values(node)) walk(inner)
  }
  walk(trees)
  const names = new Map<string, string>()
  for (const type of ['campaign', 'flow', 'brand', 'folder'] as const) {
    if (!mayRead(principal, type)) continue
    for (const { id, key, name } of await findNames(db, principal, type, 'either', [...texts])) for (const word of [id, key]) names.set(word, name)
  }
  return names
}

/** Links with ids and names where the principal may see them; otherwise the key that the definition itself has. */
async function linksOf(db: DbOrTransaction, principal: Principal, all: ReturnType<EntityTypeDefinition['links']>, most: number): Promise<{ links: Link[]; more: number }> {
  const shown = all.slice(0, most)
  const found = new Map<string, { id: string; name: string }>()
  for (const type of new Set(shown.map((link) => link.type))) {
    if (!mayRead(principal, type)) continue
    const keys = shown.flatMap((link) => (link.type === type ? [link.key] : []))
    for (const { id, key, name } of await findNames(db, principal, type as EntityType, 'key', keys)) found.set(`${type} ${key}`, { id, name })
  }
  return { links: shown.map(({ rel, type, key }) => ({ rel, type, key, ...found.get(`${type} ${key}`) })), more: all.length - shown.length }
}
