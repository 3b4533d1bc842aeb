/** What the arguments of one call mean, found out once: asked for its cost first and for its answer then. Keeps nothing beyond the call. */

export interface Asked<Input extends object, Meaning> {
  /** Finds it out, and keeps it for the answer. */
  readonly ask: (input: Input, signal?: AbortSignal) => Promise<Meaning>
  /** What was kept for these very arguments, or found out now; the next time it is found out anew. */
  readonly take: (input: Input, signal?: AbortSignal) => Promise<Meaning>
}

/** @param find what the arguments mean now */
export function asked<Input extends object, Meaning>(find: (input: Input, signal?: AbortSignal) => Promise<Meaning>): Asked<Input, Meaning> {
  const kept = new WeakMap<Input, Promise<Meaning>>()
  return {
    ask: (input, signal) => {
      const meaning = find(input, signal)
      kept.set(input, meaning)
      return meaning
    },
    take: (input, signal) => {
      const meaning = kept.get(input) ?? find(input, signal)
      kept.delete(input)
      return meaning
    },
  }
}
