import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const NCC = resolve(ROOT, 'node_modules/@vercel/ncc/dist/ncc/cli.js')

/**
 * Builds the action's bundle with ncc, in place of whatever `out` held. Throws, and leaves `out`
 * alone, when it does not build, and when the bundle misses a module: ncc itself then ends well, and
 * the bundle dies on the runner.
 */
export const build = (out: string): void => {
  const fresh = mkdtempSync(join(ROOT, 'node_modules/.dist-'))
  const options = ['--no-cache', '--quiet', '--license', 'licenses.txt']
  execFileSync(process.execPath, [NCC, 'build', 'src/main.ts', '--out', fresh, ...options], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  for (const file of readdirSync(fresh)) {
    if (readFileSync(join(fresh, file), 'utf8').includes('webpackMissingModule')) {
      throw new Error(`${file} misses a module (webpackMissingModule)`)
    }
  }
  rmSync(out, { recursive: true, force: true })
  renameSync(fresh, out)
}

if (import.meta.main) build(join(ROOT, 'dist'))
