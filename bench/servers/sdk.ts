/** The bare thing Mercat is compared with: the MCP SDK's own handler with one trivial tool, no sign-in, nothing else. */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'bare', version: '1.0.0' })
    server.registerTool('echo', { description: 'Says it back.', inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({ content: [{ type: 'text', text }] }))
    return server
  },
  { legacy: 'stateless' },
)
const server = serve({ fetch: (request) => handler.fetch(request), hostname: '127.0.0.1', port: 0 }, (address: AddressInfo) => console.log(`listening ${address.port} /mcp`))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
