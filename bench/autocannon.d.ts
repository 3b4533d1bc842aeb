/** The part of autocannon's API that the load generator uses; the package brings no types. */
declare module 'autocannon' {
  interface Result {
    readonly duration: number
    readonly '2xx': number
    readonly non2xx: number
    readonly errors: number
    readonly timeouts: number
    readonly mismatches: number
    readonly latency: { readonly p50: number; readonly p99: number }
  }
  export default function autocannon(options: {
    url: string
    method: string
    headers: Record<string, string>
    body: string
    connections: number
    duration: number
    timeout: number
    verifyBody: (body: string) => boolean
  }): Promise<Result>
}
