/** Looks sources up by their keys, once for all requests with the same key that a turn of the event loop brings. A look-up begins after the last of them came, and nothing is remembered: a key that is changed is changed at once. */
import { setImmediate as turn } from 'node:timers/promises'

/** @param find looks one key up @returns the same, shared */
export function shareLookUps<Found>(find: (key: string) => Promise<Found>): (key: string) => Promise<Found> {
  const coming = new Map<string, Promise<Found>>()
  const soon = async (key: string) => {
    await turn()
    coming.delete(key)
    return await find(key)
  }
  return (key) => {
    const shared = coming.get(key) ?? soon(key)
    coming.set(key, shared)
    return shared
  }
}
