/** A form whose faults the page and the server tell at their fields, instead of the browser's own bubbles. */
import type { ReactNode } from 'react'

export function Form({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}
