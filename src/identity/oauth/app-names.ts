/** What apps call themselves, for lists that people read. Reads what is kept and never asks the internet. */
import type { DocumentStore } from './documents-repository.ts'
import type { Records } from './records-repository.ts'

const longest = 60

/** The names of those apps that are still known, by client id. Nobody has checked them. */
export async function appNames(clientIds: readonly string[], records: Pick<Records, 'of'>, documents: Pick<DocumentStore, 'read'>): Promise<ReadonlyMap<string, string>> {
  const known = await Promise.all(
    [...new Set(clientIds)].map(async (id) => {
      const name = id.startsWith('https://') ? ((await documentName(id, documents)) ?? new URL(id).host) : (await records.of('Client').find(id))?.client_name
      const shown =
        typeof name === 'string'
          ? name
              .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
              .trim()
              .slice(0, longest)
          : ''
      return shown ? ([id, shown] as const) : undefined
    }),
  )
  return new Map(known.filter((pair) => pair !== undefined))
}

async function documentName(url: string, documents: Pick<DocumentStore, 'read'>): Promise<unknown> {
  const kept = await documents.read(url)
  return kept && (JSON.parse(kept.text) as { client_name?: unknown }).client_name
}
