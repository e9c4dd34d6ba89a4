import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { row } from './table.ts'

const DIST = resolve(import.meta.dirname, '../../dist')

/** The maximum sizes of the JavaScript that every run loads at start, and of all JavaScript in `dist`, in bytes. */
export const LIMITS = { start: 650_000, all: 1_400_000 } as const

const bytesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0)

/** Returns the sizes of the JavaScript that every run loads at start, and of all JavaScript in `dist`, in bytes. */
export const sizes = (): Record<keyof typeof LIMITS, number> => ({
  start: bytesOf(['index.js']),
  all: bytesOf(readdirSync(DIST).filter((file) => file.endsWith('.js'))),
})

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`

const target = (bytes: number): string => `at most ${bytes / 1e6} MB`

/** Prints the sizes of the JavaScript in `dist`. */
export const benchSize = (): void => {
  const { start, all } = sizes()
  row('loaded at start', megabytes(start), target(LIMITS.start))
  row('all JavaScript, unminified', megabytes(all), target(LIMITS.all))
}
