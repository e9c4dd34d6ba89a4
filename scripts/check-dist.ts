import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from './build.ts'

// Builds the source and checks that the committed bundle has exactly the same files and bytes.
const committed = resolve(import.meta.dirname, '../dist')
const fresh = mkdtempSync(join(tmpdir(), 'check-dist-'))
try {
  build(fresh)
  const files = new Set([...readdirSync(committed), ...readdirSync(fresh)])
  const read = (folder: string, file: string): string => {
    try {
      return readFileSync(join(folder, file), 'utf8')
    } catch {
      return ''
    }
  }
  const stale = [...files].filter((file) => read(committed, file) !== read(fresh, file))
  if (stale.length > 0) {
    console.error(`dist does not match the source: ${stale.join(', ')}\nRun: npm run build`)
    process.exitCode = 1
  } else {
    console.log(`dist matches the source (${files.size} files)`)
  }
} finally {
  rmSync(fresh, { recursive: true })
}
