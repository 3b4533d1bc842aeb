/** A flow as lines to read from its start on: steps one after the other, branches where it divides. Each node stands once; where ways meet again, the later one says where it goes on. Pure. */
import type { Definitions } from '../../server.ts'
import { percent } from './words.ts'

export type FlowNode = Definitions['flow']['nodes'][number]

export interface FlowStep {
  readonly node: FlowNode
  /** Its place in the definition. */
  readonly index: number
  /** Its place on the page: 1, 2, 3 … */
  readonly number: number
  readonly branches: readonly { readonly label: string; readonly lines: readonly FlowLine[] }[]
}

/** `again`: goes on at a step that stands elsewhere; null: at a node that does not exist. */
export type FlowLine = { readonly step: FlowStep } | { readonly again: number | null }

/** @returns a way for each start, then for what no start leads to */
export function flowTree(nodes: readonly FlowNode[]): { readonly started: boolean; readonly lines: readonly FlowLine[] }[] {
  const places = new Map<string, number>()
  for (const [index, { id }] of nodes.entries()) if (!places.has(id)) places.set(id, index)
  const numbers = new Map<number, number>()

  const way = (from: number | undefined): FlowLine[] => {
    const lines: FlowLine[] = []
    for (let index = from; ; ) {
      const node = index === undefined ? undefined : nodes[index]
      if (index === undefined || node === undefined) return [...lines, { again: null }]
      const known = numbers.get(index)
      if (known !== undefined) return [...lines, { again: known }]
      const number = numbers.size + 1
      numbers.set(index, number)
      const divides = node.next.length > 1
      const branches = divides ? node.next.map((id, branch) => ({ label: labelOf(node, branch), lines: way(places.get(id)) })) : []
      lines.push({ step: { node, index, number, branches } })
      const [next] = node.next
      if (divides || next === undefined) return lines
      index = places.get(next)
    }
  }

  const named = new Set(nodes.flatMap(({ next }) => next))
  const isStart = ({ kind }: FlowNode) => kind === 'event_start' || kind === 'schedule_start'
  const starts = nodes.some(isStart) ? isStart : ({ id }: FlowNode) => !named.has(id)
  const ways = nodes.flatMap((node, index) => (starts(node) && !numbers.has(index) ? [{ started: true, lines: way(index) }] : []))
  const lost = nodes.flatMap((_, index) => (numbers.has(index) ? [] : [{ started: false, lines: way(index) }]))
  return [...ways, ...lost]
}

function labelOf({ kind, shares }: FlowNode, branch: number): string {
  if (kind === 'condition') return ['Yes', 'No'][branch] ?? `Way ${branch + 1}`
  const share = shares?.[branch]
  const part = share === undefined ? '' : percent(share)
  if (kind === 'ab_split') return [String.fromCharCode(65 + branch), part].filter(Boolean).join(', ')
  return part || `Way ${branch + 1}`
}
