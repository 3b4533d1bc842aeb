/** A port for programs that have to be told one before they start. Must not hand out what the system may give to somebody else meanwhile. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A free port of 127.0.0.1 below 32768, where no system begins to give out ports by itself: until it is used, nobody gets it by accident. */
export async function freePort(): Promise<number> {
  const server = createServer()
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(20_000, 32_000)
    server.listen(port, '127.0.0.1')
    const taken = await once(server, 'listening').then(
      () => false,
      () => true,
    )
    if (taken) continue
    server.close()
    await once(server, 'close')
    return port
  }
  throw new Error('No free port')
}
