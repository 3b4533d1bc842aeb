/** A QR code as SVG. Always dark on white, in a dark page too: cameras read nothing else well. */
import { encode } from 'uqr'
import classes from './security.module.css'

interface QrCodeProps {
  readonly text: string
  readonly label: string
  readonly size: number
}

export function QrCode({ text, label, size }: QrCodeProps) {
  const { data, size: modules } = encode(text, { ecc: 'M', border: 4 })
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : [])))
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${modules} ${modules}`} shapeRendering="crispEdges" className={classes.qr}>
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
