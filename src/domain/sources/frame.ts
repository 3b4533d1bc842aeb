/** How a request, or single items of one, are kept until they are loaded: compressed, then sealed for their source. Bodies name people, so nothing of them is ever stored in the clear. */
import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib'

/** How bytes and texts are sealed for a place. */
export interface Seals {
  readonly seal: (text: string, place: string) => string
  readonly open: (sealed: string, place: string) => string
  readonly sealBytes: (bytes: Uint8Array, place: string) => Buffer
  readonly openBytes: (sealed: Uint8Array, place: string) => Buffer
}

/** What is kept. A request is read again by its source when it is loaded; items stand one a line, as JSON. */
export type Frame =
  | { readonly form: 'request'; readonly headers: Readonly<Record<string, string | undefined>>; readonly url: string; readonly body: Buffer }
  | { readonly form: 'items'; readonly kind: string; readonly body: Buffer }

/** The place that everything of a source is sealed for: rows cannot be swapped between sources or accounts. */
export const placeOf = (accountId: string, sourceId: string): string => `sources/${accountId}/${sourceId}`

/** Quick rather than small: it runs while a platform waits for its answer. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** Far above any request the door lets in, so that a damaged row cannot fill the memory. */
const mostBytes = 128 * 1024 * 1024

export function packFrame(seals: Pick<Seals, 'sealBytes'>, place: string, { body, ...head }: Frame): Buffer {
  const line = Buffer.from(`${JSON.stringify(head)}\n`)
  return seals.sealBytes(zstdCompressSync(Buffer.concat([line, body]), level), place)
}

/** Throws when it was not sealed for this place by this installation. */
export function openFrame(seals: Pick<Seals, 'openBytes'>, place: string, sealed: Uint8Array): Frame {
  const bytes = zstdDecompressSync(seals.openBytes(sealed, place), { maxOutputLength: mostBytes })
  const end = bytes.indexOf(10)
  const head = JSON.parse(bytes.subarray(0, end).toString()) as Frame
  return { ...head, body: bytes.subarray(end + 1) } as Frame
}

/** The settings of a source, sealed as one text. */
export const sealSettings = (seals: Pick<Seals, 'seal'>, place: string, settings: Readonly<Record<string, string>>): string => seals.seal(JSON.stringify(settings), place)
export const openSettings = (seals: Pick<Seals, 'open'>, place: string, sealed: string): Record<string, string> => JSON.parse(seals.open(sealed, place)) as Record<string, string>

/** What a source asks for and has not been given, by title. */
export function missingSettings(
  schema: { readonly shape: Readonly<Record<string, { safeParse: (value: unknown) => { success: boolean }; meta: () => { title?: string | undefined } | undefined }>> },
  settings: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(schema.shape).flatMap(([name, member]) => (member.safeParse(settings[name]).success ? [] : [member.meta()?.title ?? name]))
}
