/** What the audit log says of a change: the fields that differ, from what to what. Knows none of them. */

export function differences<Shape extends object, Name extends keyof Shape & string>(
  before: Shape | undefined,
  after: Shape | undefined,
  names: readonly Name[],
): Partial<Record<Name, { from: unknown; to: unknown }>> {
  const differing = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
  return Object.fromEntries(differing.map((name) => [name, { from: before?.[name], to: after?.[name] }])) as Partial<Record<Name, { from: unknown; to: unknown }>>
}
