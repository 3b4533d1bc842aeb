/** What a row of the page is: its name, and under it its key or what else tells it from others. */
import classes from './organizations.module.css'

export function Named({ name, detail }: { name: string; detail: string }) {
  return (
    <>
      <span className={classes.name}>{name}</span>
      <div className={classes.small}>{detail}</div>
    </>
  )
}
