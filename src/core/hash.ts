/** Two things done to texts that are secret: naming one without keeping it, and comparing two. Without a key: what can be guessed needs more (passwords, signatures). */
import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256, base64url. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
