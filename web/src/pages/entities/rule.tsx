/** Which customers something is for, in the words of the explorer. */
import classes from './entities.module.css'
import type { Opened } from './types.ts'

/** The rule at a path of the definition; undefined where it has none. */
export const ruleAt = ({ rules }: Pick<Opened, 'rules'>, path: string): string | undefined => rules.find((rule) => rule.path === path)?.text

export function Rule({ text }: { text: string }) {
  return <bdi className={classes.rule}>{text}</bdi>
}
