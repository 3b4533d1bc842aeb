/** The file of rejected rows: line, reason and the row itself, for its owner only. Holds raw rows, so it is never in a store or a log. */
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'

export interface RejectedRow {
  readonly line: number
  readonly kind?: string
  readonly reason: string
  /** The columns as read; absent where the row can no longer be had. */
  readonly row?: Readonly<Record<string, string>>
  /** The text of a record that could not be read, clipped. */
  readonly raw?: string
}

export interface RejectedFile {
  readonly path: string
  readonly count: () => number
  readonly write: (rows: readonly RejectedRow[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** Removes what an earlier import left at this path. The file is made with the first row, readable by its owner only. */
export async function openRejectedFile(path: string): Promise<RejectedFile> {
  await rm(path, { force: true })
  let stream: WriteStream | undefined
  let count = 0
  return {
    path,
    count: () => count,
    write: async (rows) => {
      if (!rows.length) return
      // Exclusive: a link that someone put here meanwhile is not followed.
      stream ??= createWriteStream(path, { flags: 'wx', mode: 0o600 })
      count += rows.length
      const more = stream.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`)
      if (!more) await once(stream, 'drain')
    },
    close: async () => {
      if (!stream) return
      stream.end()
      await once(stream, 'close')
    },
  }
}
