/** What each role may do, as the server's own table of roles and scopes says it. */
import { VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Card, Section, TableBox } from '../../kit/index.ts'
import { roleWords } from './access.ts'
import classes from './roles.module.css'
import type { Members } from './types.ts'

export function Roles({ members: { roles, scopes } }: { members: Members }) {
  const held = roles.map(({ scopes: given }) => new Set<string>(given))
  return (
    <Section
      title="What the roles may do"
      description="A role is the start; single scopes can be added to it or taken from it for each member. An app never gets more than its person has."
    >
      <Card mb="md">
        <dl className={classes.words}>
          {roles.map(({ role, title }) => (
            <div key={role}>
              <dt>{title}</dt>
              <dd>{roleWords[role]}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <TableBox label="What the roles may do" className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Scope</th>
            {roles.map(({ role, title }) => (
              <th key={role} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scopes.map(({ scope, words }) => (
            <tr key={scope}>
              <th scope="row">
                {words} <span className={classes.scope}>{scope}</span>
              </th>
              {roles.map(({ role }, index) => (
                <td key={role}>
                  {held[index]?.has(scope) ? (
                    <>
                      <IconCheck size={17} stroke={2.2} className={classes.yes} aria-hidden />
                      <VisuallyHidden>yes</VisuallyHidden>
                    </>
                  ) : (
                    <>
                      <span aria-hidden className={classes.no}>
                        –
                      </span>
                      <VisuallyHidden>no</VisuallyHidden>
                    </>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableBox>
    </Section>
  )
}
