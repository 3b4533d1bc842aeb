/** The process log: JSON lines on stderr. Values that could hold secrets or personal data are redacted by path. */
import { pino, type Logger } from 'pino'

export type { Logger }

const secretPaths = ['password', 'token', 'secret', 'authorization', 'cookie', 'code', 'email', 'address'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export function createLog(level: string, destination: 'stderr' | 'silent' = 'stderr'): Logger {
  if (destination === 'silent') return pino({ level: 'silent' })
  return pino({ level, base: null, redact: { paths: secretPaths, censor: '[redacted]' }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }))
}
