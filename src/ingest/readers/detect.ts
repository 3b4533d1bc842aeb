/** Finds out what a file is by its content, never by its name. Reads its beginning only. */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gunzipSync, constants } from 'node:zlib'
import { MercatError } from '../../core/errors.ts'

export type FileForm = {
  readonly format: 'csv' | 'ndjson' | 'parquet'
  readonly gzip: boolean /** Bytes on disk. */
  readonly size: number /** The first text, whole lines not assured. */
  readonly head: string
}

const headBytes = 64 * 1024

/** Throws `invalid_arguments` when the file cannot be read or is none of the forms Mercat reads. */
export async function detectForm(path: string): Promise<FileForm> {
  const { bytes, size } = await readHead(path)
  const wrong = (message: string, hint?: string) => new MercatError('invalid_arguments', `${path} ${message}`, { argument: 'files', ...(hint ? { hint } : {}) })
  if (size === 0) throw wrong('is empty')
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const content = gzip ? unzipHead(bytes) : bytes
  if (content === undefined) throw wrong('is not a sound gzip file')
  if (content.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'parquet', gzip, size, head: '' }
  if (content[0] === 0x50 && content[1] === 0x4b) throw wrong('is a ZIP archive or an Excel workbook', 'Save it as CSV, or unpack it.')
  if ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)) throw wrong('is UTF-16 text', 'Save it as UTF-8.')
  if (content.subarray(0, 4096).includes(0)) throw wrong('is neither CSV nor NDJSON nor Parquet')
  const head = new TextDecoder().decode(content, { stream: true })
  const first = head.trimStart()[0]
  if (first === undefined) throw wrong('is empty')
  if (first === '[') throw wrong('is a JSON list', 'Write one object a line: NDJSON.')
  return { format: first === '{' ? 'ndjson' : 'csv', gzip, size, head }
}

async function readHead(path: string): Promise<{ bytes: Buffer; size: number }> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return { bytes: buffer.subarray(0, bytesRead), size }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new MercatError('invalid_arguments', `${path} cannot be read`, { argument: 'files', hint: 'Give files of this machine that Mercat may read.' }, { cause })
  }
}

/** The beginning of what is packed. A bomb unfolds to a thousand times its size: 8 MB here, and streams elsewhere. */
function unzipHead(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes.subarray(0, 8192), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, headBytes)
  } catch {
    return undefined
  }
}

/** The file's text in pieces, unpacked. `onBytes` hears how many bytes of the file were read so far. Throws `invalid_arguments` for a damaged gzip file. */
export async function* textOf(path: string, gzip: boolean, onBytes?: (bytes: number) => void): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  const stream: Readable = gzip ? file.pipe(createGunzip({ chunkSize: 256 * 1024 })) : file
  if (gzip) file.on('error', (error) => stream.destroy(error))
  const decoder = new TextDecoder()
  try {
    for await (const chunk of stream) {
      onBytes?.(file.bytesRead)
      yield decoder.decode(chunk as Buffer, { stream: true })
    }
  } catch (error) {
    if (gzip && error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new MercatError(
        'invalid_arguments',
        `${path} is a damaged gzip file: it ends or breaks in the middle`,
        { hint: 'What came before the damage was imported; import the whole file again when it is sound.' },
        { cause: error },
      )
    }
    throw error
  } finally {
    file.destroy()
  }
  const rest = decoder.decode()
  if (rest) yield rest
}

/** Unpacks a file beside others: Parquet is read from its end, so it cannot stream. */
export async function unpack(path: string, to: string): Promise<void> {
  await pipeline(createReadStream(path), createGunzip(), createWriteStream(to, { mode: 0o600 }))
}
