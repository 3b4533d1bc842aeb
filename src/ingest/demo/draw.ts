/** Chance for the demo's facts: a number that always belongs to the same words. Chance inside the engine is people.ts. */
import { createHash } from 'node:crypto'

/** A number in [0, 1) that always belongs to these words. */
export function draw(...words: (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(words)).digest().readUIntBE(0, 6) / 2 ** 48
}
