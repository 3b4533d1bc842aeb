/** The explorer's answers as compact Markdown that says the same as their structured form. Names of users are made inert here. Pure. */
import { label } from '../../core/match.ts'
import { pageLine } from '../../core/page.ts'
import { inline } from '../../core/text.ts'
import type { EntityDetails, EntityList, ListedEntity, SearchAnswer } from './answer.ts'

const safe = (text: string) => inline(label(text))

function entityLine(row: ListedEntity): string {
  const { id, key, name, status, summary, tags, ...rest } = row
  const facts = Object.entries(rest).map(([field, value]) => `${words[field] ?? field} ${safe(String(value))}`)
  return `${id} **${safe(name)}** (${key === name ? '' : `key ${safe(key)}, `}${status}): ${[...facts, ...(tags ? [`tags ${tags.map(safe).join(', ')}`] : []), inline(summary)].filter(Boolean).join('; ')}`
}

const words: Record<string, string> = { createdAt: 'created', updatedAt: 'updated', startsAt: 'starts', endsAt: 'ends', createdBy: 'created by' }

export function listText({ type, rows, coverage, nextCursor, asked: { filters, bounds, sort, asOf } }: EntityList): string {
  const asked = Object.entries(filters).map(([name, value]) => `${name} ${safe(Array.isArray(value) ? value.join(', ') : value)}${bounds[name] ? ` (${bounds[name]})` : ''}`)
  return [
    `${type}: ${pageLine(coverage, nextCursor)}; sorted by ${sort}${asked.length ? `; filters: ${asked.join('; ')}` : ''}; as of ${asOf}`,
    ...rows.map((row) => `- ${entityLine(row)}`),
  ].join('\n')
}

export function entityText({ type, entity, definition, clipped, links, explanation, predicates, nextSteps, notes }: EntityDetails): string {
  return [
    `${type} ${entityLine(entity)}`,
    inline(explanation),
    ...predicates.map(({ path, text }) => `- ${inline(path) || 'rule'}: ${inline(text)}`),
    ...links.map(
      ({ rel, type: to, key, id, name }) =>
        `- ${rel}: ${to} ${[id, name === undefined ? undefined : safe(name), key === undefined ? undefined : `key ${safe(key)}`].filter(Boolean).join(', ')}`,
    ),
    ...(nextSteps.length ? [`Next, by a person in the dashboard only: ${nextSteps.map(({ action, to, scope }) => `${action} → ${to} (${scope})`).join('; ')}`] : []),
    ...notes,
    ...(clipped.length ? [`Shortened here: ${clipped.map(({ path, length }) => `${inline(path) || 'the definition'} (${length})`).join(', ')}`] : []),
    `Definition: ${inline(JSON.stringify(definition))}`,
  ].join('\n')
}

export function searchText({ hits, coverage, corrected, leftOut, counted }: SearchAnswer): string {
  const changed = Object.entries(corrected).map(([word, spellings]) => `${inline(word)} → ${spellings.map(inline).join(' or ')}`)
  return [
    `${pageLine(coverage, null)}${changed.length ? `; nothing has these words, searched instead: ${changed.join(', ')}` : ''}`,
    ...hits.map(({ type, id, name, status, counts }) => {
      const sums = counts ? Object.entries(counts).map(([what, count]) => `${what} ${String(count)}`) : []
      return `- ${type} ${[id, `**${safe(name)}**`, status].filter(Boolean).join(' ')}${sums.length ? `: ${sums.join(', ')}` : ''}`
    }),
    ...(coverage.of > coverage.shown ? [`${coverage.of - coverage.shown} more: raise limit, send more words or types, or page through list_entities with nameContains.`] : []),
    ...(leftOut.length ? [`Left out for lack of scope: ${leftOut.map(({ type, scope }) => `${type} (${scope})`).join(', ')}`] : []),
    counted,
  ].join('\n')
}
