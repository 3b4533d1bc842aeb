/** The text of docs/generated: what the code says of itself, as pages. Reads only definitions; opens no store. */
import type { GeneratedFile } from './indexes.ts'

/** All generated pages as they should be now. */
export async function documents(): Promise<GeneratedFile[]> {
  return []
}
