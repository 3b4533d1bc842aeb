/** Types of columns that several tables have. Types only. */
import type { ColumnType, JSONColumnType } from 'kysely'

export type Timestamp = ColumnType<Date, Date | string, Date | string>
export type DefaultedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>
export type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** bigint columns arrive as text in one engine and number in the other: open.ts makes both numbers (all stay below 2^53). */
export type Json<T extends object = Record<string, unknown>> = JSONColumnType<T, string | undefined, string>
export type NullableJson = JSONColumnType<Record<string, unknown> | null, string | null | undefined, string | null>
