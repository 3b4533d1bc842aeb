/** Stands before Mercat and adds a person's bearer token: the server suites cannot sign in. Passes everything else as it is, Host and Origin too, because suites test those. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export async function startTokenProxy(target: URL, token: string): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer((req, res) => {
    const { port, hostname } = target
    const headers = { ...req.headers, authorization: `Bearer ${token}` }
    const onward = request({ hostname, port, method: req.method, path: target.pathname, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => res.destroy())
    res.on('close', () => onward.destroy())
    req.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { port: (server.address() as AddressInfo).port, close }
}
