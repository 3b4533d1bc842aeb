/** The framework Mercat is compared with: fastmcp with one trivial tool, stateless, answers as plain JSON, no sign-in. */
import { createServer } from 'node:net'
import { FastMCP } from 'fastmcp'
import { z } from 'zod'

// fastmcp does not tell which port it got, so a free one is looked for first.
const port = await new Promise<number>((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
})
const server = new FastMCP({ name: 'fast', version: '1.0.0' })
server.addTool({ name: 'echo', description: 'Says it back.', parameters: z.object({ text: z.string() }), execute: ({ text }) => Promise.resolve(text) })
await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1', stateless: true, enableJsonResponse: true } })
console.log(`listening ${port} /mcp`)
process.on('SIGTERM', () => process.exit(0))
