/** What apps call themselves, for lists that people read. Reads what is kept and never asks the internet. */
import { knownAppView } from '../pages/app-view.ts'
import { appFacts } from './app-facts.ts'
import type { DocumentStore } from './documents-repository.ts'
import type { Records } from './records-repository.ts'

/** The names of those apps that are still known, by client id. Nobody has checked them. */
export async function appNames(clientIds: readonly string[], records: Pick<Records, 'of'>, documents: Pick<DocumentStore, 'read'>): Promise<ReadonlyMap<string, string>> {
  const known = await Promise.all(
    [...new Set(clientIds)].map(async (clientId) => {
      const facts = await appFacts(clientId, records, documents)
      return facts && ([clientId, knownAppView(clientId, facts).name] as const)
    }),
  )
  return new Map(known.filter((pair) => pair !== undefined))
}
