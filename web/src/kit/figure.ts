/** Whole numbers as people read them. */

/** "12,345"; an en dash where nothing is known. */
export const figure = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en'))
