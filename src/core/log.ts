/** The process log: JSON lines on stderr. Values that could hold secrets or personal data are redacted by path. */
import { type DestinationStream, pino, type Logger } from 'pino'

export type { Logger }

const secretPaths = ['password', 'token', 'secret', 'authorization', 'cookie', 'code', 'email', 'address'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** @param destination a stream: for a test that reads what was logged, as it would be on stderr */
export function createLog(level: string, destination: 'stderr' | 'silent' | DestinationStream = 'stderr'): Logger {
  if (destination === 'silent') return pino({ level: 'silent' })
  const stream = destination === 'stderr' ? pino.destination({ fd: 2, sync: true }) : destination
  return pino({ level, base: null, redact: { paths: secretPaths, censor: '[redacted]' }, timestamp: pino.stdTimeFunctions.isoTime }, stream)
}
