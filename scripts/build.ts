import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { withoutComments } from './bundle/without-comments.ts'
import { licenses } from './licenses.ts'

const ROOT = resolve(import.meta.dirname, '..')
const NCC = resolve(ROOT, 'node_modules/@vercel/ncc/dist/ncc/cli.js')
const REPLACE = pathToFileURL(resolve(import.meta.dirname, 'bundle/replace.ts')).href

/** Escapes non-ASCII characters. Node loads a pure ASCII script faster and stores it in half the memory. */
const toAscii = (script: string): string =>
  script.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const bundle = (dist: string, stats: string): void => {
  const args = [
    '--import',
    REPLACE,
    NCC,
    'build',
    'src/main.ts',
    '--out',
    dist,
    '--no-cache',
    '--quiet',
    '--stats-out',
    stats,
  ]
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
  for (const file of readdirSync(dist)) {
    const text = readFileSync(join(dist, file), 'utf8')
    if (text.includes('webpackMissingModule')) {
      throw new Error(`${file} lacks a module (webpackMissingModule)`)
    }
    writeFileSync(join(dist, file), toAscii(withoutComments(text)))
  }
}

/**
 * Builds the action's bundle with ncc and replaces the content of `out`. If the build fails or the bundle
 * lacks a module, throws and leaves `out` unchanged. ncc itself succeeds without a module, but the bundle
 * then crashes on the runner.
 */
export const build = (out: string): void => {
  const temp = mkdtempSync(join(tmpdir(), 'build-'))
  try {
    const dist = join(temp, 'dist')
    const stats = join(temp, 'stats.json')
    bundle(dist, stats)
    writeFileSync(join(dist, 'licenses.txt'), licenses(JSON.parse(readFileSync(stats, 'utf8'))))
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out)
    cpSync(dist, out, { recursive: true })
  } finally {
    rmSync(temp, { recursive: true })
  }
}

if (import.meta.main) build(join(ROOT, 'dist'))
