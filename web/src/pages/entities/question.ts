/** What a list of entities is narrowed to, as the address carries it. What is wrong in it, the server says. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Input } from '../../server.ts'
import type { EntityName } from './types.ts'

const names = ['name', 'status', 'channel', 'brand', 'folder', 'tag', 'sort'] as const
type QuestionName = (typeof names)[number]
export type Question = { readonly [Name in QuestionName]?: string }
export type Change = { readonly [Name in QuestionName]?: string | undefined }

/** The orders of a list; the first is the usual one and stands in no address. */
export const sorts = [
  { value: 'newest', label: 'Newest first', sort: 'created', direction: 'desc' },
  { value: 'changed', label: 'Last changed first', sort: 'updated', direction: 'desc' },
  { value: 'name', label: 'Name, A to Z', sort: 'name', direction: 'asc' },
  { value: 'starts', label: 'Latest start first', sort: 'starts', direction: 'desc' },
] as const

/** The server's name of each filter. */
const lists = { status: 'statuses', channel: 'channels', brand: 'brands', folder: 'folders', tag: 'tags' } as const
export const argumentOf = (name: QuestionName): string => (name in lists ? lists[name as keyof typeof lists] : 'nameContains')

export function useQuestion(): [Question, (change: Change) => void, () => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const question = Object.fromEntries(names.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : []))) as Question
  const go = (next: Change) => void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
  return [question, (change) => go({ ...question, ...change }), () => go({})]
}

/** The question as the API takes it. */
export function asked(account: string, type: EntityName, question: Question): Input<'entities', 'list'> {
  const { sort, direction } = sorts.find(({ value }) => value === question.sort) ?? sorts[0]
  const narrowed = Object.fromEntries(
    Object.entries(lists).flatMap(([name, argument]) => (question[name as keyof typeof lists] ? [[argument, [question[name as keyof typeof lists]]]] : [])),
  )
  return { account, type, sort, direction, ...narrowed, ...(question.name ? { nameContains: question.name } : {}) }
}
