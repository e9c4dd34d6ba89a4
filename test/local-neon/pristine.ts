import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

/** The role that the API shows as the owner of every database: Neon's default. */
export const ownerRole = 'neondb_owner'

/** A snapshot of a Postgres data directory, as a tar archive. */
export type Image = Blob

let pristine: Promise<Image> | undefined
let engine: Promise<WebAssembly.Module> | undefined

/**
 * One connection and a few rows need little memory. Postgres clears its buffers at startup, and the
 * default of 128 MB takes longer than the rest of the startup.
 */
const startParams = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=8MB', 'wal_buffers=64kB', 'max_connections=4'].flatMap((one) => ['-c', one]),
]

const initDbStartParams = ['--wal-segsize=1', '--set', 'shared_buffers=8MB']

const setUpStatements = [
  `CREATE ROLE ${ownerRole} SUPERUSER LOGIN`,
  // Nobody creates databases from the templates, and the image is half the size without them.
  'UPDATE pg_database SET datistemplate = false',
  'DROP DATABASE template0',
  'DROP DATABASE template1',
]

/**
 * Returns an initialized, empty data directory. Initializing takes Postgres a few seconds and blocks
 * this process. Starting from an image takes a tenth of that. So the image is cached in node_modules,
 * for each version of PGlite and each way to initialize it.
 */
export function pristineImage(): Promise<Image> {
  pristine ??= load()
  return pristine
}

/** Starts a Postgres on a copy of an image. Compiles the engine once for all instances of this process. */
export async function startPostgres(image: Image): Promise<PGlite> {
  engine ??= compile()
  return PGlite.create({ loadDataDir: image, startParams, pgliteWasmModule: await engine })
}

async function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(join(packageFolder(), 'dist', 'pglite.wasm')))
}

async function load(): Promise<Image> {
  const file = await cacheFile()
  try {
    // Read the whole file: a blob backed by the file would break if another process replaced it.
    return new Blob([await readFile(file)])
  } catch {
    const image = await initialize()
    await cacheImage(image, file)
    return image
  }
}

async function initialize(): Promise<Image> {
  const postgres = await PGlite.create({ startParams, initDbStartParams })
  for (const statement of setUpStatements) await postgres.exec(statement)
  const image = await postgres.dumpDataDir('none')
  await postgres.close()
  return image
}

function packageFolder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')))
}

async function cacheFile(): Promise<string> {
  const manifest = await readFile(join(packageFolder(), 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const recipe = JSON.stringify([startParams, initDbStartParams, setUpStatements])
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 8)
  const modules = dirname(dirname(packageFolder()))
  return join(modules, '.cache', 'local-neon', `${version}-${hash}.tar`)
}

async function cacheImage(image: Image, file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    // Rename the file into place, so that another process never reads a half-written image.
    const unfinished = `${file}.${process.pid}`
    await writeFile(unfinished, new Uint8Array(await image.arrayBuffer()))
    await rename(unfinished, file)
  } catch {
    // The cache only saves time. Without it, each process creates its own image.
  }
}
