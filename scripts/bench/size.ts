import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { row } from './table.ts'

const DIST = resolve(import.meta.dirname, '../../dist')

const megabytes = (files: readonly string[]): string => {
  const bytes = files.reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0)
  return `${(bytes / 1e6).toFixed(2)} MB`
}

/** Measures the JavaScript that every run loads, and all that is shipped. */
export const benchSize = (): void => {
  const scripts = readdirSync(DIST).filter((file) => file.endsWith('.js'))
  row('loaded at start', megabytes(['index.js']), 'at most 0.7 MB')
  row('all JavaScript, unminified', megabytes(scripts), 'at most 1.5 MB')
}
