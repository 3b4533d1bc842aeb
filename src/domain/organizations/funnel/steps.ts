/** The steps of a webapp's funnel and the form its counts have, whatever they come from. It counts nothing itself. */

/** In the order people do them. Own web events carry these names as their kind. */
export const funnelSteps = ['visit', 'start', 'upload', 'checkout', 'order'] as const
export type FunnelStep = (typeof funnelSteps)[number]

/** closed: a visitor counts at a step only after all steps before it, in order, within the period. open: whoever did the step in the period. */
export const funnelTypes = ['closed', 'open'] as const
export type FunnelType = (typeof funnelTypes)[number]

export interface FunnelCounts {
  /** All steps, in their order. null: the source does not know; 0 is a real zero. */
  readonly steps: readonly { readonly step: FunnelStep; readonly visitors: number | null; readonly events: number | null }[]
}
