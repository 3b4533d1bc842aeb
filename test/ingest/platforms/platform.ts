/** What the pretended platforms have in common: a server on 127.0.0.1 that checks credentials, answers JSON, and fails as it is told. It shares no code with Mercat. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
}

export interface Fault {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

export class Platform {
  readonly asked: Asked[] = []
  /** What the next requests get instead of an answer. */
  readonly faults: Fault[] = []
  /** After so many further answers it hangs up on whoever asks. */
  answersLeft = Number.POSITIVE_INFINITY
  /** Milliseconds each answer takes. */
  slowness = 0
  readonly #server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform')
    this.asked.push({ path: url.pathname, query: url.searchParams })
    const fault = this.faults.shift()
    if (this.answersLeft-- <= 0) return void request.socket.destroy()
    const { status, headers, body } = fault ?? this.#answer(url, request.headers)
    setTimeout(() => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body), this.slowness)
  })
  readonly #answers: (url: URL) => unknown
  readonly #refuses: (headers: IncomingHttpHeaders, url: URL) => number | undefined

  /**
   * @param answers the JSON of an answer; undefined: not found
   * @param refuses the status for a request whose credentials are wrong
   */
  constructor(answers: (url: URL) => unknown, refuses: (headers: IncomingHttpHeaders, url: URL) => number | undefined) {
    this.#answers = answers
    this.#refuses = refuses
  }

  #answer(url: URL, headers: IncomingHttpHeaders): Fault {
    const refused = this.#refuses(headers, url)
    if (refused) return { status: refused, body: '{"message":"invalid credentials of secret-person@example.com"}' }
    const answer = this.#answers(url)
    return answer === undefined ? { status: 404, body: '{"message":"not found"}' } : { status: 200, body: JSON.stringify(answer) }
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
}

export const basicOf = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
