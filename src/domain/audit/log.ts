/** Keeps every tool call: reads in batches a moment later, drafts and writes before their answer leaves. Judges nothing; purging is not its business. */
import type { Logger } from '../../core/log.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { type AuditedCall, insertCalls } from './calls-repository.ts'

export interface AuditLog {
  /** Kept within 250 ms. Never fails the call: a batch that cannot be written is tried again, and said in the log. */
  readonly record: (call: AuditedCall) => void
  /** Kept when this resolves. */
  readonly recordNow: (call: AuditedCall) => Promise<void>
  /** Writes what waits. */
  readonly flush: () => Promise<void>
  /** Writes what waits and stops. */
  readonly close: () => Promise<void>
}

const everyMs = 250
const batch = 500
/** While the store is away, this many calls wait; older ones are given up, with a line in the log. */
const mostWaiting = 20_000

export function createAuditLog(db: Db, log: Logger): AuditLog {
  let waiting: AuditedCall[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let closed = false

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), everyMs)
  }

  /** One write at a time, so that a slow store gets bigger batches rather than more of them. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeAll)
    return writing
  }

  async function writeAll(): Promise<void> {
    while (waiting.length) {
      const rows = waiting.slice(0, batch)
      waiting = waiting.slice(batch)
      try {
        await insertCalls(db, rows)
      } catch (error) {
        log.error({ err: error, calls: rows.length }, 'audit records could not be written; they wait')
        waiting = rows.concat(waiting)
        if (waiting.length > mostWaiting) {
          log.error({ calls: waiting.length - mostWaiting }, 'audit records given up: the store has been away for too long')
          waiting = waiting.slice(-mostWaiting)
        }
        if (!closed) schedule()
        return
      }
    }
  }

  return {
    record: (call) => {
      waiting.push(call)
      if (waiting.length >= batch && timer) void flush()
      else schedule()
    },
    recordNow: (call) => insertCalls(db, [call]),
    flush,
    close: () => {
      closed = true
      return flush()
    },
  }
}
