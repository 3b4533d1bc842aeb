/** Watches a Mercat that takes deliveries: what waits, and when its figures are those that were acknowledged. Sends no delivery. */
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DoorName, Figures, Target } from './deliveries.ts'

export interface StreamState {
  /** Deliveries in the inbox, and their events. */
  readonly requests: number
  readonly items: number
  /** Loads under way, or loaded and not counted. */
  readonly loads: number
  /** Resident memory in MB. */
  readonly rss: number
}

export type Doors = Readonly<Record<DoorName, Target>>

/** Asking takes the server milliseconds. */
const everyMs = 250
/** Nothing moved for so long: it never will. */
const patienceMs = 300_000

export interface Watch {
  /** Where to deliver, with SendGrid's signatures of this key. */
  readonly doors: (verificationKey: string) => Promise<Doors>
  readonly state: () => Promise<StreamState>
  readonly figures: (campaign: string) => Promise<Figures>
  /**
   * Waits until the inbox is empty and all is counted. @returns seconds until each
   * Throws unless the figures are then exactly those expected, with nothing set aside.
   */
  readonly settled: (expected: ReadonlyMap<string, Figures>, each?: (state: StreamState) => void) => Promise<{ empty: number; counted: number }>
}

/** @param origin the port beside the server */
export function watch(origin: string): Watch {
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(`${origin}${path}`)
    if (!answer.ok) throw new Error(`The server could not be asked: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const state = async () => await ask<StreamState>('/state')
  const figures = async (campaign: string) => await ask<Figures>(`/figures/${campaign}`)
  return {
    doors: async (verificationKey) => await ask<Doors>(`/doors/${encodeURIComponent(verificationKey)}`),
    state,
    figures,
    settled: async (expected, each = () => {}) => {
      const began = performance.now()
      let empty: number | undefined
      let [before, moved] = ['', began]
      for (;;) {
        const now = await state()
        each(now)
        if (now.requests === 0) empty ??= (performance.now() - began) / 1000
        if (empty !== undefined && now.loads === 0) break
        const key = `${now.requests} ${now.loads}`
        if (key !== before) [before, moved] = [key, performance.now()]
        if (performance.now() - moved > patienceMs) throw new Error(`Nothing moves any more: ${JSON.stringify(now)}`)
        await sleep(everyMs)
      }
      const counted = (performance.now() - began) / 1000
      const aside = await ask<unknown[]>('/aside')
      if (aside.length > 0) throw new Error(`Events were set aside: ${JSON.stringify(aside)}`)
      for (const [campaign, wanted] of expected) {
        const found = await figures(campaign)
        if (!isDeepStrictEqual(found, wanted)) throw new Error(`${campaign}: ${JSON.stringify(found)} is counted, ${JSON.stringify(wanted)} was acknowledged`)
      }
      return { empty, counted }
    },
  }
}
