/** Effects and outcomes in words, and their colours. */
import type { AuditEntry } from './types.ts'

export const effects: Readonly<Record<AuditEntry['effect'], { words: string; color: string }>> = {
  read: { words: 'Read', color: 'gray' },
  draft: { words: 'Draft', color: 'mercat' },
  write: { words: 'Write', color: 'yellow' },
  access: { words: 'Access', color: 'teal' },
}

/** `missing_scopes` as people read it: "Missing scopes". */
export function outcomeWords(outcome: string): string {
  const words = outcome.replaceAll('_', ' ')
  return outcome === 'ok' ? 'OK' : words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who did it, where no person is known. */
export const nobody = 'Operator or server'
