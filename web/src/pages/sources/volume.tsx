/** How much a source brought in the last seven days, as small bars that say their figures on demand. */
import { Tooltip } from '@mantine/core'
import { dayWords, None } from '../../kit/index.ts'
import classes from './sources.module.css'
import type { Source } from './types.ts'
import { cameWords, lastDays, rowWords, sumOf } from './words.ts'

export function Volume({ source, timeZone }: { source: Pick<Source, 'days'>; timeZone: string }) {
  const days = lastDays(source.days, timeZone)
  const sums = sumOf(days)
  if (sums.accepted + sums.rejected === 0) return <None />
  const most = Math.max(1, ...days.map(({ accepted, rejected }) => accepted + rejected))
  // What came at all is seen: a day of few rows has a bar too.
  const height = (rows: number) => (rows === 0 ? '0' : `max(2px, ${(rows / most) * 100}%)`)
  const lines = days.filter(({ accepted, rejected }) => accepted + rejected > 0).map((day) => `${dayWords(day.day, undefined)}: ${cameWords(day)}`)
  return (
    <Tooltip label={lines.join('\n')} events={{ hover: true, focus: true, touch: true }} className={classes.lines ?? ''}>
      <div className={classes.volume}>
        <div className={classes.spark} role="img" aria-label={`In the last 7 days ${cameWords(sums)}`}>
          {days.map(({ day, accepted, rejected }) => (
            <span key={day} className={classes.day}>
              <span className={classes.rejected} style={{ height: height(rejected) }} />
              <span className={classes.accepted} style={{ height: height(accepted) }} />
            </span>
          ))}
        </div>
        <span className={classes.rows}>{rowWords(sums.accepted)}</span>
      </div>
    </Tooltip>
  )
}
