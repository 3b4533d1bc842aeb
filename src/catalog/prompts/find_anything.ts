/** The prompt find_anything: what the account has about something. It must not answer from names alone. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'find_anything',
  title: 'Find anything',
  description: 'Finds campaigns, flows, segments, products, tags and the rest by what you remember of them, and opens the right one.',
  arguments: { what: { description: 'What you remember: part of a name, a tag, a key', required: true } },
  tools: ['search_catalog', 'get_entity'],
  text: ({ what }, tool) => `Find ${what}.

${steps(
  `${tool('search_catalog')} with query ${what}. It forgives typing errors. If nothing fits, try once with fewer words and once with a synonym, and say what you tried.`,
  `If one hit is clearly meant, open it: ${tool('get_entity')} with its type and id. If several could be, list them with type, status and what tells them apart, and ask.`,
)}

Report what it is, its status, what it is linked to, its rule in the words of the answer, and what a person can do with it next in the dashboard. Say which types were left out of the search for want of a scope: what is not found may be there. A name says what somebody called a thing, not what it does: for that read its definition.`,
})
