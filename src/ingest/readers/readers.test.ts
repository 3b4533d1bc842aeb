/** The text readers: what they yield, what they reject with which line, whatever pieces the text comes in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CellSink, TextParser } from './cells.ts'
import { createCsvParser } from './csv.ts'
import { createNdjsonParser } from './ndjson.ts'

interface Heard {
  rows: [line: number, row: number, ...cells: string[]][]
  faults: [line: number, reason: string][]
}

function read(make: (sink: CellSink) => TextParser, text: string, piece = text.length || 1): Heard {
  const heard: Heard = { rows: [], faults: [] }
  const parser = make({ row: (line, row, cells) => heard.rows.push([line, row, ...cells]), fault: (line, reason) => heard.faults.push([line, reason]) })
  for (let at = 0; at < text.length; at += piece) parser.push(text.slice(at, at + piece))
  parser.end()
  return heard
}
const csv = (text: string, piece?: number) => read(createCsvParser, text, piece)
const ndjson = (text: string, piece?: number) => read((sink) => createNdjsonParser(sink, ['a', 'b'], true), text, piece)

describe('CSV', () => {
  it('reads quotes, doubled quotes, line ends inside quotes, CRLF, blank lines, and a last line without an end', () => {
    expect(csv('a,b\r\n1,"x, ""y""\r\nz"\r\n\r\n" 2",\r\n"",4')).toEqual({
      rows: [
        [2, 1, '1', 'x, "y"\r\nz'],
        [5, 2, ' 2', ''],
        [6, 3, '', '4'],
      ],
      faults: [],
    })
  })

  it('takes the separator of the header', () => {
    for (const separator of [',', ';', '\t', '|']) expect(csv(['a', '"b,;|"', 'c\n1', '2', '3'].join(separator)).rows).toEqual([[2, 1, '1', '2', '3']])
  })

  it('rejects a malformed record with its line and goes on with the next', () => {
    expect(csv('a,b\n1,"x"y\n2,3\n4,x"y\n5,6\n7\n8,9,10\n11,12\n')).toEqual({
      rows: [
        [3, 2, '2', '3'],
        [5, 4, '5', '6'],
        [8, 7, '11', '12'],
      ],
      faults: [
        [2, 'text follows a closing quote'],
        [4, 'a quote stands inside a cell that does not begin with one'],
        [6, 'the record has 1 columns, the header has 2'],
        [7, 'the record has 3 columns, the header has 2'],
      ],
    })
    expect(csv('a,b\n1,"x\n2,3\n4,5\n')).toEqual({
      rows: [
        [3, 2, '2', '3'],
        [4, 3, '4', '5'],
      ],
      faults: [[2, 'a quote is not closed']],
    })
  })

  it('keeps at most a record in memory, and rejects what is longer', () => {
    const long = 'x'.repeat(3 * 1024 * 1024)
    expect(csv(`a,b\n1,${long}\n2,3\n"${long}`, 65_536)).toEqual({
      rows: [[3, 2, '2', '3']],
      faults: [
        [2, 'the record is longer than 1 MB'],
        [4, 'the record is longer than 1 MB'],
      ],
    })
    expect(csv(`a,b\n1,"${'y\n'.repeat(700_000)}2,3\n`, 65_536).faults[0]).toEqual([2, 'a quote is not closed'])
  })

  it('refuses a header that names a column twice and names one that has no name', () => {
    expect(() => csv('a,b,a\n')).toThrow('two columns named "a"')
    expect(() => csv('a,"b\n')).toThrow('header')
    const parser = createCsvParser({ row: () => {}, fault: () => {} })
    parser.push(',a, b \n')
    expect(parser.header()).toEqual(['column 1', 'a', 'b'])
  })

  it('rejects what was not UTF-8', () => {
    expect(csv('a,b\n1,M\uFFFDller\n')).toEqual({ rows: [], faults: [[2, 'the record is not UTF-8 text']] })
  })

  it('gives back any cells, in whatever pieces they come', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '\t', '\\', 'é', '😀', ';') })
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (rows, piece) => {
        const text = `a,b\n${rows.map((cells) => `${cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`).join('')}`
        expect(csv(text, piece).rows.map(([, , ...cells]) => cells)).toEqual(rows)
        expect(csv(text, piece)).toEqual(csv(text))
      }),
      { numRuns: 500 },
    )
  })

  it('never fails and never depends on the pieces, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r'), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (body, piece) => {
        expect(csv(`a,b\n${body}`, piece)).toEqual(csv(`a,b\n${body}`))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('NDJSON', () => {
  it('reads objects line by line, values as text, numbers as written', () => {
    expect(ndjson('{"a":1,"b":"x\\ny"}\r\n\n{"b":{"c":[1,null]}}\n{"a":true,"b":null}\n{"a":12345678901234567.123456,"b":1e400}').rows).toEqual([
      [1, 1, '1', 'x\ny'],
      [3, 2, '', '{"c":[1,null]}'],
      [4, 3, 'true', ''],
      [5, 4, '12345678901234567.123456', '1e400'],
    ])
  })

  it('rejects a malformed line with its number and goes on', () => {
    expect(ndjson('{"a":1\n[1]\n"x"\n{"a":1,"c":2}\n{"__proto__":1}\n{"a":"M\uFFFD"}\n{"a":2}\n')).toEqual({
      rows: [[7, 7, '2', '']],
      faults: [
        [1, 'the line is not valid JSON'],
        [2, 'the line is not a JSON object'],
        [3, 'the line is not a JSON object'],
        [4, 'the record has an unknown field "c"'],
        [5, 'the record has an unknown field "__proto__"'],
        [6, 'the record is not UTF-8 text'],
      ],
    })
    expect(ndjson('{"\\u0000\u007f\u202e":1}\n').faults).toEqual([[1, 'the record has an unknown field "\\u0000\\u007f\\u202e"']])
    expect(read((sink) => createNdjsonParser(sink, ['toString'], false), '{"a":1}\n').rows).toEqual([[1, 1, '']])
  })

  it('takes a hundred levels, and no number of them overflows the stack', () => {
    const levels = (count: number, inner: string) => `{"a":${'['.repeat(count - 1)}${inner}${']'.repeat(count - 1)}}\n`
    const inners = ['1', '12345678901234567890']
    for (const inner of inners) {
      expect(ndjson(levels(100, inner))).toMatchObject({ rows: [[1, 1, expect.stringContaining(inner), '']], faults: [] })
      for (const count of [101, 10_000, 400_000]) expect(ndjson(levels(count, inner))).toEqual({ rows: [], faults: [[1, 'the line is nested deeper than 100 levels']] })
    }
  })

  it('takes so many values and members, however they are written, and refuses more unread', () => {
    const list = (count: number, one: string, first = '') => `{"a":[${first}${`${one},`.repeat(count - 1)}${one}]}`
    // With the list and the object around it.
    for (const [one, fits] of [
      ['0', 249_999],
      ['""', 249_999],
      ['[]', 124_999],
      ['{"b":0}', 124_999],
    ] as const) {
      expect(ndjson(`${list(fits, one)}\n`)).toMatchObject({ rows: [[1, 1, expect.stringContaining(one), '']], faults: [] })
      for (const first of ['', '1e400,'])
        expect(ndjson(`${list(fits + 1, one, first)}\n{"a":2}\n`)).toEqual({
          rows: [[2, 2, '2', '']],
          faults: [[1, expect.stringMatching(/too full: .* 250,000 values; send fewer/)]],
        })
    }
    const object = (count: number) => `{"a":{${Array.from({ length: count }, (_, number) => `"${number}":[0,0]`).join()}}}\n`
    expect(ndjson(object(10_000))).toMatchObject({ faults: [] })
    expect(ndjson(object(10_001))).toEqual({ rows: [], faults: [[1, expect.stringMatching(/too wide: .* 10,000 members; send only/)]] })
  })

  it('counts no comma or bracket that stands in a text', () => {
    for (const text of [','.repeat(300_000), '[{'.repeat(1_000), '\\"[,'.repeat(1_000), `${'\\\\'.repeat(1_000)}`, '\\\\\\"[['.repeat(100)])
      expect(ndjson(`{"a":"${text}","b":1}\n`)).toEqual({ rows: [[1, 1, JSON.parse(`"${text}"`), '1']], faults: [] })
    // After its end it counts again.
    expect(ndjson(`{"a":"\\\\","b":${'['.repeat(200)}\n`).faults).toEqual([[1, 'the line is nested deeper than 100 levels']])
    expect(ndjson(`${'x'.repeat(200)}"unended\n`).faults).toEqual([[1, 'the line is not valid JSON']])
  })

  it('keeps at most a line in memory', () => {
    expect(ndjson(`{"a":"${'x'.repeat(3 * 1024 * 1024)}"}\n{"a":2}\n`, 65_536)).toEqual({ rows: [[2, 2, '2', '']], faults: [[1, 'the record is longer than 1 MB']] })
  })

  it('never depends on the pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('{"a":1}', '\n', '\r', '{', 'x'), maxLength: 20 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (body, piece) => {
        expect(ndjson(body, piece)).toEqual(ndjson(body))
      }),
    )
  })
})
