/** Parsing, help and usage errors of the command line, with commands made for the test. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createMeter } from './io.ts'
import { defineCommand, defineGroup } from './define.ts'
import { parseCommandLine } from './program.ts'

const load = defineCommand({
  name: 'load',
  summary: 'Load files',
  examples: ['mercat load a.csv --account shop'],
  input: z.strictObject({
    files: z.array(z.string()).min(1).meta({ description: 'Files to load', placeholder: 'file' }),
    account: z.string().meta({ description: 'System name', placeholder: 'name' }),
    timeZone: z.string().optional().meta({ description: 'Zone of the days' }),
    kind: z.enum(['events', 'orders']).optional().meta({ description: 'What the rows are' }),
    events: z.number().int().max(1000).default(10).meta({ description: 'How many' }),
    dryRun: z.boolean().default(false).meta({ description: 'Only look' }),
    tag: z.array(z.string()).default([]).meta({ description: 'Label' }),
  }),
  arguments: ['files'],
  run: async () => {},
})
const member = defineGroup({
  name: 'member',
  summary: 'People of an account',
  commands: [
    defineCommand({
      name: 'add',
      summary: 'Add a person',
      input: z.strictObject({ email: z.email().meta({ description: 'Who' }), role: z.string().optional().meta({ description: 'Role' }) }),
      arguments: ['email', 'role'],
      run: async () => {},
    }),
  ],
})
const entries = [load, member]

function args(...argv: string[]): Record<string, unknown> {
  const parsed = parseCommandLine(entries, argv)
  if ('text' in parsed) throw new Error(parsed.text)
  return parsed.args
}

function text(exitCode: 0 | 2, ...argv: string[]): string {
  const parsed = parseCommandLine(entries, argv)
  if (!('text' in parsed)) throw new Error('parsed')
  expect(parsed.exitCode).toBe(exitCode)
  return parsed.text
}

describe('a command line', () => {
  test('gives every field its value, its default or nothing', () => {
    expect(args('load', 'a.csv', 'b.csv', '--account', 'shop')).toEqual({ files: ['a.csv', 'b.csv'], account: 'shop', events: 10, dryRun: false, tag: [] })
    expect(args('load', '--time-zone=Europe/Paris', '--kind', 'orders', '--events', '1_00', '--dry-run', '--tag', 'x', '--tag', 'y', 'a', '--account=b')).toEqual({
      files: ['a'],
      account: 'b',
      timeZone: 'Europe/Paris',
      kind: 'orders',
      events: 100,
      dryRun: true,
      tag: ['x', 'y'],
    })
    expect(args('member', 'add', 'a@example.com')).toEqual({ email: 'a@example.com' })
    expect(args('load', '--account', 'shop', '--', '--odd-name.csv')).toMatchObject({ files: ['--odd-name.csv'] })
  })

  test('that is wrong gets one sentence and exit code 2', () => {
    expect(text(2, 'laod')).toContain("unknown command 'laod'\n(Did you mean load?)")
    expect(text(2, 'load', 'a', '--acount', 'shop')).toContain('Did you mean --account?')
    expect(text(2, 'load', 'a')).toContain('error: --account is required\nThe same with --help shows what it takes.')
    expect(text(2, 'load', '--account', 'shop')).toContain("missing required argument 'file'")
    expect(text(2, 'load', 'a', '--account', 'shop', '--kind', 'order')).toContain('Allowed choices are events, orders')
    expect(text(2, 'load', 'a', '--account', 'shop', '--events', 'many')).toContain('--events: expected number')
    expect(text(2, 'load', 'a', '--account', 'shop', '--events', '2000')).toContain('--events: Too big')
    expect(text(2, 'member', 'add', 'nobody')).toContain('<email>: Invalid email address')
    expect(text(2, 'member', 'remove')).toContain("unknown command 'remove'")
    expect(text(2, 'member', 'add', 'a@example.com', 'owner', 'more')).toContain('too many arguments')
  })

  test('for help gets it with exit code 0', () => {
    expect(text(0)).toContain('load [options] <file...>')
    expect(text(0)).toContain('Exit codes: 0 done')
    expect(text(0, '--help')).toContain('People of an account')
    const help = text(0, 'load', '--help')
    expect(help).toContain('mercat load a.csv --account shop')
    expect(help).toContain('How many (default: 10)')
    expect(help).toContain('--tag <value>')
    expect(text(0, 'help', 'load')).toBe(help)
    expect(text(0, 'member', 'help', 'add')).toContain('Usage: mercat member add [options] <email> [role]')
    expect(text(0, '--version')).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('progress', () => {
  test('is redrawn in place on a terminal, at most ten times a second, and ends with a line', () => {
    let written = ''
    let time = 0
    const meter = createMeter(
      true,
      (piece) => {
        written += piece
      },
      () => time,
    )
    meter.show({ label: 'Rows', done: 0, of: 4000, unit: 'rows' })
    time = 50
    meter.show({ label: 'Rows', done: 1000, of: 4000, unit: 'rows' })
    time = 1000
    meter.show({ label: 'Rows', done: 2000, of: 4000, unit: 'rows' })
    time = 2000
    meter.show({ label: 'Rows', done: 4000, of: 4000, unit: 'rows' })
    expect(written.split('\r\u001B[K')).toEqual([
      '',
      'Rows: 0 of 4,000 rows (0 %)',
      'Rows: 2,000 of 4,000 rows (50 %), 2,000 rows/s',
      'Rows: 4,000 of 4,000 rows (100 %), 2,000 rows/s\n',
    ])
  })

  test('is a line every five seconds elsewhere', () => {
    const lines: string[] = []
    let time = 0
    const meter = createMeter(
      false,
      (piece) => lines.push(piece),
      () => time,
    )
    for (time = 0; time <= 12_000; time += 500) meter.show({ label: 'Rows', done: time })
    meter.clear()
    expect(lines).toEqual(['Rows: 5,000\n', 'Rows: 10,000\n'])
  })
})
