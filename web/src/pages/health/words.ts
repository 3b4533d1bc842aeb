/** How states and figures of the Health page are written. Pure. */

const colors = {
  ok: 'teal',
  degraded: 'yellow',
  down: 'red',
  running: 'mercat',
  queued: 'gray',
  loaded: 'mercat',
  done: 'teal',
  delivered: 'teal',
  pending: 'gray',
  retrying: 'yellow',
  completed: 'teal',
  failed: 'red',
  cancelled: 'gray',
  off: 'gray',
  unfinished: 'yellow',
  silent: 'gray',
  refusing: 'red',
  behind: 'yellow',
} as const
type State = keyof typeof colors
export const colorOf = (state: State): string => colors[state]

const words: Readonly<Record<string, string>> = { loaded: 'In, not counted yet', done: 'Counted' }
/** "Running", "In, not counted yet". */
export const stateWords = (state: string): string => words[state] ?? state.charAt(0).toUpperCase() + state.slice(1)

/** States of sources that deliver by themselves. */
export const streamWords = { off: 'Off', unfinished: 'Not set up yet', silent: 'Nothing came yet', refusing: 'Refused', behind: 'Behind', ok: 'Working' }

/** "2.4%", "0.03%". */
export const percent = (value: number): string => `${Number((value * 100).toPrecision(2))}%`

/** "12 s", "5 min", "3 h 20 min", "4 d 2 h". */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`
}
