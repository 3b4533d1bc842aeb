/** The filters as the address carries them: what is not a filter is left out, and whatever is wrong in one, the server says. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { AuditQuestion } from './types.ts'

export const filters = ['from', 'to', 'person', 'app', 'tool', 'effect', 'outcome'] as const satisfies (keyof AuditQuestion)[]

export function useQuestion(): [AuditQuestion, (change: { readonly [Name in (typeof filters)[number]]?: string | undefined }) => void, () => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const question = Object.fromEntries(filters.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : []))) as AuditQuestion
  const go = (next: Record<string, string | undefined>) => void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
  return [question, (change) => go({ ...question, ...change }), () => go({})]
}
