/** A platform that receives webhooks, on 127.0.0.1: keeps what came and answers as it is told. It checks with the independent library, never with our own code. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { vi } from 'vitest'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Answer = (response: ServerResponse, received: Received) => void

export class Receiver {
  readonly received: Received[] = []
  /** What the next requests get. */
  answer: Answer = (response) => void response.writeHead(204).end()
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
      this.received.push(received)
      this.answer(response, received)
      for (const look of this.#waiting.splice(0)) look()
    })
  })
  readonly #waiting: (() => void)[] = []
  #port = 0

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** The same port is there again after `open`. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.#port}${path}`
  }

  /** Resolves when there is a request that fits. */
  async until(fits: (received: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(fits)
      if (found) return found
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** All that came, in order; forgets it. */
  take(): Received[] {
    return this.received.splice(0)
  }

  /** Answers the next requests with these statuses, then as before. */
  answers(...statuses: readonly (number | Answer)[]): void {
    const usual = this.answer
    const left = [...statuses]
    this.answer = (response, received) => {
      const next = left.shift()
      if (left.length === 0) this.answer = usual
      if (typeof next === 'function') next(response, received)
      else response.writeHead(next ?? 500).end('no')
    }
  }
}

/** What the library makes of it at that moment. Throws when it refuses it. */
export function verified(
  secret: string,
  { headers, body }: Pick<Received, 'headers' | 'body'>,
  at = new Date(),
): { type: string; timestamp: string; data: Record<string, unknown> } {
  vi.useFakeTimers({ toFake: ['Date'], now: at })
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as ReturnType<typeof verified>
  } finally {
    vi.useRealTimers()
  }
}
