/**
 * The process behind startClickhouseFront: as much of ClickHouse's HTTP interface as the official client uses, with chDB as the
 * engine. Not a server for anything else. A request gets a session of its own, so its settings and parameters end with it.
 * What chDB cannot do as a server does is translated: KILL QUERY by id (chDB has no ids: a comment carries them), and a
 * body read by `input()` (chDB would wait for its standard input: it reads a file).
 */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createGunzip, gzipSync } from 'node:zlib'
import { Session } from 'chdb'

const [folder = '', port = '0', password = ''] = process.argv.slice(2)
// A parameter arrives as a SET statement here, so a long one needs a long statement.
const open = () => new Session(join(folder, 'store'), { connectionArgs: ['--max_query_size=67108864'] })
const keeper = open()
const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`

// Of the HTTP layer of a server; chDB knows only the engine's.
const httpOnly =
  /^(wait_end_of_query|send_progress_in_http_headers|http_.*|enable_http_compression|cancel_http_readonly_queries_on_client_close|default_format|query|query_id|database|user|password|compress|decompress|session_.*id|role|param_.*)$/

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  const stream = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function fail(response: ServerResponse, message: string): void {
  const code = /^Code: (\d+)/.exec(message)?.[1] ?? '1002'
  response.writeHead(code === '516' ? 403 : code === '60' || code === '81' ? 404 : 500, { 'X-ClickHouse-Exception-Code': code, 'Content-Type': 'text/plain' })
  response.end(`${message} (version 26.7.2.1)\n`)
}

const stop = (id: string) => keeper.queryAsync(`KILL QUERY WHERE startsWith(query, ${quote(`/* ${id} */`)}) ASYNC`, { format: 'Null' })

/** The request's settings, parameters and database, as statements of its session. */
function preparations(url: URL): string[] {
  const settings = [...url.searchParams].filter(([name]) => !httpOnly.test(name))
  const parameters = [...url.searchParams].filter(([name]) => name.startsWith('param_'))
  const database = url.searchParams.get('database')
  return [...[...settings, ...parameters].map(([name, value]) => `SET ${name} = ${quote(value)}`), ...(database ? [`USE ${database}`] : [])]
}

/** The statement with its body: behind it as text, or in a file for `input()`. */
async function withData(sql: string, data: Buffer, file: string): Promise<string> {
  const format = /\binput\('/.test(sql) ? / FORMAT (\w+)$/.exec(sql) : null
  if (!format?.[1]) return data.length ? `${sql}\n${data.toString()}` : sql
  await writeFile(file, data)
  return sql.slice(0, format.index).replace(/\binput\((?=')/, `file(${quote(file)}, ${quote(format[1])}, `)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://front')
  if (url.pathname === '/ping') return void response.end('Ok.\n')
  const secret = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
    .slice(1)
    .join(':')
  if (secret !== password) return fail(response, 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)')

  const body = await bodyOf(request)
  const query = url.searchParams.get('query')
  const data = query === null ? undefined : body
  const id = url.searchParams.get('query_id') ?? randomUUID()
  const session = open()
  const file = join(folder, randomUUID())
  let finished = false
  // Closing the connection ends a SELECT when the client asked for that.
  response.on('close', () => {
    if (!finished && url.searchParams.get('cancel_http_readonly_queries_on_client_close') === '1' && /^\s*SELECT/i.test(sql)) void stop(id)
  })
  const sql = query ?? body.toString()
  try {
    for (const statement of preparations(url)) await session.queryAsync(statement, { format: 'Null' })
    const victim = /^KILL QUERY WHERE query_id = \{id:String\} ASYNC/.test(sql) ? url.searchParams.get('param_id') : null
    if (victim) {
      await stop(victim)
      response.end()
      return
    }
    const whole = data ? await withData(sql, data, file) : sql
    const result = await session.queryAsync(`/* ${id} */ ${whole}`, { format: url.searchParams.get('default_format') ?? 'TabSeparated' })
    const bytes = Buffer.from(result.bytes())
    const zipped = url.searchParams.get('enable_http_compression') === '1' && /gzip/.test(String(request.headers['accept-encoding']))
    const counted = {
      read_rows: String(result.rowsRead),
      read_bytes: String(result.bytesRead),
      written_rows: '0',
      written_bytes: '0',
      result_rows: '0',
      result_bytes: String(bytes.length),
      elapsed_ns: String(Math.round(result.elapsed * 1e9)),
    }
    response.writeHead(200, { 'X-ClickHouse-Query-Id': id, 'X-ClickHouse-Summary': JSON.stringify(counted), ...(zipped ? { 'Content-Encoding': 'gzip' } : {}) })
    response.end(zipped ? gzipSync(bytes) : bytes)
  } catch (error) {
    fail(response, error instanceof Error ? error.message : String(error))
  } finally {
    finished = true
    session.close()
    await rm(file, { force: true })
  }
}

// ClickHouse's own bound of a URL.
const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : 0)
})
// Without the test there is no one to answer.
process.on('disconnect', () => process.exit())
