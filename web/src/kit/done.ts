/** A short word that something worked; it goes away by itself. What failed is told where it failed, not here. */
import { notifications } from '@mantine/notifications'

export function done(message: string): void {
  // Polite: nobody has to act on it, so it waits until the screen reader is done.
  notifications.show({ message, role: 'status', color: 'teal', autoClose: 4000, withBorder: true, closeButtonProps: { 'aria-label': 'Dismiss' } })
}
