/** What a plot says of the place that is pointed at: its name, and a line for each figure. */
import classes from './chart.module.css'

export interface TooltipLine {
  readonly label: string
  readonly value: string
  /** Of what is drawn. */
  readonly color?: string
}

export function PlotTooltip({ title, lines }: { title: string | number | undefined; lines: readonly TooltipLine[] }) {
  return (
    <div className={classes.tooltip}>
      <b>{title}</b>
      <dl>
        {lines.map(({ label, value, color }) => (
          <Line key={label} label={label} value={value} {...(color === undefined ? {} : { color })} />
        ))}
      </dl>
    </div>
  )
}

function Line({ label, value, color }: TooltipLine) {
  return (
    <>
      <dt>
        {color === undefined ? null : <span className={classes.dot} style={{ backgroundColor: color }} />}
        {label}
      </dt>
      <dd>{value}</dd>
    </>
  )
}
