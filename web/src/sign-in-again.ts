/** Whether a change was refused until the person has signed in again; the shell shows a dialog then. */
import { useSyncExternalStore } from 'react'

let asked = false
const watchers = new Set<() => void>()

function set(next: boolean): void {
  asked = next
  for (const watcher of watchers) watcher()
}

export const askToSignInAgain = () => set(true)
export const doNotSignInAgain = () => set(false)

export function useSignInAgain(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => asked,
  )
}
