/** The messages of the local admin socket, one JSON object a line: how a command of the CLI runs inside the server that holds the data folder. Pure; both ends parse strictly. */
import { join } from 'node:path'
import { z } from 'zod'

/** The longest line either end accepts: a command line or a piece of output, never data. */
export const longestLine = 1 << 20

export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), argv: z.array(z.string()).max(10_000), cwd: z.string() }),
  z.strictObject({ type: z.literal('answer'), text: z.string() }),
  z.strictObject({ type: z.literal('no_answer'), reason: z.string() }),
  z.strictObject({ type: z.literal('cancel') }),
])
export type ClientMessage = z.output<typeof clientMessage>

export const serverMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('print'), text: z.string() }),
  z.strictObject({ type: z.literal('note'), text: z.string() }),
  z.strictObject({ type: z.literal('progress'), label: z.string(), done: z.number(), of: z.number().optional(), unit: z.string().optional() }),
  z.strictObject({ type: z.literal('ask'), question: z.string(), secret: z.boolean() }),
  z.strictObject({ type: z.literal('exit'), code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]) }),
])
export type ServerMessage = z.output<typeof serverMessage>

/** Where the socket is. */
export function adminSocket(dataFolder: string): string {
  return join(dataFolder, 'admin.sock')
}

/** Cuts a stream of text into lines; throws when one grows past the limit. */
export function createLineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new Error('A line on the admin socket is too long')
    for (const line of lines) if (line) onLine(line)
  }
}
