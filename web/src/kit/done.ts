/** A short word that something worked; it goes away by itself. What failed is told where it failed, not here. */
import { notifications } from '@mantine/notifications'

export function done(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4000, withBorder: true, closeButtonProps: { 'aria-label': 'Dismiss' } })
}
